import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInside, type ZoneSeed, zoneOf } from "#domain/geo/point.ts";
import { closedRing, type LngLat, smooth } from "./geometry.ts";
import { zoneCells } from "./zone-cells.ts";

const BOUNDS = { west: 139, south: 36.3, east: 139.23, north: 36.56 };

const seedPoint = fc.record({
  latE6: fc.integer({ min: 36_300_000, max: 36_560_000 }),
  lngE6: fc.integer({ min: 139_000_000, max: 139_230_000 }),
});

const ringOf = (ring: readonly LngLat[]) =>
  ring.map(([lng, lat]) => ({ latE6: Math.round(lat * 1e6), lngE6: Math.round(lng * 1e6) }));

describe("zone cells", () => {
  it("put every place into the zone the domain counts it in", () => {
    const zones = fc.array(fc.array(seedPoint, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(zones, fc.array(seedPoint, { minLength: 1, maxLength: 20 }), (seeds, places) => {
        const list: ZoneSeed[] = seeds.map((points, index) => ({ id: `z${index}`, seeds: points }));
        const { cells } = zoneCells(list, BOUNDS);
        for (const place of places) {
          const counted = zoneOf(place, list);
          const drawn = cells.filter((cell) => cell.rings.some((ring) => isInside(place, ringOf(ring))));
          // The map takes one latitude's cosine for the whole city: on a border it may differ by some metres.
          if (nearBorder(place, list)) continue;
          expect(drawn.map((cell) => cell.zoneId)).toEqual([counted]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("cover the whole city once", () => {
    const zones: ZoneSeed[] = [
      { id: "a", seeds: [{ latE6: 36_350_000, lngE6: 139_050_000 }] },
      { id: "b", seeds: [{ latE6: 36_450_000, lngE6: 139_150_000 }] },
    ];
    const { cells, borders } = zoneCells(zones, BOUNDS);
    expect(cells.map((cell) => cell.rings.length)).toEqual([1, 1]);
    expect(borders).toHaveLength(1);
  });
});

/** True when the two nearest seeds of different zones are almost equally far. */
function nearBorder(place: { latE6: number; lngE6: number }, zones: readonly ZoneSeed[]): boolean {
  const scale = Math.cos((place.latE6 / 1e6) * (Math.PI / 180));
  const distances = zones
    .flatMap((zone) =>
      zone.seeds.map((seed) => Math.hypot(place.latE6 - seed.latE6, (place.lngE6 - seed.lngE6) * scale)),
    )
    .sort((a, b) => a - b);
  return (distances[1] ?? Number.POSITIVE_INFINITY) - (distances[0] ?? 0) < 1500;
}

describe("smooth lines", () => {
  it("pass through every point in order", () => {
    const points: LngLat[] = [
      [139, 36.3],
      [139.02, 36.35],
      [139.01, 36.4],
      [139.05, 36.42],
    ];
    const curve = smooth(points, 6);
    expect(curve).toHaveLength(19);
    for (const [index, point] of points.entries()) expect(curve[index * 6]).toEqual(point);
  });

  it("leaves a straight line alone", () => {
    expect(
      smooth([
        [1, 1],
        [2, 2],
      ]),
    ).toHaveLength(2);
  });
});

describe("rings", () => {
  it("are closed once", () => {
    const ring = closedRing([
      [0, 0],
      [0, 1_000_000],
      [1_000_000, 0],
    ]);
    expect(ring).toHaveLength(4);
    expect(ring.at(-1)).toEqual(ring[0]);
  });
});
