import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "./journal/journal.ts";
import { openKeyFile } from "./key-file.ts";

let root: string;
let umask: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "notte-private-"));
  umask = process.umask();
});
afterEach(() => {
  process.umask(umask);
  rmSync(root, { recursive: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("what a terminal keeps", () => {
  it.each([0o000, 0o022, 0o077, 0o277])("is its owner's alone under umask %o", (mask) => {
    process.umask(mask);
    const directory = join(root, "terminal");
    openKeyFile(join(directory, "terminal-key.pem"));
    const journal = new Journal(join(directory, "journal.sqlite"));
    journal.set("a", "b");
    expect(modeOf(directory)).toBe("700");
    const files = readdirSync(directory);
    expect(files).toContain("journal.sqlite-wal");
    expect(files.map((file) => [file, modeOf(join(directory, file))])).toEqual(files.map((file) => [file, "600"]));
    journal.close();
  });
  it("is closed to others when an earlier version left it open; a directory that was there stays as it is", () => {
    const directory = join(root, "shared");
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    const file = join(directory, "journal.sqlite");
    for (const path of [file, `${file}-shm`]) {
      writeFileSync(path, "");
      chmodSync(path, 0o644);
    }
    const journal = new Journal(file);
    expect([modeOf(directory), modeOf(file), modeOf(`${file}-shm`)]).toEqual(["755", "600", "600"]);
    journal.close();
  });
});
