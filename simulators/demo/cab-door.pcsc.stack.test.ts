import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processesWith } from "#tests/kit/processes.ts";
import { openCabDoor } from "./cab-door.ts";

/** What the search for a reader leaves behind when it is given up: this test's pcscd and binding carry a mark. */
const MARK = "NOTTE_DOOR_TEST";
const mark = randomUUID();
const startedHere = (part: string): readonly string[] =>
  processesWith(MARK, mark)
    .map(({ command }) => command)
    .filter((command) => command.includes(part));

beforeAll(() => {
  process.env[MARK] = mark;
});
afterAll(() => {
  delete process.env[MARK];
});

describe("the cab's door", () => {
  it("reads through the service, and closes what it opened", async () => {
    const door = await openCabDoor("auto", new AbortController().signal);
    expect(door.note).toBeNull();
    expect(door.reader.technology).toBe("pcsc");
    expect(startedHere("pcsc-worker")).toHaveLength(1);
    await door.close();
    expect(startedHere("pcsc")).toEqual([]);
  });

  // Before the service, while it starts, while the binding loads, about ready.
  it.each([0, 30, 150, 500, 1_000])("leaves nothing behind when it is given up after %i ms", async (afterMs) => {
    const stop = new AbortController();
    const opening = openCabDoor("auto", stop.signal).then(
      (door) => door.close(),
      (error: unknown) => error,
    );
    await wait(afterMs);
    stop.abort();
    await opening;
    expect(startedHere("pcsc")).toEqual([]);
  });

  it("takes its service and its binding along when its process is killed", async () => {
    const program = `
      const { openCabDoor } = await import("#simulators/demo/cab-door.ts");
      const door = await openCabDoor("auto", new AbortController().signal);
      process.stdout.write(door.note ?? "ready");
      setInterval(() => undefined, 1000);
    `;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await expect.poll(() => said, { timeout: 30_000 }).toBe("ready");
    child.kill("SIGKILL");
    await expect.poll(() => startedHere("pcsc"), { timeout: 10_000 }).toEqual([]);
  });
});
