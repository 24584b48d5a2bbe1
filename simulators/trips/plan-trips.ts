import type { Calendar } from "#domain/time/calendar.ts";
import type { CardHolder } from "../people/card-holders.ts";
import type { Random } from "../random.ts";
import type { TripRow } from "./trip-row.ts";

/** A cab of the trips' fleet. */
export interface TripCab {
  readonly vehicleId: string;
  readonly terminalId: string;
  readonly companyId: string;
  readonly label: string;
}

/** A trip with everything it needs. `holder` null: somebody nobody registered. */
export interface PlannedTrip {
  readonly row: TripRow;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly cab: TripCab;
  readonly holder: CardHolder | null;
  /** Number of the unregistered person. */
  readonly stranger: number;
}

/** Who rides in which cab, in the order of boarding. */
export interface TripPlan {
  readonly trips: readonly PlannedTrip[];
  readonly companies: readonly { readonly id: string; readonly name: string }[];
  readonly cabs: readonly TripCab[];
  readonly holders: readonly CardHolder[];
}

/** Size of the pool of registrants. Few ride very often, most seldom: the yearly limit is reached by some. */
const HOLDERS = 400;
/**
 * How little the most frequent registrants stand out; the first then takes about every tenth trip. A person's trips
 * are driven one after the other, so that without it a whole file waits for one person.
 */
const EVENNESS = 2;
/** A firm has a cab for so many of its trips, and more when they overlap: a cab, too, drives one after the other. */
const TRIPS_A_CAB = 300;
const STRANGERS = 20;
const STRANGER_SHARE = 0.02;
/** Registrants whose entitlement ends within the years of the file. */
const EXPIRING_SHARE = 0.03;
const EXPIRES = "2014-12-31";
const VALID = { from: "2010-01-01", to: "2035-12-31" };
/** Firms with fewer trips than this share are put together: small firms carry the names of people. */
const OWN_NAME_SHARE = 0.01;
const OTHER = { id: "other", name: "Other companies" };
/** A cab does not take the same card again within a minute of its payment. */
const TURNAROUND_MS = 120_000;
const FIRST_LABEL = 101;

/** Plans trips: cabs never carry two at once, people never ride twice at once. */
export function planTrips(rows: readonly TripRow[], calendar: Calendar, random: Random): TripPlan {
  const timed = rows
    .map((row) => {
      const day = calendar.instant(row.startDay, Math.floor(row.startSecond / 60));
      const boardedAtMs = day + (row.startSecond % 60) * 1000;
      return { row, boardedAtMs, alightedAtMs: boardedAtMs + row.durationS * 1000 };
    })
    .sort((a, b) => a.boardedAtMs - b.boardedAtMs || a.row.line - b.row.line);
  const companies = companiesOf(rows);
  const cabs = createCabPool(fleetSizes(rows, companies));
  const people = createPeople(random.substream("people"));
  const draws = random.substream("draws");
  const trips = timed.map(({ row, boardedAtMs, alightedAtMs }): PlannedTrip => {
    const company = companies.get(row.company) ?? OTHER;
    const cab = cabs.take(company.id, boardedAtMs, alightedAtMs);
    const holder = draws.chance(STRANGER_SHARE) ? null : people.take(draws, boardedAtMs, alightedAtMs);
    return { row, boardedAtMs, alightedAtMs, cab, holder, stranger: draws.below(STRANGERS) };
  });
  const used = new Set(cabs.all.map((cab) => cab.companyId));
  const named = [...companies.values(), OTHER].filter((one) => used.has(one.id));
  return { trips, companies: named, cabs: cabs.all, holders: people.holders };
}

/** Firms by the name in the file. */
function companiesOf(rows: readonly TripRow[]): ReadonlyMap<string, { readonly id: string; readonly name: string }> {
  const counts = new Map<string, number>();
  for (const { company } of rows) if (company !== "") counts.set(company, (counts.get(company) ?? 0) + 1);
  const large = [...counts].filter(([, count]) => count >= rows.length * OWN_NAME_SHARE);
  return new Map(large.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name]) => [name, { id: slug(name), name }]));
}

function slug(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return words.slice(0, 40) || "company";
}

/** Cabs of every firm, by its id. */
function fleetSizes(
  rows: readonly TripRow[],
  companies: ReadonlyMap<string, { readonly id: string }>,
): ReadonlyMap<string, number> {
  const trips = new Map<string, number>();
  for (const { company } of rows) {
    const { id } = companies.get(company) ?? OTHER;
    trips.set(id, (trips.get(id) ?? 0) + 1);
  }
  return new Map([...trips].map(([id, count]) => [id, Math.ceil(count / TRIPS_A_CAB)]));
}

function createCabPool(sizes: ReadonlyMap<string, number>) {
  const all: TripCab[] = [];
  const fleets = new Map<string, { readonly cab: TripCab; freeFromMs: number }[]>();
  return {
    all: all as readonly TripCab[],
    /** The company's cab that has waited longest; a further one while its fleet is not complete or when all are busy. */
    take(companyId: string, boardedAtMs: number, alightedAtMs: number): TripCab {
      const fleet = fleets.get(companyId) ?? [];
      fleets.set(companyId, fleet);
      let chosen = fleet.reduce<(typeof fleet)[number] | undefined>(
        (first, one) => (first && first.freeFromMs <= one.freeFromMs ? first : one),
        undefined,
      );
      if (!chosen || fleet.length < (sizes.get(companyId) ?? 1) || chosen.freeFromMs > boardedAtMs) {
        const label = String(FIRST_LABEL + all.length);
        const vehicleId = `${companyId}-${label}`;
        chosen = { cab: { vehicleId, terminalId: `${vehicleId}-cab`, companyId, label }, freeFromMs: 0 };
        all.push(chosen.cab);
        fleet.push(chosen);
      }
      chosen.freeFromMs = alightedAtMs + TURNAROUND_MS;
      return chosen.cab;
    },
  };
}

function createPeople(random: Random) {
  const holders: CardHolder[] = Array.from({ length: HOLDERS }, () => ({
    entitlementId: random.uuid(),
    credentialId: random.uuid(),
    validFrom: VALID.from,
    validTo: random.chance(EXPIRING_SHARE) ? EXPIRES : VALID.to,
  }));
  const weights = holders.map((_, index) => 1 / (index + EVENNESS));
  const freeFrom = new Float64Array(HOLDERS);
  return {
    holders,
    /** A registrant who is not aboard another taxi then. */
    take(draws: Random, boardedAtMs: number, alightedAtMs: number): CardHolder {
      let index = draws.weighted(weights);
      while ((freeFrom[index] as number) > boardedAtMs) index = (index + 1) % HOLDERS;
      freeFrom[index] = alightedAtMs + TURNAROUND_MS;
      return holders[index] as CardHolder;
    },
  };
}
