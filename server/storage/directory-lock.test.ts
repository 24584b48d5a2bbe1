import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StorageError } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";

describe("lockDirectory", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "notte-lock-"));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const holder = (): Promise<string> => readFile(path.join(directory, "lock"), "utf8");

  it("lets one in, tells the other who is in, and lets it in afterwards", async () => {
    const unlock = await lockDirectory(directory);
    const refused = await lockDirectory(directory).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StorageError);
    expect((refused as StorageError).code).toBe("LOCKED");
    expect((refused as StorageError).message).toContain(`process ${process.pid}`);
    await unlock();
    await (await lockDirectory(directory))();
  });

  it("takes over from a process that is gone", async () => {
    const child = spawn("true");
    await new Promise((resolve) => child.on("exit", resolve));
    await writeFile(path.join(directory, "lock"), `${child.pid} 12345\n`);
    const unlock = await lockDirectory(directory);
    expect(await holder()).toContain(`${process.pid} `);
    await unlock();
  });

  it("takes over when the process id was given to somebody else", async () => {
    await writeFile(path.join(directory, "lock"), `${process.pid} 1\n`);
    const unlock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow("in use");
    await unlock();
  });

  it("lets exactly one of many in", async () => {
    await writeFile(path.join(directory, "lock"), "garbage\n");
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    expect(tries.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
  });
});
