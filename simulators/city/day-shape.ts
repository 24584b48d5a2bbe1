import { dateOfDay, formatDay, weekday } from "#domain/time/local.ts";
import type { Random } from "../random.ts";
import type { CityModel } from "./city-model.ts";
import type { Demand } from "./demand-document.ts";

/** How demand is spread over days and hours. */

const DAYS_A_MONTH = 365.25 / 12;
const SUNDAY = 6;
/** Spread of the logarithm of the time between outward and return ride. */
const DWELL_SPREAD = 0.3;
/** Hours a ride itself takes, on average. */
const RIDE_HOURS = 0.25;
const QUANTILES = 200;

/** What is special about one day. */
export interface DayShape {
  readonly day: number;
  readonly rides: number;
  readonly snow: boolean;
}

/** Number of rides of a local day: month's volume × weekday (holidays as Sundays) × noise. */
export function shapeOfDay(city: CityModel, day: number, random: Random): DayShape {
  const { demand } = city;
  const quiet = demand.quietDays.includes(formatDay(day));
  const total = demand.weekdayShares.reduce((sum, share) => sum + share, 0);
  const share = (demand.weekdayShares[quiet ? SUNDAY : weekday(day)] as number) / total;
  const expected = (demand.ridesPerMonth / DAYS_A_MONTH) * 7 * share;
  const noise = 1 + demand.dayNoise * Math.max(-3, Math.min(3, random.normal()));
  const snow = demand.snow.months.includes(dateOfDay(day).month) && random.chance(demand.snow.dayShare);
  return { day, rides: Math.round(expected * noise), snow };
}

/** Hours between getting out and riding back. */
export function dwellHours(demand: Demand, random: Random): number {
  const { minHours, medianHours, maxHours } = demand.returns;
  for (;;) {
    const hours = medianHours * Math.exp(random.normal() * DWELL_SPREAD);
    if (hours >= minHours && hours <= maxHours) return hours;
  }
}

/**
 * Start hours of outings such that outings and their returns together have the given hour shares: the returns'
 * distribution is taken off, hour by hour. Index 0 is `hourShares.firstHour`.
 */
export function outwardHourWeights(demand: Demand, random: Random): readonly number[] {
  const { shares } = demand.hourShares;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const shift = returnShift(demand, random);
  const outward: number[] = [];
  for (const [hour, share] of shares.entries()) {
    let returning = 0;
    for (const [k, probability] of shift.entries()) returning += (outward[hour - k] ?? 0) * probability;
    const wanted = (share / total) * (1 + demand.returns.share);
    const own = (wanted - demand.returns.share * returning) / (1 + demand.returns.share * (shift[0] ?? 0));
    outward.push(Math.max(0, own));
  }
  return outward;
}

/** Of the rides that begin in an hour of the day, the part that leads away from home. */
export function outwardShareByHour(demand: Demand, outward: readonly number[]): ReadonlyMap<number, number> {
  const { firstHour, shares } = demand.hourShares;
  const total = shares.reduce((sum, share) => sum + share, 0);
  return new Map(
    shares.map((share, index) => {
      const all = (share / total) * (1 + demand.returns.share);
      return [firstHour + index, all > 0 ? Math.min(1, (outward[index] ?? 0) / all) : 0];
    }),
  );
}

/** Probability that the return begins k hours (of the clock) after the outward ride. */
function returnShift(demand: Demand, random: Random): number[] {
  const shift: number[] = [];
  for (let i = 0; i < QUANTILES; i++) {
    const k = Math.floor((i + 0.5) / QUANTILES + RIDE_HOURS + dwellHours(demand, random));
    shift[k] = (shift[k] ?? 0) + 1 / QUANTILES;
  }
  return Array.from(shift, (probability) => probability ?? 0);
}
