import type { z } from "zod";
import {
  cancelRideAnswer,
  OPERATIONS,
  openRideAnswer,
  presentRideAnswer,
  probeAnswer,
  recordRidesAnswer,
  reverseRideAnswer,
  terminalPackAnswer,
} from "./answers.ts";
import { openRideInput, presentedInput, rideInput } from "./ride-input.ts";
import type { TerminalTokens } from "./terminal-token.ts";
import type { SimpleAnswer, Uplink } from "./uplink.ts";
import { fromAnswer, fromFetchFailure, UplinkError } from "./uplink-error.ts";

/** Answers longer than this are not ours. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** How long each kind of call may take, in ms. The cab itself waits one second for a person (session/state.ts). */
const TIMEOUT_MS = { openRide: 5_000, recordRides: 10_000, terminalPack: 10_000, other: 5_000 } as const;

/** What the uplink is made of. */
export interface GraphqlUplinkOptions {
  /** e.g. `http://localhost:4000` */
  readonly serverUrl: string;
  readonly municipality: string;
  readonly tokens: TerminalTokens;
  /** The clock rides are timed by, epoch ms. */
  readonly clock: () => number;
  /** Injected so that a simulated cab can cut its own network; keeps connections alive by itself. */
  readonly fetch: typeof fetch;
  /** Told when the server refuses the token, with its HTTP date minus this machine's clock, ms. */
  readonly onRefused?: (dateSkewMs: number) => void;
}

/** The uplink over GraphQL. */
export function createGraphqlUplink(options: GraphqlUplinkOptions): Uplink {
  const url = new URL("/graphql", options.serverUrl);
  let skewMs = 0;

  async function post(body: string, timeoutMs: number): Promise<Response> {
    const token = await options.tokens.current();
    try {
      return await options.fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Terminal ${token}` },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw fromFetchFailure(cause);
    }
  }

  async function call<T extends z.ZodType>(
    name: keyof typeof OPERATIONS,
    { variables, shape, timeoutMs }: { variables: object; shape: T; timeoutMs: number },
  ): Promise<z.output<T>> {
    const answer = await post(JSON.stringify({ query: OPERATIONS[name], variables }), timeoutMs);
    const body = await readBody(answer);
    const code = errorCode(body);
    if (!answer.ok || code !== null) {
      const error = fromAnswer(answer.status, code, retryAfter(answer));
      if (error.code === "UNAUTHENTICATED") refused(answer);
      throw error;
    }
    const parsed = shape.safeParse((body as { data?: unknown } | null)?.data);
    if (!parsed.success)
      throw new UplinkError("BAD_ANSWER", `the answer to ${name} has another form`, { cause: parsed.error });
    return parsed.data;
  }

  function refused(answer: Response): void {
    options.tokens.forget();
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (Number.isFinite(date)) options.onRefused?.(date - options.clock());
  }

  const simple = (answer: { ok: boolean; error: { code: string } | null }): SimpleAnswer => ({
    ok: answer.ok,
    errorCode: answer.error?.code ?? null,
  });

  return {
    get skewMs() {
      return skewMs;
    },
    async openRide(ride, touch, companions) {
      const input = openRideInput(ride, touch, companions);
      const { openRide } = await call("openRide", {
        variables: { input },
        shape: openRideAnswer,
        timeoutMs: TIMEOUT_MS.openRide,
      });
      const { error, ...standing } = openRide;
      return {
        standing: { source: "server", asOfMs: options.clock(), ...standing },
        inputError: error?.code ?? null,
      };
    },
    async recordRides(requests) {
      const input = requests.map(({ ride, presented }) => rideInput(ride, presented));
      const { recordRides } = await call("recordRides", {
        variables: { input },
        shape: recordRidesAnswer,
        timeoutMs: TIMEOUT_MS.recordRides,
      });
      const { outcomes, receipt } = recordRides;
      return {
        outcomes: outcomes.map(({ error, decision, ...outcome }) => ({
          ...outcome,
          decision,
          riderLimits: decision?.riders.map((rider) => rider.limits) ?? [],
          errorCode: error?.code ?? null,
        })),
        receipt: receipt ? { digest: receipt.digest, body: receipt } : null,
      };
    },
    async presentRide(ride) {
      const input = { rideId: ride.rideId, presented: presentedInput(ride) };
      const answer = await call("presentRide", {
        variables: { input },
        shape: presentRideAnswer,
        timeoutMs: TIMEOUT_MS.other,
      });
      return simple(answer.presentRide);
    },
    async cancelRide(rideId, reason) {
      const answer = await call("cancelRide", {
        variables: { input: { rideId, reason } },
        shape: cancelRideAnswer,
        timeoutMs: TIMEOUT_MS.other,
      });
      return simple(answer.cancelRide);
    },
    async reverseRide({ rideId, rideKey, reason, undoneAtMs }) {
      const ride = rideKey === null ? { rideId } : { rideKey };
      const answer = await call("reverseRide", {
        variables: { input: { municipality: options.municipality, ...ride, reason, undoneAt: undoneAtMs } },
        shape: reverseRideAnswer,
        timeoutMs: TIMEOUT_MS.other,
      });
      return simple(answer.reverseRide);
    },
    async terminalPack() {
      const askedAtMs = options.clock();
      const { terminalPack: pack } = await call("terminalPack", {
        variables: {},
        shape: terminalPackAnswer,
        timeoutMs: TIMEOUT_MS.terminalPack,
      });
      skewMs = Math.round(pack.serverTime - (askedAtMs + options.clock()) / 2);
      const { municipality, ...rest } = pack;
      const sealingKey = { keyId: municipality.verifierKeyId, spki: municipality.verifierSealingKey };
      return { ...rest, municipality: municipality.id, sealingKey };
    },
    async probe() {
      const { viewer } = await call("probe", { variables: {}, shape: probeAnswer, timeoutMs: TIMEOUT_MS.other });
      if (viewer.kind === "TERMINAL") return;
      if (viewer.kind === "STOPPED_TERMINAL") throw new UplinkError("FORBIDDEN", "the terminal is stopped");
      options.tokens.forget();
      throw new UplinkError("UNAUTHENTICATED", "the server does not know this terminal");
    },
  };
}

async function readBody(answer: Response): Promise<unknown> {
  const length = Number(answer.headers.get("content-length") ?? 0);
  if (length > MAX_ANSWER_BYTES) throw new UplinkError("BAD_ANSWER", "the answer is too long");
  try {
    return JSON.parse(await answer.text());
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw fromFetchFailure(cause);
  }
}

/** `extensions.code` of the first GraphQL error; a text code when there is none; null without errors. */
function errorCode(body: unknown): string | null {
  const errors = (body as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const code = (errors[0] as { extensions?: { code?: unknown } }).extensions?.code;
  return typeof code === "string" ? code : "INTERNAL_SERVER_ERROR";
}

function retryAfter(answer: Response): number | null {
  const seconds = Number(answer.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) : null;
}
