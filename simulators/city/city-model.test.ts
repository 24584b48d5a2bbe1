import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { distanceM, zoneOf } from "#domain/geo/point.ts";
import { gazetteer } from "#protocol/documents/gazetteer.ts";
import { createRandom } from "../random.ts";
import { chooseHospital } from "./choose-place.ts";
import { CityModelError, loadCityModel, pointOf } from "./city-model.ts";
import { lengthM } from "./streets.ts";

const city = loadCityModel("cities", "maebashi");
const read = (id: string, file: string) => JSON.parse(readFileSync(join("cities", id, file), "utf8"));

describe.each(["maebashi", "lakeside"])("the places of %s", (id) => {
  const places = gazetteer.parse(read(id, "gazetteer.json"));
  const area = read(id, "area.json");

  it("draw the border that rides are decided by", () => {
    expect(places.border.map(pointOf)).toEqual(area.border);
  });

  it("have one id each", () => {
    for (const list of [places.lines, places.points, places.labels]) {
      const ids = list.map((one) => one.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it("count towns in zones that all have some", () => {
    const counted = new Set(places.towns.map(({ at }) => zoneOf(pointOf(at), area.zones)));
    expect(counted).toEqual(new Set(area.zones.map((zone: { id: string }) => zone.id)));
  });
});

describe("a city with demand", () => {
  it("has all its towns inside the border", () => {
    expect(city.towns).toHaveLength(278);
    expect(city.towns.filter((town) => !city.isInArea(town.at)).map((town) => town.name)).toEqual([]);
  });

  it("puts towns into the zone of their district", () => {
    const zones = read("maebashi", "area.json").zones;
    for (const town of city.towns) {
      const zone = zoneOf(town.at, zones);
      if (town.name.startsWith("富士見町")) expect(zone, town.name).toBe("fujimi");
      if (town.name.startsWith("粕川町")) expect(zone, town.name).toBe("kasukawa");
      if (town.name.startsWith("総社町")) expect(zone, town.name).toBe("soja");
    }
  });

  it("crosses the river at bridges only", () => {
    const station = city.placeById("station:maebashi").at;
    const across = city.placeById("hospital:saiseikai").at;
    const way = city.streets.way(station, across);
    expect(way).toHaveLength(3);
    expect(city.demand.crossing.bridges.map(pointOf)).toContainEqual(way[1]);
    expect(city.streets.way(station, city.placeById("shopping:keyaki").at)).toHaveLength(2);
    expect(city.streets.roadM(station, across)).toBeCloseTo(lengthM(way) * 1.3, -1);
  });

  it("chooses hospitals by the given rule", () => {
    const random = createRandom("hospitals");
    const home = city.towns.find((town) => town.name === "大胡町")?.at;
    if (!home) throw new Error("the town is missing");
    const nearest = city.hospitals.toSorted((a, b) => distanceM(home, a.at) - distanceM(home, b.at))[0];
    const chosen = Array.from({ length: 4_000 }, () => chooseHospital(city, home, random));
    const share = chosen.filter((hospital) => hospital === nearest).length / chosen.length;
    // 45 % who go to the nearest, and those whom the other two rules lead there as well.
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.7);
    expect(new Set(chosen).size).toBeGreaterThan(10);
  });

  it("says clearly what is missing", () => {
    expect(() => loadCityModel("cities", "nowhere")).toThrow(CityModelError);
    expect(() => loadCityModel("cities", "lakeside")).toThrow(/demand\.json is missing/);
  });
});
