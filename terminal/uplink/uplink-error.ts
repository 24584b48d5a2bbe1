import type { FailureKind } from "../session/events.ts";

export const UPLINK_ERRORS = {
  /** No way to the server: nothing was sent. */
  UNREACHABLE: "transient",
  /** The server has too much to do (503): nothing was taken. */
  OVERLOADED: "transient",
  /** No answer in time: it may have been taken. */
  TIMEOUT: "ambiguous",
  /** The connection broke after sending: it may have been taken. */
  BROKEN: "ambiguous",
  /** The server failed (5xx, masked GraphQL error): it may have been taken. */
  SERVER: "ambiguous",
  /** Something answered that is not our server. */
  BAD_ANSWER: "ambiguous",
  /** The server does not know this terminal or its token. */
  UNAUTHENTICATED: "permanent",
  /** The server knows this terminal and has stopped it. */
  FORBIDDEN: "permanent",
  /** The request itself is wrong: sending it again changes nothing. */
  BAD_REQUEST: "permanent",
} as const satisfies Record<string, FailureKind>;
export type UplinkErrorCode = keyof typeof UPLINK_ERRORS;

/** A call that brought no answer. The class follows from the code alone, never from the text. */
export class UplinkError extends Error {
  override readonly name = "UplinkError";
  readonly code: UplinkErrorCode;
  /** Milliseconds after which the server asks to be tried again, or null. */
  readonly retryAfterMs: number | null;
  constructor(code: UplinkErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
  get kind(): FailureKind {
    return UPLINK_ERRORS[this.code];
  }
}

/** Codes of the operating system and of undici that say that no byte of the request can have been taken. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What a thrown fetch means. */
export function fromFetchFailure(cause: unknown): UplinkError {
  if (cause instanceof UplinkError) return cause;
  const { name, code } = cause as { name?: string; code?: unknown };
  if (name === "TimeoutError" || name === "AbortError")
    return new UplinkError("TIMEOUT", "no answer in time", { cause });
  const found = codeOf(cause) ?? (typeof code === "string" ? code : null);
  if (found !== null && NEVER_SENT.has(found)) {
    return new UplinkError("UNREACHABLE", `the server cannot be reached (${found})`, { cause });
  }
  return new UplinkError("BROKEN", "the connection broke", { cause });
}

function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at && depth < 5; depth += 1) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
    if (typeof code === "string") return code;
    at = cause ?? errors?.[0];
  }
  return null;
}

/** What an HTTP answer without usable data means. `code` is `extensions.code` of the first GraphQL error, if any. */
export function fromAnswer(status: number, code: string | null, retryAfterS: number | null): UplinkError {
  const retryAfterMs = retryAfterS === null ? {} : { retryAfterMs: retryAfterS * 1000 };
  if (status === 503 || code === "OVERLOADED") return new UplinkError("OVERLOADED", "the server is busy", retryAfterMs);
  if (status === 429) return new UplinkError("OVERLOADED", "the server asks to slow down", retryAfterMs);
  if (status === 401 || code === "UNAUTHENTICATED")
    return new UplinkError("UNAUTHENTICATED", "the terminal is unknown");
  if (status === 403 || code === "FORBIDDEN") return new UplinkError("FORBIDDEN", "the terminal may not do this");
  if (status >= 500 || code === "INTERNAL_SERVER_ERROR")
    return new UplinkError("SERVER", `the server failed (${status})`);
  if (code !== null || status >= 400)
    return new UplinkError("BAD_REQUEST", `the request is refused (${code ?? status})`);
  return new UplinkError("BAD_ANSWER", `not an answer of the server (${status})`);
}
