import type { CityModel } from "../city/city-model.ts";
import { type DayShape, shapeOfDay } from "../city/day-shape.ts";
import { Occupied } from "../city/occupied.ts";
import type { OutingSource } from "../city/outings.ts";
import type { Leg } from "../city/trip.ts";
import type { Random } from "../random.ts";

/** Passengers who want a taxi since the last call; at the rate of the hour, times a factor. */
export type Arrivals = (nowMs: number) => readonly Leg[];

const MS_PER_HOUR = 3_600_000;
/** After a pause of the machine nobody has waited longer than this. */
const LONGEST_GAP_MS = 30_000;

/** Starts to count at the first call. */
export function createArrivals(
  city: CityModel,
  outings: OutingSource,
  options: { readonly random: Random; readonly factor: number },
): Arrivals {
  const { random, factor } = options;
  let lastMs: number | undefined;
  let shape: DayShape | undefined;
  let occupied = new Occupied();
  return (nowMs) => {
    const { day, minute } = city.calendar.local(nowMs);
    if (shape?.day !== day) {
      shape = shapeOfDay(city, day, random.substream(`day-${day}`));
      occupied = new Occupied();
    }
    const gapMs = Math.min(LONGEST_GAP_MS, nowMs - (lastMs ?? nowMs));
    lastMs = nowMs;
    const expected = ridesPerHour(city, shape, minute) * (gapMs / MS_PER_HOUR) * factor;
    const legs: Leg[] = [];
    for (let i = poisson(expected, random); i > 0; i--) {
      const leg = outings.legAt(nowMs, shape, { random, occupied });
      if (leg) legs.push(leg);
    }
    return legs;
  };
}

/** Rides an hour that begin at a local minute of the day; a few after the last hour of the data, none at night. */
export function ridesPerHour(city: CityModel, shape: DayShape, minute: number): number {
  const { firstHour, shares } = city.demand.hourShares;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const hour = Math.floor(minute / 60) - firstHour;
  const isEdge = hour === shares.length && minute <= city.demand.edges.lastMinute;
  const share = shares[hour] ?? (isEdge ? (shares.at(-1) ?? 0) * city.demand.edges.afterHoursKeptShare : 0);
  return (shape.rides * share) / total;
}

function poisson(expected: number, random: Random): number {
  const limit = Math.exp(-expected);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  return count;
}
