import { distanceM, type Point } from "#domain/geo/point.ts";
import type { Random } from "../random.ts";
import type { CityModel, CityPlace } from "./city-model.ts";
import type { OutingPurpose } from "./demand-document.ts";

/** Shares of three ways to choose: the nearest, by 1/d², or any of `any`. */
interface ChoiceRule {
  readonly nearestShare: number;
  readonly gravityShare: number;
  readonly anyShare: number;
}

/** Nobody takes a taxi to a place next door, metres. */
const NEXT_DOOR_M = 250;

/** A hospital for a person who lives at `home`. */
export function chooseHospital(city: CityModel, home: Point, random: Random): CityPlace {
  return choose(city.hospitals, city.commonHospitals, { home, rule: city.demand.hospitals, random });
}

/** A destination for an outing other than care. Family visits go to another town. */
export function chooseOther(
  city: CityModel,
  purpose: OutingPurpose,
  origin: { home: Point; random: Random },
): CityPlace {
  const { home, random } = origin;
  const rule = city.demand.otherPlaces;
  const among = (places: readonly CityPlace[]): CityPlace => choose(places, places, { home, rule, random });
  switch (purpose) {
    case "care":
      return chooseHospital(city, home, random);
    case "shopping":
      return among(city.shops);
    case "station":
      return random.chance(rule.stationCentralShare) ? city.placeById(rule.stationCentral) : among(city.stations);
    case "office":
      return random.chance(rule.officeCentralShare) ? city.placeById(rule.officeCentral) : among(city.offices);
    case "leisure":
      return among(city.leisure);
    case "family":
      return among(city.towns.map((town) => ({ id: `town:${town.name}`, at: town.at, inArea: true })));
    default:
      return purpose satisfies never;
  }
}

function choose(
  places: readonly CityPlace[],
  any: readonly CityPlace[],
  how: { home: Point; rule: ChoiceRule; random: Random },
): CityPlace {
  const { home, rule, random } = how;
  const way = random.weighted([rule.nearestShare, rule.gravityShare, rule.anyShare]);
  if (way === 2) return random.pick(any);
  const distances = places.map((place) => Math.max(NEXT_DOOR_M, distanceM(home, place.at)));
  if (way === 1) return places[random.weighted(distances.map((d) => 1 / (d * d)))] as CityPlace;
  let nearest = 0;
  for (const [index, d] of distances.entries()) {
    if (d < (distances[nearest] as number)) nearest = index;
  }
  return places[nearest] as CityPlace;
}
