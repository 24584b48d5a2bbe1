import type { Point } from "#domain/geo/point.ts";
import { formatDay, parseDay } from "#domain/time/local.ts";
import { chooseHospital, chooseOther } from "../city/choose-place.ts";
import type { CityModel, CityPlace } from "../city/city-model.ts";
import { offset } from "../city/streets.ts";
import type { Random } from "../random.ts";

/** A pseudonymous registrant: a home, habits and two random ids. No name, no age, no reason for being entitled. */
export interface Resident {
  readonly index: number;
  readonly entitlementId: string;
  readonly credentialId: string;
  readonly town: number;
  readonly home: Point;
  /** Relative frequency of outings; 0 for the registered who never ride. */
  readonly activity: number;
  /** The firm gives this rider its disability discount. */
  readonly discounted: boolean;
  readonly validFrom: string;
  readonly validTo: string;
}

/** Where a resident usually goes; fixed, so that the same people are seen at the same places again. */
export interface Habits {
  readonly hospitals: readonly [CityPlace, CityPlace];
  readonly shop: CityPlace;
}

/** The registrants of a city. The same seed gives the same people. */
export interface Population {
  readonly residents: readonly Resident[];
  /** A resident drawn by activity. */
  draw(random: Random): Resident;
  /** Active residents of a town. */
  neighbours(town: number): readonly Resident[];
  habits(resident: Resident): Habits;
}

/** Entitlements without an end of their own run to the end of a far fiscal year. */
const OPEN_END = "2035-03-31";
const MEMBERS_SINCE = { from: parseDay("2016-01-23") as number, days: 2190 };
/** Three of four visits go to the place a person usually goes to. */
export const USUAL_PLACE_SHARE = 0.75;

/** Makes the registrants of a city from `random` (a stream of the seed). */
export function createPopulation(city: CityModel, random: Random): Population {
  const townWeights = city.towns.map((town) => town.weight);
  const cumulative = cumulate(townWeights);
  const residents: Resident[] = [];
  for (let index = 0; index < city.demand.registrants; index++) {
    residents.push(createResident(city, index, { random, townCumulative: cumulative }));
  }
  const active = residents.filter((resident) => resident.activity > 0);
  const activeCumulative = cumulate(active.map((resident) => resident.activity));
  const byTown: Resident[][] = city.towns.map(() => []);
  for (const resident of active) byTown[resident.town]?.push(resident);
  const habits = new Map<number, Habits>();
  const habitRandom = random.substream("habits");
  return {
    residents,
    draw: (from) => active[indexAt(activeCumulative, from.next())] as Resident,
    neighbours: (town) => byTown[town] ?? [],
    habits(resident) {
      let found = habits.get(resident.index);
      if (!found) {
        found = createHabits(city, resident.home, habitRandom.substream(String(resident.index)));
        habits.set(resident.index, found);
      }
      return found;
    },
  };
}

function createResident(
  city: CityModel,
  index: number,
  from: { random: Random; townCumulative: readonly number[] },
): Resident {
  const { random } = from;
  const { demand } = city;
  const town = indexAt(from.townCumulative, random.next());
  const activeShare = random.next();
  const activity =
    activeShare < demand.activeShare
      ? (demand.activity[random.weighted(demand.activity.map((kind) => kind.share))]?.weight ?? 1)
      : 0;
  const expires = random.chance(demand.expiry.share);
  const since = MEMBERS_SINCE.from + random.below(MEMBERS_SINCE.days);
  const [firstEnd, lastEnd] = [demand.expiry.fromDay, demand.expiry.toDay].map((day) => parseDay(day) ?? 0) as [
    number,
    number,
  ];
  const ends = firstEnd + random.below(lastEnd - firstEnd + 1);
  return {
    index,
    entitlementId: random.uuid(),
    credentialId: random.uuid(),
    town,
    home: homeIn(city, town, random),
    activity,
    discounted: random.chance(demand.discounts.disabilityShare),
    validFrom: formatDay(since),
    validTo: expires ? formatDay(ends) : OPEN_END,
  };
}

function homeIn(city: CityModel, town: number, random: Random): Point {
  const [nearM, farM] = city.demand.home.offsetM;
  const centre = city.towns[town]?.at as Point;
  const bearing = random.next() * 2 * Math.PI;
  const distance = random.between(nearM, farM);
  const home = offset(centre, Math.cos(bearing) * distance, Math.sin(bearing) * distance);
  if (city.isInArea(home)) return home;
  const other = offset(centre, -Math.cos(bearing) * distance, -Math.sin(bearing) * distance);
  return city.isInArea(other) ? other : centre;
}

function createHabits(city: CityModel, home: Point, random: Random): Habits {
  return {
    hospitals: [chooseHospital(city, home, random), chooseHospital(city, home, random)],
    shop: chooseOther(city, "shopping", { home, random }),
  };
}

function cumulate(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let running = 0;
  return weights.map((weight) => {
    running += weight;
    return running / total;
  });
}

/** First index whose cumulative share is above `at`. */
function indexAt(cumulative: readonly number[], at: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
