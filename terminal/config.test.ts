import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTerminalConfig } from "./config.ts";
import { openKeyFile } from "./key-file.ts";
import { createServerClock } from "./uplink/server-clock.ts";

const GOOD = { SERVER_URL: "https://notte.example", MUNICIPALITY: "city", TERMINAL_ID: "cab-1" };

describe("the terminal's settings", () => {
  it("have defaults for everything that can have one", () => {
    expect(readTerminalConfig(GOOD)).toEqual({
      ok: true,
      config: {
        serverUrl: "https://notte.example",
        municipality: "city",
        terminalId: "cab-1",
        kioskPort: 4100,
        keyFile: ".terminal/terminal-key.pem",
        journalFile: ".terminal/journal.sqlite",
        meter: "keypad",
        logLevel: "info",
      },
    });
  });

  it.each([
    [{ SERVER_URL: "ftp://x" }, /^SERVER_URL must be an http/],
    [{ MUNICIPALITY: "" }, /^MUNICIPALITY is missing/],
    [{ TERMINAL_ID: undefined }, /^TERMINAL_ID is missing/],
    [{ METER: "abacus" }, /^METER must be one of keypad/],
    [{ KIOSK_PORT: "70000" }, /^KIOSK_PORT /],
  ])("say in one sentence what is wrong with %o", (change, sentence) => {
    const read = readTerminalConfig({ ...GOOD, ...change });
    expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(sentence)]);
  });
});

describe("the terminal's key file", () => {
  it("is made once, for its owner alone, and another kind of key is refused", () => {
    const directory = mkdtempSync(join(tmpdir(), "notte-key-"));
    const file = join(directory, "deep", "key.pem");
    const made = openKeyFile(file);
    expect(made.isNew).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openKeyFile(file)).toMatchObject({ isNew: false, publicKeyBase64: made.publicKeyBase64 });
    expect(readFileSync(file, "utf8")).toContain("PRIVATE KEY");
    writeFileSync(file, "no key");
    expect(() => openKeyFile(file)).toThrow();
    rmSync(directory, { recursive: true });
  });
});

describe("the clock put right by the server's", () => {
  it("moves by what was measured, and leaves small differences alone", () => {
    const clock = createServerClock(() => 1_000_000, 0);
    clock.measured(1_500);
    expect(clock.now()).toBe(1_000_000);
    clock.measured(-90_000);
    expect(clock.now()).toBe(910_000);
    clock.refused(30_000);
    expect(clock.skewMs).toBe(-90_000);
    clock.refused(3_600_000);
    expect(clock.now()).toBe(4_510_000);
  });
});
