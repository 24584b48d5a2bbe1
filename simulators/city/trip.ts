import type { Point } from "#domain/geo/point.ts";
import type { Purpose } from "#domain/ride/places.ts";
import type { Resident } from "../people/residents.ts";
import type { Random } from "../random.ts";
import { disabilityDiscount, meterFare, tariffOn } from "../tariff.ts";
import type { CityModel } from "./city-model.ts";
import type { OutingPurpose } from "./demand-document.ts";

/** One ride as the city would see it happen, before anybody decides anything. */
export interface Trip {
  readonly riders: readonly Resident[];
  readonly from: Point;
  readonly to: Point;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly distanceM: number;
  readonly meterMinor: number;
  /** The firm's own discount, positive; 0 for most. */
  readonly discountMinor: number;
  /** Ordered by telephone: some firms charge for the way to the passenger. */
  readonly booked: boolean;
  readonly usesChosen: number;
  /** Null when the rider does not say. */
  readonly purpose: Purpose | null;
}

const STATED: Readonly<Record<OutingPurpose, Purpose>> = {
  care: "care",
  shopping: "shopping",
  station: "errand",
  office: "errand",
  leisure: "leisure",
  family: "meeting",
};

const MS_PER_MINUTE = 60_000;
/** Part of the driving time spent below the meter's slow speed, in dense streets and elsewhere. */
const SLOW_SHARE = { dense: 0.08, open: 0.03 };

/** Where and when a leg of an outing goes. */
export interface Leg {
  readonly riders: readonly Resident[];
  readonly from: Point;
  readonly to: Point;
  readonly boardedAtMs: number;
  readonly booked: boolean;
  readonly purpose: OutingPurpose;
  /** Probability that a long ride is paid with two uses. */
  readonly twoUsesShare: number;
}

/** Drives a leg: distance, time and meter. */
export function driveLeg(city: CityModel, leg: Leg, random: Random): Trip {
  const { demand } = city;
  const { day, minute } = city.calendar.local(leg.boardedAtMs);
  const hour = Math.floor(minute / 60);
  const distanceM = Math.round(city.streets.roadM(leg.from, leg.to) * random.between(0.94, 1.1));
  const speedKmh = (city.streets.speedKmh(leg.from, hour) + city.streets.speedKmh(leg.to, hour)) / 2;
  const driveS = (distanceM / 1000 / speedKmh) * 3600 * random.between(0.9, 1.2);
  const slowShare = speedKmh < demand.speeds.slopesKmh ? SLOW_SHARE.dense : SLOW_SHARE.open;
  const [least, most] = demand.boardingMinutes;
  const standingS = random.between(least, most) * 60;
  const tariff = tariffOn(city.tariff, day);
  const meterMinor = meterFare(tariff, { distanceM, slowS: driveS * slowShare * random.between(0.3, 1.7), minute });
  const discountMinor = leg.riders.some((rider) => rider.discounted) ? disabilityDiscount(tariff, meterMinor) : 0;
  const isLong = leg.riders.length === 1 && meterMinor - discountMinor >= demand.twoUses.fromFareMinor;
  return {
    riders: leg.riders,
    from: leg.from,
    to: leg.to,
    boardedAtMs: leg.boardedAtMs,
    alightedAtMs: leg.boardedAtMs + Math.max(MS_PER_MINUTE, Math.round(driveS + standingS) * 1000),
    distanceM,
    meterMinor,
    discountMinor,
    booked: leg.booked,
    usesChosen: isLong && random.chance(leg.twoUsesShare) ? 2 : 1,
    purpose: random.chance(demand.purposeToldShare) ? STATED[leg.purpose] : null,
  };
}
