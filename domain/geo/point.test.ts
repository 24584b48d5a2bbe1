import { describe, expect, it } from "vitest";
import { distanceM, isInside, type Point, zoneOf } from "./point.ts";

const at = (lat: number, lng: number): Point => ({ latE6: Math.round(lat * 1e6), lngE6: Math.round(lng * 1e6) });

describe("distance", () => {
  it("is the crow's, in metres", () => {
    // A degree of a great circle on the mean sphere is 111,195 m.
    expect(distanceM(at(0, 0), at(0, 1))).toBe(111_195);
    expect(distanceM(at(36, 139), at(37, 139))).toBe(111_195);
    expect(distanceM(at(60, 0), at(60, 1))).toBeGreaterThan(55_590);
    expect(distanceM(at(60, 0), at(60, 1))).toBeLessThan(55_600);
  });

  it("of the railway stations Maebashi and Takasaki is about 8.7 km", () => {
    expect(distanceM(at(36.3834, 139.0728), at(36.3222, 139.0124))).toBeCloseTo(8_700, -2);
  });

  it("is zero to itself and never fails on the other side of the earth", () => {
    expect(distanceM(at(36, 139), at(36, 139))).toBe(0);
    expect(distanceM(at(0, 0), at(0, 180))).toBe(20_015_114);
  });
});

describe("inside a ring", () => {
  // A U: the notch from above is outside.
  const ring = [at(0, 0), at(0, 3), at(3, 3), at(3, 2), at(1, 2), at(1, 1), at(3, 1), at(3, 0)];

  it.each([
    [at(0.5, 1.5), true],
    [at(2, 0.5), true],
    [at(2, 2.5), true],
    [at(2, 1.5), false],
    [at(-0.5, 1.5), false],
    [at(0.5, 3.5), false],
    [at(0.5, -0.5), false],
    [at(3.5, 0.5), false],
  ])("%j: %s", (point, inside) => {
    expect(isInside(point, ring)).toBe(inside);
    expect(isInside(point, ring.toReversed())).toBe(inside);
    expect(isInside(point, [...ring, ring[0] as Point])).toBe(inside);
  });

  it("nothing is inside no ring", () => {
    expect(isInside(at(0, 0), [])).toBe(false);
  });

  it("every point between two cities that share a border belongs to exactly one of them", () => {
    const west = [at(0, 0), at(0, 1), at(2, 1.3), at(2, 0)];
    const east = [at(0, 1), at(0, 2), at(2, 2), at(2, 1.3)];
    for (let lng = 0.05; lng < 2; lng += 0.05) {
      for (const lat of [0.3, 1, 1.7]) {
        expect(Number(isInside(at(lat, lng), west)) + Number(isInside(at(lat, lng), east))).toBe(1);
      }
    }
  });
});

describe("zone of a point", () => {
  const zones = [
    { id: "centre", seeds: [at(36.39, 139.06)] },
    { id: "east", seeds: [at(36.39, 139.12), at(36.42, 139.16)] },
  ];

  it("is that of the nearest seed", () => {
    expect(zoneOf(at(36.389, 139.07), zones)).toBe("centre");
    expect(zoneOf(at(36.41, 139.15), zones)).toBe("east");
  });

  it("measures a degree of longitude shorter than one of latitude", () => {
    const cross = [
      { id: "north", seeds: [at(61, 0)] },
      { id: "east", seeds: [at(60, 1.5)] },
    ];
    expect(zoneOf(at(60, 0), cross)).toBe("east");
  });

  it("goes to the earlier zone on a tie, and to none where there is none", () => {
    const twins = zones.map((zone) => ({ id: zone.id, seeds: [at(36, 139)] }));
    expect(zoneOf(at(36.1, 139), twins)).toBe("centre");
    expect(zoneOf(at(36.1, 139), [])).toBeUndefined();
  });
});
