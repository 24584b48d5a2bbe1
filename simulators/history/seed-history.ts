import { createHash } from "node:crypto";
import { formatDay, parseDay } from "#domain/time/local.ts";
import { ApiError } from "../api/api-error.ts";
import { openCityDesk } from "../api/city-desk.ts";
import { createGraphqlClient, type GraphqlClient } from "../api/graphql-client.ts";
import { type LedgerReader, openLedgerReader } from "../api/ledger-reader.ts";
import { recordRides, recordRidesInTurn, type SentOutcome } from "../api/ride-sender.ts";
import {
  createTerminalTokenSource,
  deriveTerminalKey,
  SIMULATED_MIGRATION_END_MS,
  type TerminalKey,
} from "../api/terminal-key.ts";
import { listCabs } from "../city/cabs.ts";
import { loadCityModel } from "../city/city-model.ts";
import { enrolCityFleet } from "../city/enrol-city-fleet.ts";
import type { Clock } from "../clock.ts";
import type { RideInput } from "../generated/graphql.ts";
import { createRandom } from "../random.ts";
import { createRideBook, type RideBook } from "./day-rides.ts";

/** What to seed, where, and who is told. */
export interface HistoryOptions {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly citiesDirectory: string;
  readonly rides: number;
  readonly seed: number;
  /** The local day (`2026-11-23`) before which the history ends; default: today by the clock. */
  readonly until?: string;
  readonly now: Clock;
  readonly login?: { readonly name: string; readonly password: string };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: HistoryProgress) => void;
}

/** How far the history is. `done` counts rides the server holds. */
export interface HistoryProgress {
  readonly phase: "enrolling" | "rides";
  readonly done: number;
  readonly total: number;
}

/** What the server answered. Amounts are of the rides sent in this run. */
export interface HistoryResult {
  readonly total: number;
  /** Rides that an earlier, interrupted run had sent; found, not sent again. */
  readonly skipped: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly replayed: number;
  readonly fareMinor: number;
  readonly subsidyMinor: number;
  /** SHA-256 (hex) over all answers of this run in order: equal for equal histories. */
  readonly digest: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Rides of one call: the most the API takes. */
const BATCH = 500;
const TERMINAL_ID = "history";
/** Rides that ended this recently are left to the live fleet. */
const SETTLED_MS = 60_000;

/**
 * Registers the city's fleet and people, then sends past rides in global time order as the city's migration terminal.
 * May be stopped and run again with the same options: it goes on where it stopped, and rides sent twice are the same ride.
 * @throws ApiError ABORTED when the signal fires, or what the server answered; CityModelError
 */
export async function seedHistory(options: HistoryOptions): Promise<HistoryResult> {
  const city = loadCityModel(options.citiesDirectory, options.municipality);
  const book = createRideBook(city, createRandom(options.seed));
  const key = deriveTerminalKey(options.seed, city.id, TERMINAL_ID);
  const plan = planDays(book, lastDayOf(options, city.calendar.local(options.now()).day), options.rides);
  const desk = await openCityDesk(options);
  options.onProgress?.({ phase: "enrolling", done: 0, total: plan.total });
  const start = await findStart(plan, book, await openLedgerReader(options));
  if (start.index === 0) {
    await enrolCityFleet(desk, city, { cabs: listCabs(city), seed: options.seed });
    await desk.registerEntitlements(
      book.population.residents.map((resident) => ({
        id: resident.entitlementId,
        credentialId: resident.credentialId,
        validFrom: resident.validFrom,
        validTo: resident.validTo,
      })),
    );
  }
  await desk.enrolFleet({
    companies: [],
    vehicles: [],
    terminals: [
      { id: TERMINAL_ID, kind: "MIGRATION", publicKey: key.publicKeyBase64, validUntil: SIMULATED_MIGRATION_END_MS },
    ],
  });
  return sendRides(options, { plan, book, start, key });
}

/**
 * Sends the rides of the day `until` that have ended by now, after the history of the same options: a city that is
 * opened in the middle of a day has a morning. May be repeated; rides sent twice are the same ride.
 * @returns how many rides the day has so far
 */
export async function seedDaySoFar(options: HistoryOptions): Promise<number> {
  const city = loadCityModel(options.citiesDirectory, options.municipality);
  const book = createRideBook(city, createRandom(options.seed));
  const key = deriveTerminalKey(options.seed, city.id, TERMINAL_ID);
  const day = lastDayOf(options, city.calendar.local(options.now()).day) + 1;
  const ended = book.ridesOn(day).filter((ride) => ride.alightedAt < options.now() - SETTLED_MS);
  const client = migrationClient(options, key);
  for (let first = 0; first < ended.length; first += BATCH) {
    if (options.signal?.aborted) throw new ApiError("ABORTED", "stopped");
    await recordRides(client, ended.slice(first, first + BATCH));
  }
  return ended.length;
}

function migrationClient(options: HistoryOptions, key: TerminalKey): GraphqlClient {
  const identity = { municipality: options.municipality, terminalId: TERMINAL_ID, privateKey: key.privateKey };
  const token = createTerminalTokenSource(identity, options.now);
  return createGraphqlClient({ ...options, authorization: async () => `Terminal ${await token()}` });
}

interface DayPlan {
  readonly days: readonly number[];
  /** Rides of the first day that are left out so that the total is exact. */
  readonly dropped: number;
  readonly total: number;
}

/** The days that hold the wanted number of rides, going back from the last one. */
function planDays(book: RideBook, lastDay: number, rides: number): DayPlan {
  const days: number[] = [];
  let total = 0;
  for (let day = lastDay; total < rides; day--) {
    days.unshift(day);
    total += book.countOn(day);
  }
  return { days, dropped: total - rides, total: rides };
}

function lastDayOf({ until }: HistoryOptions, today: number): number {
  if (until === undefined) return today - 1;
  const day = parseDay(until);
  if (day === undefined) throw new RangeError(`${until} is no date like 2026-11-23`);
  return day - 1;
}

interface Start {
  /** Index of the first day that is not wholly sent. */
  readonly index: number;
  readonly skipped: number;
}

/** Finds where an earlier run stopped: days are sent in order, so a search by halves finds the first unfinished one. */
async function findStart(plan: DayPlan, book: RideBook, ledger: LedgerReader): Promise<Start> {
  const hasRide = async (ride: RideInput | undefined): Promise<boolean> =>
    ride !== undefined && (await ledger.hasRide(`${TERMINAL_ID}:${ride.rideId}`));
  // Two calls are under way at once: the last ride of a day may be there while the call before its own is not.
  const isSent = async (index: number): Promise<boolean> => {
    const rides = lastRides(plan, book, index, BATCH + 1);
    return (await hasRide(rides.at(-1))) && (await hasRide(rides[0]));
  };
  let low = 0;
  let high = plan.days.length;
  if (high > 0 && !(await isSent(0))) high = 0;
  else if (high > 0 && (await isSent(high - 1))) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isSent(middle)) low = middle + 1;
    else high = middle;
  }
  const skippedDays = plan.days.slice(0, low);
  const skipped = skippedDays.reduce((sum, day) => sum + book.countOn(day), 0) - (low > 0 ? plan.dropped : 0);
  return { index: low, skipped };
}

