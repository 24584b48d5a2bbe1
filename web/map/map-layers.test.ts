import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gazetteer } from "#protocol/documents/gazetteer.ts";
import type { PictureSnapshot } from "#protocol/stream/events.ts";
import { edgeHints, PAGE_CORNERS, PANE_CORNERS } from "./edge-hints.ts";
import { alongPath } from "./geometry.ts";
import { mapFeatures, zoneLabelFeatures } from "./map-features.ts";
import { IMAGES, mapStyle } from "./map-style.ts";
import type { MapPalette } from "./palette.ts";
import {
  allHidden,
  hiddenZones,
  pulseDiscs,
  pulseHour,
  pulseRadius,
  taxiPositions,
  zonePulses,
} from "./picture-layers.ts";
import { areaZones, type CityZone } from "./zones.ts";

const CITIES = join(import.meta.dirname, "../../cities");
const cityIds = readdirSync(CITIES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const read = (city: string, file: string): unknown => JSON.parse(readFileSync(join(CITIES, city, file), "utf8"));
const palette = new Proxy({}, { get: () => "rgb(1, 2, 3)" }) as MapPalette;

const zone = (id: string, index: number): CityZone => ({
  id,
  name: { ja: id, easy: id, en: id },
  label: { latE6: 36_400_000 + index * 10_000, lngE6: 139_000_000 },
  seeds: [{ latE6: 36_400_000 + index * 10_000, lngE6: 139_000_000 }],
});
const ZONES = ["a", "b", "c", "d"].map(zone);

const picture = (pulses: PictureSnapshot["pulses"]): PictureSnapshot => ({
  feed: "picture",
  at: 0,
  day: "2026-11-24",
  ridesToday: 0,
  refusedToday: 0,
  subsidyToldMinor: 0,
  subsidyToldRides: 0,
  subsidyToldUpTo: null,
  ridesTotal: 0,
  pulses,
});

describe.each(cityIds)("the map of %s", (city) => {
  const places = gazetteer.parse(read(city, "gazetteer.json"));
  const { zones } = areaZones.parse(read(city, "area.json"));

  it.each(["ja", "en"] as const)(
    "has a name in %s for everything of the first rank, and a border that closes",
    (language) => {
      const features = mapFeatures(places, zones, language);
      for (const { properties } of [...features.points.features, ...features.labels.features]) {
        expect(properties?.name).toBeTruthy();
      }
      const [border] = features.border.features;
      const line = border?.geometry.type === "LineString" ? border.geometry.coordinates : [];
      expect(line.at(-1)).toEqual(line[0]);
      expect(features.zones.features).toHaveLength(zones.length);
    },
  );

  it("writes every railway's and every river's name along itself and gives every numbered road a shield", () => {
    const features = mapFeatures(places, zones, "ja");
    for (const line of places.lines) {
      if (line.kind === "river" && line.name && line.rank === 1) {
        const name = line.name.short?.ja ?? line.name.ja;
        expect(features.riverNames.features.filter((each) => each.properties?.name === name).length).toBeGreaterThan(2);
      }
      if (line.kind.startsWith("railway") && line.name) {
        const name = line.name.short?.ja ?? line.name.ja;
        expect(features.railNames.features.some((each) => each.properties?.name === name)).toBe(true);
      }
      if (line.shield !== null) {
        expect(features.shields.features.some((each) => each.properties?.shield === line.shield)).toBe(true);
      }
    }
  });

  it.each(["page", "pane"] as const)("draws only sources and images that exist (%s)", (room) => {
    const style = mapStyle(mapFeatures(places, zones, "ja"), palette, room);
    const ids = style.layers.map((layer) => layer.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const layer of style.layers) {
      if ("source" in layer) expect(Object.keys(style.sources)).toContain(layer.source);
      const image = layer.type === "symbol" ? layer.layout?.["icon-image"] : undefined;
      if (image !== undefined) expect(IMAGES).toContain(image);
    }
    // Counts and stations stand above every other name; hidden areas lie under the lines people orient by.
    expect(ids.slice(-2)).toEqual(["zone-counts", "stations"]);
    expect(ids.indexOf("zone-hidden")).toBeLessThan(ids.indexOf("river"));
  });
});

describe("pulses", () => {
  const pulses = zonePulses(
    ZONES,
    picture([
      { zoneId: "a", quarterStart: 2_700_000, rides: 40 },
      { zoneId: "b", quarterStart: 2_700_000, rides: 0 },
      { zoneId: "c", quarterStart: 2_700_000, rides: null },
    ]),
  );

  it("keeps hidden, zero and missing apart: hidden is never drawn like zero", () => {
    expect(pulses.map((pulse) => pulse.rides)).toEqual([40, 0, null, null]);
    expect(hiddenZones(pulses, picture([]))).toEqual(["c", "d"]);
    expect(pulseDiscs(pulses).map((disc) => disc.zoneId)).toEqual(["a"]);
    const labels = zoneLabelFeatures(ZONES, new Map(pulses.map((pulse) => [pulse.zone.id, pulse.rides])), "ja");
    expect(labels.features.map((feature) => feature.properties?.count)).toEqual(["40", "", "", ""]);
  });

  it("says that all is hidden only when it is, never while it loads or where one zone is empty", () => {
    const quiet = picture([{ zoneId: "a", quarterStart: 0, rides: null }]);
    expect(allHidden(zonePulses(ZONES, quiet), quiet)).toBe(true);
    expect(allHidden(pulses, picture([]))).toBe(false);
    expect(allHidden(zonePulses(ZONES, null), null)).toBe(false);
  });

  it("hatches nothing before there is a picture", () => {
    expect(hiddenZones(zonePulses(ZONES, null), null)).toEqual([]);
  });

  it("grows with the rides and stays small enough to see the map", () => {
    expect(pulseRadius(0)).toBe(0);
    expect(pulseRadius(10)).toBeLessThan(pulseRadius(20));
    expect(pulseRadius(100_000)).toBeLessThanOrEqual(46);
  });

  it("speaks of the hour before the end of the last full quarter", () => {
    expect(pulseHour(picture([{ zoneId: "a", quarterStart: 2_700_000, rides: 5 }]))).toEqual({
      from: 0,
      to: 3_600_000,
    });
    expect(pulseHour(picture([]))).toBeNull();
  });
});

describe("free taxis", () => {
  it("keep a steady order, so that none seems to jump", () => {
    const taxi = (taxiKey: string) => ({ taxiKey, latE6: 36_000_000, lngE6: 139_000_000 });
    const keys = (order: string[]) => taxiPositions(order.map(taxi)).map((each) => each.key);
    expect(keys(["b", "a", "c"])).toEqual(keys(["c", "b", "a"]));
  });
});

describe("what lies beyond the edge", () => {
  const label = (id: string, rank: number) => ({
    id,
    kind: "mountain" as const,
    name: { ja: id, en: id },
    rank,
    at: [0, 0] as [number, number],
  });
  const at = (x: number, y: number, corners = PANE_CORNERS) =>
    edgeHints([label("m", 1), label("n", 2)], {
      width: 800,
      height: 400,
      language: "ja",
      kinds: ["mountain"],
      project: () => ({ x, y }),
      corners,
    });

  it("is pointed to from where a straight line to it leaves the map", () => {
    expect(at(400, -300)).toEqual([{ id: "m", kind: "mountain", name: "m", x: 400, y: 0, edge: "top" }]);
    expect(at(3000, 200)[0]).toMatchObject({ edge: "right", x: 800, y: 200 });
    expect(at(-3000, 5000)[0]?.edge).toBe("bottom");
  });

  it("never slips under the legend, the inset or the keys in the corners", () => {
    const right = at(3000, -500, PAGE_CORNERS)[0];
    expect(right).toMatchObject({ edge: "right", x: 800 });
    expect(right?.y).toBeGreaterThan(PAGE_CORNERS.topRight.height);
    const below = at(-300, 900, PAGE_CORNERS)[0];
    expect(below).toMatchObject({ edge: "bottom", y: 400 });
    expect(below?.x).toBeGreaterThan(PAGE_CORNERS.bottomLeft.width);
  });

  it("is not pointed to while it is in view, unless its name would be cut", () => {
    expect(at(400, 200)).toEqual([]);
    expect(at(400, 5)).toHaveLength(1);
  });

  it("follows a path by its length", () => {
    expect(
      alongPath(
        [
          [0, 0],
          [1, 0],
          [2, 0],
        ],
        0.75,
      ),
    ).toEqual([1.5, 0]);
  });
});
