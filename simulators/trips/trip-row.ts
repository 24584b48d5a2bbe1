import type { Point } from "#domain/geo/point.ts";
import { err, ok, type Result } from "#domain/result.ts";

/** One line of a trips file as it stands there: column name → text. */
export type RawRow = Readonly<Record<string, string | undefined>>;

/** A trip that can be driven again. Gaps stay gaps. */
export interface TripRow {
  /** Number of the line in the file, from 1 after the header. */
  readonly line: number;
  /** Local wall-clock time of the city: the file gives it as if it were UTC. */
  readonly startDay: number;
  readonly startSecond: number;
  readonly durationS: number;
  /** Minor units. */
  readonly fareMinor: number;
  /** Null when the file has none; zero is left as it is. */
  readonly distanceM: number | null;
  readonly from: Point | null;
  readonly to: Point | null;
  /** Empty when the file names none. */
  readonly company: string;
}

/** Why a line cannot be driven again. */
export const UNUSABLE_REASONS = ["no-start-time", "no-end-time", "no-fare", "unreadable-number"] as const;
export type UnusableReason = (typeof UNUSABLE_REASONS)[number];

const METRES_PER_MILE = 1609.344;
const SECONDS_PER_DAY = 86_400;

/** The columns of the City of Chicago's taxi trips that are read; others are ignored. */
export const TRIP_COLUMNS = [
  "trip_start_timestamp",
  "trip_seconds",
  "fare",
  "trip_miles",
  "pickup_latitude",
  "pickup_longitude",
  "dropoff_latitude",
  "dropoff_longitude",
  "company",
] as const;

/**
 * Reads one line. The fare is the meter's; tips are not subsidised and not read.
 * @param minorDigits of the city's currency
 */
export function readTripRow(raw: RawRow, line: number, minorDigits: number): Result<TripRow, UnusableReason> {
  const read = (column: (typeof TRIP_COLUMNS)[number]): number | null => {
    const text = raw[column]?.trim() ?? "";
    return text === "" ? null : Number(text);
  };
  const start = read("trip_start_timestamp");
  const seconds = read("trip_seconds");
  const fare = read("fare");
  const miles = read("trip_miles");
  const place = (end: "pickup" | "dropoff"): Point | null => {
    const lat = read(`${end}_latitude`);
    const lng = read(`${end}_longitude`);
    return lat === null || lng === null ? null : { latE6: Math.round(lat * 1e6), lngE6: Math.round(lng * 1e6) };
  };
  const [from, to] = [place("pickup"), place("dropoff")];
  const numbers = [start, seconds, fare, miles, from?.latE6, from?.lngE6, to?.latE6, to?.lngE6];
  if (numbers.some((number) => Number.isNaN(number))) return err("unreadable-number");
  if (start === null) return err("no-start-time");
  if (seconds === null) return err("no-end-time");
  if (fare === null) return err("no-fare");
  const startDay = Math.floor(start / SECONDS_PER_DAY);
  return ok({
    line,
    startDay,
    startSecond: start - startDay * SECONDS_PER_DAY,
    durationS: seconds,
    fareMinor: Math.round(fare * 10 ** minorDigits),
    distanceM: miles === null ? null : Math.round(miles * METRES_PER_MILE),
    from,
    to,
    company: raw.company?.trim() ?? "",
  });
}
