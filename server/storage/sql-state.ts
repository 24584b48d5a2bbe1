import { StorageError, type StorageErrorCode } from "./database.ts";

const SERIALIZATION = new Set(["40001", "40P01", "55P03"]);
/** Shutting down, not yet up, too many connections, out of resources. */
const UNAVAILABLE = new Set(["57P01", "57P02", "57P03", "53300", "53400", "53100", "53200"]);
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH", "ENOENT"]);

/** What a SQLSTATE, or a socket's error code, means to a caller. */
export function storageErrorCode(state: string | undefined): StorageErrorCode {
  if (state === undefined) return "OTHER";
  if (SERIALIZATION.has(state)) return "SERIALIZATION";
  if (UNAVAILABLE.has(state) || NETWORK.has(state) || state.startsWith("08")) return "UNAVAILABLE";
  if (state.startsWith("23")) return "CONSTRAINT";
  return "OTHER";
}

/** Whatever a driver threw, as a StorageError with its code. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const lost = /connection terminated|not queryable|timeout exceeded when trying to connect|client has encountered/i;
  if (code === undefined && lost.test(message ?? "")) {
    return new StorageError("UNAVAILABLE", "the database cannot be reached", error);
  }
  return new StorageError(storageErrorCode(code), `database: ${message ?? String(error)}`, error);
}
