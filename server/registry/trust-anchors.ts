import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The authorities a verifier trusts, DER, from the `*.cer` files of `directory` in order of name. A missing directory
 * means no authority is trusted yet.
 * @throws Error when the directory or a file cannot be read
 */
export function loadTrustAnchors(directory: string): Uint8Array[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith(".cer"))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(directory, name))));
}
