import type { KeyObject } from "node:crypto";
import type { Point } from "#domain/geo/point.ts";
import { minor } from "#domain/money/money.ts";
import { createAgent } from "#terminal/agent.ts";
import { jpkiDriver } from "#terminal/devices/jpki-driver.ts";
import type { MeterEvent, MeterPort, MeterReading } from "#terminal/devices/meter.ts";
import { Journal } from "#terminal/journal/journal.ts";
import type { SealingTarget } from "#terminal/seal-evidence.ts";
import type { RecordAnswer } from "#terminal/session/events.ts";
import type { SessionRules } from "#terminal/session/state.ts";
import { createGraphqlUplink } from "#terminal/uplink/graphql-uplink.ts";
import { createTerminalTokens } from "#terminal/uplink/terminal-token.ts";
import type { Uplink } from "#terminal/uplink/uplink.ts";
import { createInProcessReader } from "../card/in-process-reader.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import { type Clock, createVirtualClock, type VirtualClock } from "../clock.ts";
import type { Random } from "../random.ts";

/** How a trip ended at the server, as its terminal heard it. */
export type TripAnswer =
  | { readonly kind: "recorded" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "quarantined"; readonly code: string }
  | { readonly kind: "rejected"; readonly code: string };

/** What a terminal drives. */
export interface Drive {
  readonly card: VirtualCard;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly from: Point | null;
  readonly to: Point | null;
  readonly fareMinor: number;
  readonly distanceM: number | null;
}

/** A cab's terminal with simulated reader and meter on a clock of its own, which stands at the time of the trip. */
export interface TripTerminal {
  /** One trip after the other. */
  drive(trip: Drive): Promise<TripAnswer>;
  stop(): Promise<void>;
}

/** What a terminal is made of. */
export interface TripTerminalOptions {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly terminalId: string;
  readonly key: KeyObject;
  readonly rules: SessionRules;
  readonly sealing: SealingTarget;
  /** The real clock, for tokens only. */
  readonly now: Clock;
  readonly startMs: number;
  readonly random: Random;
}

/** A terminal did not come to an end with a trip: a fault of the program, never of a row. */
export class TripTerminalError extends Error {
  override readonly name = "TripTerminalError";
}

/** Codes of trips the terminal itself would not send. */
const NO_FARE = "NO_FARE_ON_METER";
const BEYOND_BELIEF = "FARE_BEYOND_BELIEF";

/** Trips after which a terminal begins a new shift with an empty journal: an old one is slower to count. */
const TRIPS_A_SHIFT = 25;

/** A terminal whose clock goes on from shift to shift. */
export function createTripTerminal(options: TripTerminalOptions): TripTerminal {
  const clock = createVirtualClock(options.startMs);
  let shift = createShift(options, clock);
  let trips = 0;
  return {
    async drive(trip) {
      if (trips >= TRIPS_A_SHIFT) {
        await shift.stop();
        shift = createShift(options, clock);
        trips = 0;
      }
      trips += 1;
      return shift.drive(trip);
    },
    stop: () => shift.stop(),
  };
}

/**
 * The whole terminal agent (session machine, card driver, sealing, journal, uploader) over a reader and a meter in
 * process. The journal is in memory: years of trips would otherwise wait for a hundred thousand disk flushes.
 */
function createShift(options: TripTerminalOptions, clock: VirtualClock): TripTerminal {
  const reader = createInProcessReader();
  const meter = createScriptedMeter();
  const journal = new Journal(":memory:");
  const line = tapUplink(uplinkOf(options, clock.now));
  const { random } = options;
  const agent = createAgent({
    ...{ rules: options.rules, terminalId: options.terminalId, sealing: options.sealing },
    ...{ reader, readerNote: null, drivers: [jpkiDriver], meter, journal, uplink: line.uplink, clock: clock.now },
    ids: { uuid: () => random.uuid(), bytes: (length) => random.bytes(length), fraction: () => random.next() },
    onView: () => {},
    log: () => {},
  });
  let started = false;
  const begin = async (): Promise<void> => {
    if (!started) agent.start();
    started = true;
    await line.until(() => line.reached(), "the server is not reached");
    line.next();
  };
  return {
    async drive(trip) {
      await begin();
      clock.moveTo(trip.boardedAtMs);
      agent.place(trip.from, false);
      reader.lay(trip.card);
      await line.until(() => line.opened(), "the card was laid and nothing happened");
      meter.say({ state: "hired", components: [], distanceM: null });
      reader.lift();
      clock.moveTo(trip.alightedAtMs);
      agent.place(trip.to, false);
      const components = [{ kind: "meter" as const, amountMinor: minor(Math.max(0, trip.fareMinor)) }];
      meter.say({ state: "paying", components, distanceM: trip.distanceM });
      const sent = line.submitted();
      if (sent) await line.until(() => line.settled(), "the ride was sent and nothing happened");
      else agent.intent({ kind: "act", act: "full-fare" });
      meter.say({ state: "vacant", components: [], distanceM: null });
      await line.until(() => journal.outbox(1).length === 0, "the journal is not said to the server");
      if (sent) return line.answer();
      return { kind: "rejected", code: trip.fareMinor > 0 ? BEYOND_BELIEF : NO_FARE };
    },
    async stop() {
      if (started) await agent.stop();
      journal.close();
    },
  };
}

