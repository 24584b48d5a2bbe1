import { distanceM, type Point } from "#domain/geo/point.ts";
import { type Population, type Resident, USUAL_PLACE_SHARE } from "../people/residents.ts";
import type { Random } from "../random.ts";
import { chooseOther } from "./choose-place.ts";
import type { CityModel } from "./city-model.ts";
import { type DayShape, dwellHours, outwardHourWeights, outwardShareByHour } from "./day-shape.ts";
import { OUTING_PURPOSES, type OutingPurpose } from "./demand-document.ts";
import type { Occupied } from "./occupied.ts";
import { driveLeg, type Leg, type Trip } from "./trip.ts";

/** Makes outings: an outward ride, sometimes a second stop, mostly a return. */
export interface OutingSource {
  /** An outing at some time of the day, or none when its person is out already or stays at home. */
  outingOf(shape: DayShape, context: OutingContext): readonly Trip[];
  /** One leg that starts now, outward or return as is usual at that hour; null when its person is out already. */
  legAt(startMs: number, shape: DayShape, context: OutingContext): Leg | null;
}

/** What outings of one day share. */
export interface OutingContext {
  readonly random: Random;
  readonly occupied: Occupied;
}

/** Rides shorter than this are walked, metres crow-fly. */
const WALKED_M = 350;
/** Rides between two places beyond the border are short ones, metres crow-fly. */
const LONGEST_OUTSIDE_M = 8_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const SECOND_STOP_MINUTES: readonly [number, number] = [20, 60];

/** Makes outings of a city's people. `random` is used once, to shape the hours. */
export function createOutingSource(city: CityModel, population: Population, random: Random): OutingSource {
  const hourWeights = outwardHourWeights(city.demand, random);
  const outwardShares = outwardShareByHour(city.demand, hourWeights);
  const planOf = (startMs: number, shape: DayShape, context: OutingContext): Plan | null =>
    planOuting(city, population, { resident: population.draw(context.random), startMs, shape, context });
  return {
    outingOf(shape, context) {
      const startMs = startOf(city, hourWeights, { shape, context });
      if (context.random.chance(city.demand.edges.outsideShare)) {
        const leg = outsideLeg(city, population.draw(context.random), { startMs, context });
        return leg ? [driveLeg(city, leg, context.random)] : [];
      }
      const plan = planOf(startMs, shape, context);
      return plan ? driveOuting(city, plan, context) : [];
    },
    legAt(startMs, shape, context) {
      const { random, occupied } = context;
      if (random.chance(city.demand.edges.outsideShare)) {
        return outsideLeg(city, population.draw(random), { startMs, context });
      }
      const plan = planOf(startMs, shape, context);
      if (!plan) return null;
      for (const rider of plan.riders) occupied.take(rider, startMs, startMs + MS_PER_HOUR);
      const hour = Math.floor(city.calendar.local(startMs).minute / 60);
      const outward = random.chance(outwardShares.get(hour) ?? 0) || distanceM(plan.goal, plan.home) < WALKED_M;
      return {
        riders: plan.riders,
        from: outward ? plan.start : plan.goal,
        to: outward ? plan.goal : plan.home,
        boardedAtMs: startMs,
        booked: outward && random.chance(city.demand.bookedShare),
        purpose: plan.purpose,
        twoUsesShare: plan.returns ? city.demand.twoUses.withReturnShare : city.demand.twoUses.share,
      };
    },
  };
}

/** First and last covered minute of the local day, by the data of the start hours. */
function coveredMinutes(city: CityModel): { first: number; end: number } {
  const { firstHour, shares } = city.demand.hourShares;
  return { first: firstHour * 60, end: (firstHour + shares.length) * 60 };
}

function startOf(
  city: CityModel,
  hourWeights: readonly number[],
  { shape, context: { random } }: { shape: DayShape; context: OutingContext },
): number {
  const { first } = coveredMinutes(city);
  const minute = random.chance(city.demand.edges.beforeHoursShare)
    ? first - random.between(2, 20)
    : first + random.weighted(hourWeights) * 60 + random.between(0, 60);
  return city.calendar.instant(shape.day, 0) + Math.round(minute * 60) * 1000;
}

interface Plan {
  readonly riders: readonly Resident[];
  readonly purpose: OutingPurpose;
  readonly start: Point;
  readonly goal: Point;
  readonly home: Point;
  /** A further stop on the way back. */
  readonly stop: Point | null;
  readonly startMs: number;
  readonly dwellMs: number;
  readonly returns: boolean;
}

