import type { Journal, OutboxItem } from "../journal/journal.ts";
import type { Uplink } from "./uplink.ts";
import { UplinkError } from "./uplink-error.ts";

/** Rides of one call. */
export const BATCH_RIDES = 100;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const REFUSED_PAUSE_MS = 30_000;
const PROBE_MS = 4_000;
const BARRED = "stopped";

/** What the uploader works with. */
export interface UploaderOptions {
  readonly journal: Journal;
  readonly uplink: Uplink;
  readonly clock: () => number;
  /** Uniform in [0, 1): spreads the attempts of many cabs. */
  readonly jitter: () => number;
  /** Called when the server is reached or lost, when it refuses the terminal, and when the number waiting changes. */
  readonly onState: (state: { readonly online: boolean; readonly stopped: boolean; readonly waiting: number }) => void;
  /** Called with an unexpected failure (a broken journal). */
  readonly onFault: (error: unknown) => void;
}

/** Says to the server what stands in the outbox, in order, for as long as it takes. */
export interface Uploader {
  start(): void;
  /** Something new stands in the outbox, or the network is back: do not wait any longer. */
  wake(): void;
  /** A call outside the outbox reached the server, or did not. */
  heard(reached: boolean): void;
  /** Resolves when the outbox is empty, or false after `timeoutMs`. */
  drained(timeoutMs: number): Promise<boolean>;
  /** Ends after the call under way. */
  stop(): Promise<void>;
}

/** Pause before the next attempt: doubles up to a bound, half of it random; a wish of the server is obeyed. */
export function backOffMs(failures: number, error: UplinkError, random: number): number {
  if (error.retryAfterMs !== null) return error.retryAfterMs + random * FIRST_PAUSE_MS;
  if (error.kind === "permanent") return REFUSED_PAUSE_MS * (0.5 + random / 2);
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, failures - 1));
  return pause * (0.5 + random / 2);
}

