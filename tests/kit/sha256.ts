import { createHash } from "node:crypto";

/** SHA-256, for the pure parts that take it as an argument. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
