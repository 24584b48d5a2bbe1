import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoKeys, KeysError, productionKeys, writeKeys } from "./keys.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "notte-keys-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof KeysError ? error.code : String(error);
  }
  return "none";
};

describe("keys", () => {
  it("of a demo are made once, readable by their owner alone, and found again", () => {
    const first = demoKeys(directory);
    expect(statSync(join(directory, "keys.json")).mode & 0o777).toBe(0o600);
    const second = demoKeys(directory);
    expect(second.receipt.keyId).toBe(first.receipt.keyId);
    expect(second.verifier.publicKeySpki).toEqual(first.verifier.publicKeySpki);
    expect(second.token).toEqual(first.token);
  });
  it("of a demo are refused in production", () => {
    demoKeys(directory);
    expect(codeOf(() => productionKeys(directory))).toBe("DEMO_KEYS");
  });
  it("must be there in production", () => {
    expect(codeOf(() => productionKeys(directory))).toBe("MISSING");
  });
  it("made for production are taken there and never overwritten", () => {
    const made = writeKeys(directory, { demo: false });
    expect(productionKeys(directory).receipt.keyId).toBe(made.receipt.keyId);
    expect(codeOf(() => writeKeys(directory, { demo: false }))).toBe("UNREADABLE");
  });
  it("that are damaged are refused", () => {
    writeFileSync(join(directory, "keys.json"), "{}");
    expect(codeOf(() => demoKeys(directory))).toBe("UNREADABLE");
  });
  it.each([0o000, 0o022, 0o277])("and their directory are their owner's alone under umask %o", (mask) => {
    const umask = process.umask(mask);
    try {
      const made = join(directory, "keys");
      writeKeys(made, { demo: false });
      const modes = [made, join(made, "keys.json")].map((path) => (statSync(path).mode & 0o777).toString(8));
      expect(modes).toEqual(["700", "600"]);
    } finally {
      process.umask(umask);
    }
  });
});