function planOuting(
  city: CityModel,
  population: Population,
  by: { resident: Resident; startMs: number; shape: DayShape; context: OutingContext },
): Plan | null {
  const { resident, startMs, context } = by;
  const { random, occupied } = context;
  const { demand } = city;
  const staysHome = by.shape.snow && resident.home.latE6 > demand.snow.northOfLatE6;
  if (staysHome && random.chance(1 - demand.snow.factor)) return null;
  const purpose = OUTING_PURPOSES[random.weighted(OUTING_PURPOSES.map((one) => demand.purposes[one]))] as OutingPurpose;
  const goal = destination(city, population, { resident, purpose, random });
  const shop = destination(city, population, { resident, purpose: "shopping", random });
  const start = random.chance(demand.home.originShare) ? resident.home : shop;
  if (distanceM(start, goal) < WALKED_M) return null;
  const dwellMs = Math.round(dwellHours(demand, random) * 3600) * 1000;
  const endMs = startMs + dwellMs + MS_PER_HOUR;
  if (!occupied.isFree(resident, startMs, endMs)) return null;
  const returns = random.chance(demand.returns.share);
  return {
    riders: party(city, population, { resident, random, isFree: (other) => occupied.isFree(other, startMs, endMs) }),
    purpose,
    start,
    goal,
    home: resident.home,
    stop: returns && distanceM(goal, shop) >= WALKED_M && random.chance(demand.secondStopShare) ? shop : null,
    startMs,
    dwellMs,
    returns,
  };
}

function driveOuting(city: CityModel, plan: Plan, { random, occupied }: OutingContext): readonly Trip[] {
  const { demand } = city;
  const { riders, purpose } = plan;
  const trips: Trip[] = [];
  const drive = (from: Point, to: Point, leg: { boardedAtMs: number; purpose: OutingPurpose }): Trip => {
    const outward = trips.length === 0;
    const twoUsesShare = plan.returns ? demand.twoUses.withReturnShare : demand.twoUses.share;
    const booked = outward && random.chance(demand.bookedShare);
    const trip = driveLeg(city, { riders, from, to, booked, twoUsesShare, ...leg }, random);
    trips.push(trip);
    return trip;
  };
  let last = drive(plan.start, plan.goal, { boardedAtMs: plan.startMs, purpose });
  let backAtMs = last.alightedAtMs + plan.dwellMs;
  if (plan.stop && mayReturn(city, backAtMs, random)) {
    last = drive(plan.goal, plan.stop, { boardedAtMs: backAtMs, purpose: "shopping" });
    backAtMs = last.alightedAtMs + Math.round(random.between(...SECOND_STOP_MINUTES)) * MS_PER_MINUTE;
  }
  if (plan.returns && distanceM(last.to, plan.home) >= WALKED_M && mayReturn(city, backAtMs, random)) {
    last = drive(last.to, plan.home, { boardedAtMs: backAtMs, purpose });
  }
  for (const rider of riders) occupied.take(rider, plan.startMs, last.alightedAtMs);
  return trips;
}

function destination(
  city: CityModel,
  population: Population,
  { resident, purpose, random }: { resident: Resident; purpose: OutingPurpose; random: Random },
): Point {
  const habits = population.habits(resident);
  if (purpose === "care") return habits.hospitals[random.chance(USUAL_PLACE_SHARE) ? 0 : 1].at;
  if (purpose === "shopping" && random.chance(USUAL_PLACE_SHARE)) return habits.shop.at;
  return chooseOther(city, purpose, { home: resident.home, random }).at;
}

const COMPANION_TRIES = 8;

/** The resident alone, or with registrants of the same town. */
function party(
  city: CityModel,
  population: Population,
  by: { resident: Resident; random: Random; isFree: (other: Resident) => boolean },
): readonly Resident[] {
  const { two, three, four } = city.demand.sharing;
  const companions = by.random.weighted([1 - two - three - four, two, three, four]);
  const riders = [by.resident];
  const candidates = population.neighbours(by.resident.town);
  for (let tries = 0; riders.length <= companions && tries < COMPANION_TRIES; tries++) {
    const other = candidates[by.random.below(candidates.length)];
    if (other && !riders.includes(other) && by.isFree(other)) riders.push(other);
  }
  return riders;
}

/** True when a return may begin then: few still ride after the last covered hour. */
function mayReturn(city: CityModel, atMs: number, random: Random): boolean {
  const { minute } = city.calendar.local(atMs);
  const { end } = coveredMinutes(city);
  if (minute < end) return true;
  return minute <= city.demand.edges.lastMinute && random.chance(city.demand.edges.afterHoursKeptShare);
}

/** A registrant rides between two places beyond the border: the scheme does not cover it. */
function outsideLeg(
  city: CityModel,
  resident: Resident,
  { startMs, context }: { startMs: number; context: OutingContext },
): Leg | null {
  const { random, occupied } = context;
  const from = random.pick(city.beyond).at;
  const to = random.pick(city.beyond).at;
  const metres = distanceM(from, to);
  if (metres < WALKED_M || metres > LONGEST_OUTSIDE_M) return null;
  if (!occupied.isFree(resident, startMs, startMs + MS_PER_HOUR)) return null;
  occupied.take(resident, startMs, startMs + MS_PER_HOUR);
  return { riders: [resident], from, to, boardedAtMs: startMs, booked: false, purpose: "care", twoUsesShare: 0 };
}
