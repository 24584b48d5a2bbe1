/** Codes of {@link ApiError}: what a screen may do about it. */
export const API_ERROR_CODES = [
  /** No answer: the network or the server is gone. */
  "UNREACHABLE",
  /** Nobody is signed in, or the session has ended. */
  "UNAUTHENTICATED",
  /** Signed in, but this is for other roles. */
  "FORBIDDEN",
  /** The server answered that something is wrong. */
  "FAILED",
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** A call that gave no result. `requestId` is what a person reads out on the telephone. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly requestId: string | null;

  constructor(code: ApiErrorCode, requestId: string | null, options: { message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.requestId = requestId;
  }
}

/** A call to `/graphql`. */
export interface ApiCall {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Session token of one pane; without it the session cookie speaks, and only then may a cookie be set. */
  readonly token?: string | null;
  readonly signal?: AbortSignal;
  /** Leaves cookies alone although no token is given (demo sign-in of a pane). */
  readonly anonymous?: boolean;
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * Asks the public API.
 * @throws ApiError
 */
export async function callApi<Result>(call: ApiCall): Promise<Result> {
  const { token = null, anonymous = false } = call;
  let response: Response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      credentials: token !== null || anonymous ? "omit" : "same-origin",
      headers: {
        "content-type": "application/json",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: call.query, variables: call.variables ?? {} }),
      ...(call.signal ? { signal: call.signal } : {}),
    });
  } catch (cause) {
    throw new ApiError("UNREACHABLE", null, { message: "the server cannot be reached", cause });
  }
  const requestId = response.headers.get("x-request-id");
  let answer: Answer<Result>;
  try {
    answer = (await response.json()) as Answer<Result>;
  } catch (cause) {
    throw new ApiError("FAILED", requestId, { message: `the server answered ${response.status}`, cause });
  }
  const [error] = answer.errors ?? [];
  if (error || answer.data === undefined || answer.data === null) {
    throw new ApiError(codeOf(error?.extensions?.code), requestId, { message: error?.message ?? "empty answer" });
  }
  return answer.data;
}

function codeOf(code: string | undefined): ApiErrorCode {
  if (code === "UNAUTHENTICATED") return "UNAUTHENTICATED";
  if (code === "FORBIDDEN" || code === "NOT_ALLOWED") return "FORBIDDEN";
  return "FAILED";
}