/** The last rides up to and with a day of the plan: `count` of them, or all there are. */
function lastRides(plan: DayPlan, book: RideBook, index: number, count: number): readonly RideInput[] {
  let rides: readonly RideInput[] = [];
  for (let day = index; day >= 0 && rides.length < count; day--) {
    const ofDay = book.ridesOn(plan.days[day] as number);
    rides = [...(day === 0 ? ofDay.slice(plan.dropped) : ofDay), ...rides];
  }
  return rides.slice(-count);
}

function* batchesOf(book: RideBook, plan: DayPlan, start: Start): Generator<readonly RideInput[]> {
  let waiting: RideInput[] = [];
  for (let index = start.index; index < plan.days.length; index++) {
    const rides = book.ridesOn(plan.days[index] as number);
    waiting.push(...(index === 0 ? rides.slice(plan.dropped) : rides));
    while (waiting.length >= BATCH) {
      yield waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
    }
  }
  if (waiting.length > 0) yield waiting;
}

async function sendRides(
  options: HistoryOptions,
  given: { plan: DayPlan; book: RideBook; start: Start; key: TerminalKey },
): Promise<HistoryResult> {
  const { plan, start } = given;
  const client = migrationClient(options, given.key);
  const tally = createTally();
  let done = start.skipped;
  const report = (): void => options.onProgress?.({ phase: "rides", done, total: plan.total });
  report();
  const settle = async (sent: Promise<readonly SentOutcome[]>): Promise<void> => {
    const outcomes = await sent;
    tally.add(outcomes);
    done += outcomes.length;
    report();
  };
  let before: Promise<readonly SentOutcome[]> | null = null;
  for (const batch of batchesOf(given.book, plan, start)) {
    if (options.signal?.aborted) break;
    // The next call goes out once the server has taken this one up, so the order is certain while it never waits for us.
    const { taken, outcomes } = recordRidesInTurn(client, batch);
    // A failure is thrown where the answer is awaited; until then it is no unhandled one.
    outcomes.catch(() => undefined);
    if (before) await settle(before);
    before = outcomes;
    await taken;
  }
  if (before) await settle(before);
  if (options.signal?.aborted) throw new ApiError("ABORTED", "stopped");
  const [first, last] = [plan.days[0], plan.days.at(-1)].map((day) => (day === undefined ? "" : formatDay(day)));
  return { total: plan.total, skipped: start.skipped, ...tally.result(), firstDay: first ?? "", lastDay: last ?? "" };
}

function createTally() {
  const hash = createHash("sha256");
  const statuses: Record<string, number> = {};
  let replayed = 0;
  let fareMinor = 0;
  let subsidyMinor = 0;
  return {
    add(outcomes: readonly SentOutcome[]): void {
      for (const outcome of outcomes) {
        statuses[outcome.status] = (statuses[outcome.status] ?? 0) + 1;
        if (outcome.replayed) replayed += 1;
        fareMinor += outcome.decision?.fareMinor ?? 0;
        subsidyMinor += outcome.decision?.subsidyMinor ?? 0;
        const refusals = outcome.decision?.riders.map((rider) => rider.refusal ?? "").join(",") ?? "";
        hash.update(`${outcome.rideId} ${outcome.status} ${outcome.decision?.subsidyMinor ?? ""} ${refusals}\n`);
      }
    },
    result: () => ({ statuses, replayed, fareMinor, subsidyMinor, digest: hash.digest("hex") }),
  };
}
