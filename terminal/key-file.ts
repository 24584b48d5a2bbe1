import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { closeToOthers, makePrivateDirectory } from "./private-files.ts";
import { readTerminalKey } from "./uplink/terminal-token.ts";

/** The terminal's own key. */
export interface TerminalKeyFile {
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo (DER, base64), as `enrolFleet` takes it. */
  readonly publicKeyBase64: string;
  /** True when it was made just now. */
  readonly isNew: boolean;
}

/**
 * Reads the terminal's Ed25519 key, or makes it (mode 0600) when there is none.
 * @throws Error of the file system, or TypeError when the file holds another kind of key
 */
export function openKeyFile(file: string): TerminalKeyFile {
  const found = readIfThere(file);
  const key = found === null ? generateKeyPairSync("ed25519").privateKey : readTerminalKey(found);
  if (found === null) {
    makePrivateDirectory(dirname(file));
    // "wx": two first starts at once must not overwrite each other's key.
    writeFileSync(file, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
    closeToOthers(file);
  }
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return { key, publicKeyBase64: spki.toString("base64"), isNew: found === null };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
