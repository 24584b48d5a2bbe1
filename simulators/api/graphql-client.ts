import { pause } from "../clock.ts";
import { ApiError } from "./api-error.ts";
import { httpPost } from "./http-post.ts";

/** A caller of the public GraphQL API over kept-alive connections. */
export interface GraphqlClient {
  /**
   * Sends one operation. Unreachable and overloaded servers are tried again for a while: everything the simulators
   * send is idempotent.
   * @throws ApiError
   */
  request<Data>(query: string, variables: unknown): Promise<Data>;
  /**
   * As `request`, and says when the server has taken the operation up: what is sent afterwards is decided afterwards. At
   * the latest that is when it has been answered.
   */
  requestInTurn<Data>(
    query: string,
    variables: unknown,
  ): { readonly taken: Promise<void>; readonly answer: Promise<Data> };
}

/** How a client reaches the server and speaks for somebody. */
export interface GraphqlClientOptions {
  /** Origin of the server, e.g. `http://localhost:4000`. */
  readonly serverUrl: string;
  /** Value of the Authorization header, asked before every call; null for nobody. */
  readonly authorization?: () => Promise<string | null>;
  /** Ends everything, also a call on the line. */
  readonly signal?: AbortSignal;
  /** Ends retries only: a call on the line is finished, so that its caller knows what became of it. */
  readonly lastCalls?: AbortSignal;
  /** How long to keep trying an unreachable or overloaded server. Default 30 s. */
  readonly retryForMs?: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

/** Makes a client. */
export function createGraphqlClient(options: GraphqlClientOptions): GraphqlClient {
  const url = new URL("/graphql", options.serverUrl);
  const retryForMs = options.retryForMs ?? 30_000;
  const send = async <Data>(query: string, variables: unknown, onTaken?: () => void): Promise<Data> => {
    const body = JSON.stringify({ query, variables });
    const giveUpAt = performance.now() + retryForMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      try {
        return await post<Data>({ url, body, onTaken }, options);
      } catch (error) {
        const again = error instanceof ApiError && (error.code === "UNREACHABLE" || error.code === "OVERLOADED");
        if (!again || options.lastCalls?.aborted || performance.now() + pauseMs > giveUpAt) throw error;
        if (!(await pause(pauseMs, options.signal ?? options.lastCalls)))
          throw new ApiError("ABORTED", "stopped while waiting to retry");
      }
    }
  };
  return {
    request: (query, variables) => send(query, variables),
    requestInTurn<Data>(query: string, variables: unknown) {
      let take = (): void => undefined;
      const taken = new Promise<void>((resolve) => {
        take = resolve;
      });
      const answer = send<Data>(query, variables, take);
      answer.then(take, take);
      return { taken, answer };
    },
  };
}

interface Envelope<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

interface Operation {
  readonly url: URL;
  readonly body: string;
  readonly onTaken: (() => void) | undefined;
}

async function post<Data>({ url, body, onTaken }: Operation, options: GraphqlClientOptions): Promise<Data> {
  const authorization = (await options.authorization?.()) ?? null;
  let status: number;
  let text: string;
  try {
    const { signal } = options;
    const headers = {
      "content-type": "application/json",
      ...(authorization ? { authorization } : {}),
      ...(onTaken ? { prefer: "processing" } : {}),
    };
    ({ status, text } = await httpPost({
      url,
      headers,
      body,
      ...(signal ? { signal } : {}),
      ...(onTaken ? { onProcessing: onTaken } : {}),
    }));
  } catch (cause) {
    if (options.signal?.aborted) throw new ApiError("ABORTED", "stopped", { cause });
    throw new ApiError("UNREACHABLE", `no answer from ${url.href}`, { cause });
  }
  if (status === 503) throw new ApiError("OVERLOADED", "the server is busy");
  const envelope = parse<Data>(text, status);
  const [first] = envelope.errors ?? [];
  if (first) {
    const serverCode = first.extensions?.code ?? String(status);
    throw new ApiError(serverCode === "OVERLOADED" ? "OVERLOADED" : "REFUSED", `${serverCode}: ${first.message}`, {
      serverCode,
    });
  }
  if (envelope.data == null) throw new ApiError("BAD_ANSWER", `HTTP ${status} without data`);
  return envelope.data;
}

function parse<Data>(text: string, status: number): Envelope<Data> {
  try {
    return JSON.parse(text) as Envelope<Data>;
  } catch (cause) {
    throw new ApiError("BAD_ANSWER", `HTTP ${status}: not JSON`, { serverCode: String(status), cause });
  }
}
