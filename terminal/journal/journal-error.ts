export const JOURNAL_ERRORS = ["CORRUPT", "DISK_FULL", "LOCKED", "READ_ONLY", "FULL", "NEWER_VERSION", "IO"] as const;
export type JournalErrorCode = (typeof JOURNAL_ERRORS)[number];

/** The journal cannot do what it was asked; nothing that was asked for is half done. `code` decides, the text is for people. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly code: JournalErrorCode;
  constructor(code: JournalErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** SQLite's result codes by their beginning (sqlite.org/rescode.html). */
const BY_SQLITE_CODE: readonly (readonly [string, JournalErrorCode])[] = [
  ["SQLITE_CORRUPT", "CORRUPT"],
  ["SQLITE_NOTADB", "CORRUPT"],
  ["SQLITE_FULL", "DISK_FULL"],
  ["SQLITE_BUSY", "LOCKED"],
  ["SQLITE_LOCKED", "LOCKED"],
  ["SQLITE_READONLY", "READ_ONLY"],
];

/** Any failure of the journal's database as a coded error. */
export function toJournalError(cause: unknown): JournalError {
  if (cause instanceof JournalError) return cause;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const found = BY_SQLITE_CODE.find(([prefix]) => String(code).startsWith(prefix));
  return new JournalError(found?.[1] ?? "IO", `the journal failed: ${String(message)}`, cause);
}