/** The uploader of one terminal. */
export function createUploader(options: UploaderOptions): Uploader {
  const { journal, uplink, clock, jitter } = options;
  let running: Promise<void> | null = null;
  let stopping = false;
  let failures = 0;
  /** The server said that it stopped this terminal: counts until it says otherwise, also without signal or after a restart. */
  let barred = journal.setting(BARRED) === "yes";
  let state = { online: false, stopped: barred, waiting: -1 };
  let wakeUp: () => void = () => {};
  let woken = false;

  function say(change: Partial<typeof state>): void {
    const next = { ...state, ...change, waiting: journal.counts().waiting };
    const changed = next.online !== state.online || next.stopped !== state.stopped || next.waiting !== state.waiting;
    state = next;
    if (changed) options.onState(state);
  }

  function bar(isBarred: boolean): void {
    if (barred === isBarred) return;
    barred = isBarred;
    try {
      journal.set(BARRED, isBarred ? "yes" : "no");
    } catch (error) {
      options.onFault(error);
    }
  }

  async function pause(ms: number): Promise<void> {
    if (stopping || woken) {
      woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wakeUp = () => {};
    woken = false;
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const items = journal.outbox(BATCH_RIDES, state.stopped ? "rides" : "all");
        if (items.length > 0) await sendSome(items);
        else {
          await uplink.probe();
          bar(false);
        }
        failures = 0;
        // Of a stopped terminal rides are still taken: only an answer to the probe says that it is free again.
        say({ online: true, stopped: state.stopped && items.length > 0 });
        if (items.length === 0) await pause(PROBE_MS);
      } catch (error) {
        if (!(error instanceof UplinkError)) {
          options.onFault(error);
          await pause(LONGEST_PAUSE_MS);
          continue;
        }
        failures += 1;
        const refused = error.code === "UNAUTHENTICATED" || error.code === "FORBIDDEN";
        if (error.code === "FORBIDDEN") bar(true);
        say({ online: refused, stopped: refused || barred });
        const idle = journal.outbox(1).length === 0 && !refused;
        await pause(idle ? PROBE_MS * (0.5 + jitter() / 2) : backOffMs(failures, error, jitter()));
      }
    }
  }

  async function sendSome(items: readonly OutboxItem[]): Promise<void> {
    const [first] = items;
    if (!first) return;
    if (first.kind !== "record") return sendOne(first);
    const rides: OutboxItem[] = [];
    for (const item of items) {
      if (item.kind !== "record") break;
      rides.push(item);
    }
    await sendRides(rides);
  }

  async function sendRides(items: readonly OutboxItem[]): Promise<void> {
    try {
      const { outcomes, receipt } = await uplink.recordRides(items.map(({ ride }) => ({ ride, presented: true })));
      const at = clock();
      // Settled last: whatever a power cut leaves unsettled is sent again, and answered again with all that goes with it.
      if (receipt) journal.keepReceipt(receipt.digest, receipt.body);
      for (const item of items) {
        const outcome = outcomes.find((candidate) => candidate.rideId === item.ride.rideId);
        if (!outcome) throw new UplinkError("BAD_ANSWER", "a ride has no outcome");
        if (outcome.status === "REJECTED" || outcome.status === "CONFLICT") {
          journal.failed([item.id], outcome.errorCode ?? outcome.status, { atMs: at, park: true });
          continue;
        }
        // The first sending may have been without what the passenger was shown; what is in quarantine came with it.
        if (outcome.replayed && outcome.status !== "QUARANTINED") journal.alsoPresent(item.ride.rideId, at);
        journal.settle([{ id: item.id, answer: outcome }], at);
      }
    } catch (error) {
      if (!(error instanceof UplinkError)) throw error;
      await refused(items, error);
    }
  }

  /** A batch the server will not take as a whole is sent ride by ride; one that stands alone is parked. */
  async function refused(items: readonly OutboxItem[], error: UplinkError): Promise<void> {
    const hopeless = error.code === "BAD_REQUEST";
    journal.failed(
      items.map((item) => item.id),
      error.code,
      { atMs: clock(), park: hopeless && items.length === 1 },
    );
    if (!hopeless) throw error;
    if (items.length > 1) for (const item of items) await sendRides([item]);
  }

  async function sendOne(item: OutboxItem): Promise<void> {
    try {
      const answer = await callOne(item);
      if (answer.ok || isOver(answer.errorCode)) journal.settle([{ id: item.id, answer: null }], clock());
      else journal.failed([item.id], answer.errorCode ?? "REFUSED", { atMs: clock(), park: true });
    } catch (error) {
      if (!(error instanceof UplinkError)) throw error;
      await refused([item], error);
    }
  }

  function callOne(item: OutboxItem) {
    const { kind, ride, rideKey, reason, madeAtMs: undoneAtMs } = item;
    if (kind === "present") return uplink.presentRide(ride);
    if (kind === "cancel") return uplink.cancelRide(ride.rideId, reason ?? "MISTAKE");
    return uplink.reverseRide({ rideId: ride.rideId, rideKey, reason: reason ?? "UNDONE", undoneAtMs });
  }

  function wake(): void {
    woken = true;
    wakeUp();
  }

  return {
    start() {
      if (barred) say({});
      running ??= run();
    },
    wake,
    heard(reached) {
      if (reached) failures = 0;
      if (reached !== state.online && !state.stopped) say({ online: reached });
      else say({});
      if (reached) wake();
    },
    async drained(timeoutMs) {
      const until = performance.now() + timeoutMs;
      wake();
      while (journal.outbox(1).length > 0) {
        if (performance.now() > until) return false;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return true;
    },
    async stop() {
      stopping = true;
      wakeUp();
      await running;
    },
  };
}

/** Nothing is left to be done: the ride was never heard of, is already recorded, or is already taken back. */
function isOver(code: string | null): boolean {
  return code === "UNKNOWN_RIDE" || code === "ALREADY_RECORDED" || code === "NOT_REVERSIBLE";
}
