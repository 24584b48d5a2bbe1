import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { parseCityDocumentText } from "#protocol/documents/city-document.ts";
import type { SealingTarget } from "#terminal/seal-evidence.ts";
import type { SessionRules } from "#terminal/session/state.ts";
import { ApiError } from "../api/api-error.ts";
import { type CityDesk, openCityDesk } from "../api/city-desk.ts";
import { createGraphqlClient } from "../api/graphql-client.ts";
import { createTerminalTokenSource, deriveTerminalKey } from "../api/terminal-key.ts";
import { createTestCa } from "../card/test-ca.ts";
import { type CityFrame, loadCityFrame } from "../city/city-model.ts";
import type { Clock } from "../clock.ts";
import { type CardHolders, createCardHolders } from "../people/card-holders.ts";
import { createRandom } from "../random.ts";
import { type PlannedTrip, planTrips, type TripCab, type TripPlan } from "./plan-trips.ts";
import { readTripRow, TRIP_COLUMNS, type TripRow } from "./trip-row.ts";
import { createTripTally, type TripTotals } from "./trip-tally.ts";
import { createTripTerminal, type TripTerminal } from "./trip-terminal.ts";

/** Which file to drive, where, and who is told. */
export interface TripsOptions {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly citiesDirectory: string;
  /** CSV with the columns of the City of Chicago's taxi trips. */
  readonly file: string;
  readonly seed: number;
  /** Only the first lines of the file. */
  readonly limit?: number;
  /** The real (or the demo's) clock, for tokens; the trips keep their own times. */
  readonly now: Clock;
  /** Directory of the TEST CA that the server trusts. */
  readonly testCaDirectory: string;
  readonly login?: { readonly name: string; readonly password: string };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** The file cannot be driven at all. */
export class TripsFileError extends Error {
  override readonly name = "TripsFileError";
}

/** Trips under way at once, each in its own cab and with its own rider. */
const AT_ONCE = 32;

/**
 * Drives the trips of a file again: every row ends as recorded, refused by the scheme, held for a person, or rejected
 * with a reason, and the counts add up to the rows. The same seed gives the same counts on an empty ledger.
 * @throws TripsFileError, ApiError, CityModelError
 */
export async function runTrips(options: TripsOptions): Promise<TripTotals> {
  const frame = loadCityFrame(options.citiesDirectory, options.municipality);
  const tally = createTripTally();
  const rows = readRows(options, frame, (reason) => tally.add({ kind: "rejected", code: reason }));
  const plan = planTrips(rows, frame.calendar, createRandom(`${options.seed}/trips`));
  const desk = await openCityDesk(options);
  await enrol(desk, plan, options);
  const ca = await createTestCa(options.testCaDirectory);
  const holders = createCardHolders({ municipality: options.municipality, ca, desk, generation: "past" });
  await holders.linkAll(plan.holders);
  const total = rows.length + tally.rows();
  const report = (): void => options.onProgress?.({ done: tally.rows(), total });
  report();
  const terminals = await openTerminals(options, plan, desk);
  try {
    await driveAll(plan.trips, options.signal, async (trip) => {
      const terminal = terminals.get(trip.cab.terminalId) as TripTerminal;
      tally.add(await driveOne(trip, terminal, holders));
      report();
    });
  } finally {
    await Promise.all([...terminals.values()].map((terminal) => terminal.stop()));
  }
  return tally.totals();
}

function readRows(options: TripsOptions, frame: CityFrame, unusable: (reason: string) => void): readonly TripRow[] {
  let records: Record<string, string>[];
  try {
    records = parse(readFileSync(options.file), {
      columns: true,
      skip_empty_lines: true,
      relax_column_count: true,
      ...(options.limit === undefined ? {} : { to: options.limit }),
    });
  } catch (cause) {
    throw new TripsFileError(`${options.file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const missing = TRIP_COLUMNS.filter((column) => records[0] && !(column in records[0]));
  if (missing.length > 0) throw new TripsFileError(`${options.file} has no column ${missing.join(", ")}`);
  return records.flatMap((raw, index) => {
    const row = readTripRow(raw, index + 1, frame.minorDigits);
    if (row.ok) return [row.value];
    unusable(row.error);
    return [];
  });
}

async function enrol(desk: CityDesk, plan: TripPlan, { seed, municipality }: TripsOptions): Promise<void> {
  await desk.enrolFleet({
    companies: plan.companies,
    vehicles: plan.cabs.map(({ vehicleId, companyId, label }) => ({ id: vehicleId, companyId, label })),
    terminals: plan.cabs.map(({ terminalId, vehicleId }) => ({
      id: terminalId,
      kind: "CAB" as const,
      vehicleId,
      publicKey: deriveTerminalKey(seed, municipality, terminalId).publicKeyBase64,
    })),
  });
}

/** One terminal a cab; all work by the city document the server gave out. */
async function openTerminals(
  options: TripsOptions,
  plan: TripPlan,
  desk: CityDesk,
): Promise<ReadonlyMap<string, TripTerminal>> {
  const { municipality, now, seed, serverUrl } = options;
  const [first] = plan.trips;
  if (!first) return new Map();
  const rules = await rulesFor(options, first.cab);
  const sealing: SealingTarget = { municipality, ...(await desk.sealingKey()) };
  const random = createRandom(`${seed}/terminals`);
  return new Map(
    plan.cabs.map(({ terminalId, label }) => {
      const key = deriveTerminalKey(seed, municipality, terminalId).privateKey;
      const terminal = createTripTerminal({
        ...{ serverUrl, municipality, terminalId, key, sealing, now },
        rules: { ...rules, vehicleLabel: label },
        startMs: first.boardedAtMs,
        random: random.substream(terminalId),
      });
      return [terminalId, terminal];
    }),
  );
}

async function rulesFor(options: TripsOptions, cab: TripCab): Promise<SessionRules> {
  const { municipality, now, seed } = options;
  const { privateKey } = deriveTerminalKey(seed, municipality, cab.terminalId);
  const token = createTerminalTokenSource({ municipality, terminalId: cab.terminalId, privateKey }, now);
  const client = createGraphqlClient({ ...options, authorization: async () => `Terminal ${await token()}` });
  const { terminalPack } = await client.request<{ terminalPack: { cityDocument: string } }>(
    "query { terminalPack { cityDocument } }",
    {},
  );
  const city = parseCityDocumentText(terminalPack.cityDocument);
  return { city, calendar: loadCityFrame(options.citiesDirectory, municipality).calendar, vehicleLabel: cab.label };
}

async function driveOne(trip: PlannedTrip, terminal: TripTerminal, holders: CardHolders) {
  const card = trip.holder ? await holders.cardOf(trip.holder) : await holders.strangersCard(trip.stranger);
  const { fareMinor, distanceM, from, to } = trip.row;
  const { boardedAtMs, alightedAtMs } = trip;
  return terminal.drive({ card, boardedAtMs, alightedAtMs, from, to, fareMinor, distanceM });
}

/**
 * Drives in the order of boarding, several at once; a cab and a person finish one trip before they begin the next, so
 * that what is left of a person's limits is the same in every run.
 */
async function driveAll(
  trips: readonly PlannedTrip[],
  signal: AbortSignal | undefined,
  drive: (trip: PlannedTrip) => Promise<void>,
): Promise<void> {
  const after = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  for (const trip of trips) {
    if (signal?.aborted) throw new ApiError("ABORTED", "stopped");
    const keys = [trip.cab.terminalId, trip.holder?.entitlementId ?? `stranger ${trip.stranger}`];
    const driven = Promise.all(keys.map((key) => after.get(key))).then(() => drive(trip));
    for (const key of keys) after.set(key, driven);
    const done = driven.finally(() => underWay.delete(done));
    // Who waits hears of a failure by the race or by the end; a second failure after the first says nothing new.
    done.catch(() => {});
    underWay.add(done);
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}
