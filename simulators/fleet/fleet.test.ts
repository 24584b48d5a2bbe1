import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dayNumber } from "#domain/time/local.ts";
import { gazetteer } from "#protocol/documents/gazetteer.ts";
import { loadCityModel } from "../city/city-model.ts";
import { shapeOfDay } from "../city/day-shape.ts";
import { createOutingSource } from "../city/outings.ts";
import { lengthM } from "../city/streets.ts";
import { createPopulation } from "../people/residents.ts";
import { createRandom } from "../random.ts";
import { createArrivals, ridesPerHour } from "./arrivals.ts";
import { driving, positionAt } from "./motion.ts";
import { createRoadGraph } from "./road-graph.ts";

const city = loadCityModel("cities", "maebashi");
const places = gazetteer.parse(JSON.parse(readFileSync("cities/maebashi/gazetteer.json", "utf8")));
const roads = createRoadGraph(places, city.streets);
const tuesday = dayNumber(2026, 11, 24);

describe("ways of the live fleet", () => {
  it("begin and end where they should, and are little longer than the straight way", () => {
    for (const town of city.towns.filter((_, index) => index % 9 === 0)) {
      for (const { at } of city.hospitals.slice(0, 7)) {
        const path = roads.path(town.at, at);
        expect([path[0], path.at(-1)]).toEqual([town.at, at]);
        expect(lengthM(path)).toBeLessThan(1.6 * lengthM(city.streets.way(town.at, at)));
      }
    }
  });

  it("are driven without jumps", () => {
    const path = roads.path(city.placeById("station:ogo").at, city.placeById("office:city-hall").at);
    const motion = driving(path, 0, 36);
    for (let at = 0; at < motion.endMs; at += 1_000) {
      const step = lengthM([positionAt(motion, at), positionAt(motion, at + 1_000)]);
      expect(step).toBeLessThan(12);
    }
    expect(positionAt(motion, motion.endMs + 5_000)).toEqual(path.at(-1));
  });
});

describe("arrivals", () => {
  it("come at the rate of the hour, and not at night", () => {
    const shape = shapeOfDay(city, tuesday, createRandom("day"));
    expect(ridesPerHour(city, shape, 9 * 60)).toBeCloseTo(shape.rides * 0.15, 5);
    expect(ridesPerHour(city, shape, 3 * 60)).toBe(0);
    const population = createPopulation(city, createRandom(1).substream("people"));
    const outings = createOutingSource(city, population, createRandom("hours"));
    const arrivals = createArrivals(city, outings, { random: createRandom("arrivals"), factor: 1 });
    const start = city.calendar.instant(tuesday, 9 * 60);
    let legs = 0;
    for (let second = 0; second <= 3_600; second += 5) legs += arrivals(start + second * 1_000).length;
    expect(legs).toBeGreaterThan(80);
    expect(legs).toBeLessThan(170);
  });
});
