/** Why the public API gave no answer. */
export const API_ERROR_CODES = [
  /** No connection, or the connection broke before an answer. */
  "UNREACHABLE",
  /** The server is busy (503) and stayed so. */
  "OVERLOADED",
  /** HTTP or GraphQL refused the call as a whole: `serverCode` says why. */
  "REFUSED",
  /** The answer is not what the schema promises. */
  "BAD_ANSWER",
  /** The caller gave up (AbortSignal). */
  "ABORTED",
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** The public API could not be used. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  /** `extensions.code` of the server, or the HTTP status. */
  readonly serverCode: string | null;
  constructor(code: ApiErrorCode, message: string, options: { serverCode?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.serverCode = options.serverCode ?? null;
  }
}
