import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchReader } from "#tests/kit/reader-events.ts";
import { createPcscReader } from "./pcsc-reader.ts";
import type { ReaderPort } from "./reader.ts";

/** How the reader port lives with a binding that misbehaves; its process is replaced by a few lines. */
let directory: string;
let reader: ReaderPort | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "notte-worker-"));
});
afterEach(async () => {
  await reader?.close();
  rmSync(directory, { recursive: true });
});

/** A reader port over a worker of this source; every start leaves a line in `starts`. */
function readerOver(source: string, times: Parameters<typeof createPcscReader>[0] = {}) {
  const file = join(directory, "worker.mjs");
  const log = join(directory, "starts");
  writeFileSync(log, "");
  writeFileSync(
    file,
    `import { appendFileSync } from "node:fs";\nappendFileSync(${JSON.stringify(log)}, "x");\n${TELL}${source}`,
  );
  reader = createPcscReader({ restartMs: 50, ...times }, pathToFileURL(file));
  return { watch: watchReader(reader), starts: () => readFileSync(log, "utf8").length };
}
/** A port that closes meanwhile is no error of the worker's. */
const TELL = "const tell = (notice, then = () => undefined) => process.connected && process.send(notice, then);\n";
const STAY = 'process.on("disconnect", () => process.exit(0));\n';
const CRASH = 'process.kill(process.pid, "SIGSEGV");';
const READER_AND_CARD = `${STAY}
  tell({ kind: "watching" });
  tell({ kind: "readers", names: ["a reader"] });
  tell({ kind: "laid", laying: 1 });
`;

describe("PC/SC reader port", () => {
  it("says that the binding is not installed, and does not try again", async () => {
    const source = 'tell({ kind: "unusable", why: "no-module", detail: "" }, () => process.exit(0));';
    const { watch, starts } = readerOver(source);
    expect((await watch.next("absent")).reason).toContain("npm ci");
    await wait(600);
    expect(starts()).toBe(1);
    expect(watch.events).toHaveLength(1);
  });

  it("finds out that the binding cannot be loaded", async () => {
    // The real process, whose package is not there.
    const source = readFileSync(fileURLToPath(new URL("./pcsc-worker.ts", import.meta.url)), "utf8");
    const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
    const moved = source
      .replace("#protocol/bytes.ts", here("../../protocol/bytes.ts"))
      .replace("./pcsc-messages.ts", here("./pcsc-messages.ts"))
      .replaceAll('"pcsclite"', '"pcsclite-that-is-not-there"');
    expect(moved).toContain("pcsclite-that-is-not-there");
    writeFileSync(join(directory, "worker.mts"), moved);
    reader = createPcscReader({}, pathToFileURL(join(directory, "worker.mts")));
    expect((await watchReader(reader).next("absent")).reason).toContain("binding is not installed");
  });

  it("tells a crashing binding once, and keeps starting it", async () => {
    const { watch, starts } = readerOver(CRASH);
    await watch.next("absent");
    await expect.poll(starts, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(watch.events).toHaveLength(1);
  });

  it("ends an exchange that nobody answers, and starts over", async () => {
    const { watch, starts } = readerOver(READER_AND_CARD, { exchangeMs: 200 });
    const { channel } = await watch.next("card-laid");
    await expect(channel.exchange(Uint8Array.of(0, 0xb0, 0, 0))).rejects.toMatchObject({ code: "TIMEOUT" });
    expect((await watch.next("card-lifted")).cardNumber).toBe(1);
    expect((await watch.next("card-laid")).cardNumber).toBe(2);
    expect(starts()).toBe(2);
  });

  it("fails the exchange under way when the binding dies", async () => {
    const { watch } = readerOver(`${READER_AND_CARD} process.on("message", () => { ${CRASH} });`);
    const { channel } = await watch.next("card-laid");
    await expect(channel.exchange(Uint8Array.of(0, 0xb0, 0, 0))).rejects.toMatchObject({ code: "READER_GONE" });
    await watch.next("absent");
    await watch.next("ready");
  });

  it("starts a binding anew that stalls before it watches", async () => {
    const { watch, starts } = readerOver(`${STAY} setInterval(() => undefined, 1000);`, { startMs: 2_000 });
    expect((await watch.next("absent")).reason).toContain("does not answer");
    await expect.poll(starts, { timeout: 30_000 }).toBeGreaterThan(1);
  });

  it("starts a binding anew that sees no reader for long: it may have missed one", async () => {
    const source = `${STAY} tell({ kind: "watching" }); tell({ kind: "readers", names: [] });`;
    const { watch, starts } = readerOver(source, { noReaderMs: 300 });
    expect((await watch.next("absent")).reason).toContain("no card reader");
    await expect.poll(starts, { timeout: 30_000 }).toBeGreaterThan(1);
    expect(watch.events).toHaveLength(1);
  });
});