function uplinkOf(options: TripTerminalOptions, clock: Clock): Uplink {
  const { serverUrl, municipality, terminalId, key, now } = options;
  const tokens = createTerminalTokens({ municipality, terminalId, key }, now);
  return createGraphqlUplink({ serverUrl, municipality, tokens, clock, fetch });
}

/** An uplink that tells how far the trip under way is. */
function tapUplink(uplink: Uplink) {
  let reached = false;
  let openings = 0;
  let openingsDone = 0;
  let sendings = 0;
  let sendingsDone = 0;
  let last: RecordAnswer | null = null;
  let rejection: string | null = null;
  const news = createNews();
  const tapped: Uplink = {
    get skewMs() {
      return uplink.skewMs;
    },
    async openRide(...given) {
      openings += 1;
      try {
        return await uplink.openRide(...given);
      } finally {
        openingsDone += 1;
        news.tell();
      }
    },
    async recordRides(requests) {
      sendings += 1;
      try {
        const batch = await uplink.recordRides(requests);
        last = batch.outcomes.at(-1) ?? null;
        if (last?.status === "REJECTED") rejection ??= last.errorCode;
        return batch;
      } finally {
        sendingsDone += 1;
        news.tell();
      }
    },
    // Nobody sits before this screen: what the server decided is what was shown, and only other amounts would be news.
    presentRide: async (ride) => (ride.amounts?.offline ? uplink.presentRide(ride) : { ok: true, errorCode: null }),
    cancelRide: (rideId, reason) => uplink.cancelRide(rideId, reason).finally(news.tell),
    reverseRide: (reversal) => uplink.reverseRide(reversal),
    terminalPack: () => uplink.terminalPack(),
    async probe() {
      await uplink.probe();
      reached = true;
      news.tell();
    },
  };
  return {
    uplink: tapped,
    next(): void {
      openings = openingsDone = sendings = sendingsDone = 0;
      last = rejection = null;
    },
    reached: () => reached,
    opened: () => openings > 0 && openingsDone === openings,
    submitted: () => sendings > 0,
    settled: () => sendingsDone === sendings,
    answer: () => answerOf(last, rejection),
    until: news.until,
  };
}

function answerOf(last: RecordAnswer | null, rejection: string | null): TripAnswer {
  const refusal = last?.decision?.riders.find((rider) => rider.refusal !== null)?.refusal;
  switch (last?.status) {
    case "RECORDED":
      return { kind: "recorded" };
    case "REFUSED":
      return { kind: "refused", code: refusal ?? "UNKNOWN" };
    case "QUARANTINED":
      return { kind: "quarantined", code: rejection ?? "UNKNOWN" };
    default:
      return { kind: "rejected", code: last?.errorCode ?? last?.status ?? "NO_ANSWER" };
  }
}

function createScriptedMeter(): MeterPort & { say(reading: MeterReading): void } {
  let listener: (event: MeterEvent) => void = () => {};
  return {
    technology: "simulator",
    start(given) {
      listener = given;
      listener({ kind: "connected", name: "simulated meter" });
      listener({ kind: "reading", reading: { state: "vacant", components: [], distanceM: null } });
    },
    say: (reading) => listener({ kind: "reading", reading }),
    async close() {
      listener = () => {};
    },
  };
}

/** Without news a condition is looked at this seldom: looking asks the journal, and many terminals wait at once. */
const LOOK_MS = 50;
const PATIENCE_MS = 60_000;

/** Waiting for what follows from the answers of the server. */
function createNews() {
  let waiting: (() => void)[] = [];
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  return {
    /** A call has ended. */
    tell(): void {
      for (const wake of waiting) wake();
      waiting = [];
    },
    /** Waits for a condition, and then for what follows from it in the same turn. */
    async until(condition: () => boolean, otherwise: string): Promise<void> {
      const giveUpAt = performance.now() + PATIENCE_MS;
      while (!condition()) {
        if (performance.now() > giveUpAt) throw new TripTerminalError(otherwise);
        await next();
        // What the agent does with an answer, it does in the turn of the answer.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
