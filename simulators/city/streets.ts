import { distanceM, isInside, type Point } from "#domain/geo/point.ts";
import type { Gazetteer, Place } from "#protocol/documents/gazetteer.ts";
import type { Demand } from "./demand-document.ts";

/**
 * Distances and ways without a street map: crow-fly with a detour factor, and the river is crossed only at bridges.
 * Plausible for demand and for moving points on a schematic map; not for anything that costs money in earnest.
 */
export interface Streets {
  /** Corners of a way: start, at most one bridge, end. */
  way(from: Point, to: Point): readonly Point[];
  /** Road metres between two points. */
  roadM(from: Point, to: Point): number;
  /** Usual speed at a place and local hour, km/h. */
  speedKmh(at: Point, hour: number): number;
}

/** Builds the streets of a city from its gazetteer. A city without the named river has no crossing rule. */
export function createStreets(places: Gazetteer, demand: Demand): Streets {
  const toPoint = ([latE6, lngE6]: Place): Point => ({ latE6, lngE6 });
  const pathOf = (id: string): readonly Point[] =>
    (places.lines.find((line) => line.id === id)?.path ?? []).map(toPoint);
  const { detour, crossing, speeds } = demand;
  const river = pathOf(crossing.river);
  const bridges = crossing.bridges.map(toPoint);
  const ring = pathOf(speeds.ring);
  const bounds = boundsOf(river);

  const crossesRiver = (from: Point, to: Point): boolean => {
    if (Math.max(from.lngE6, to.lngE6) < bounds.west || Math.min(from.lngE6, to.lngE6) > bounds.east) return false;
    for (let i = 1; i < river.length; i++) {
      if (doCross(from, to, river[i - 1] as Point, river[i] as Point)) return true;
    }
    return false;
  };
  const way = (from: Point, to: Point): readonly Point[] => {
    if (!crossesRiver(from, to)) return [from, to];
    let best: Point | undefined;
    let bestM = Number.POSITIVE_INFINITY;
    for (const bridge of bridges) {
      const m = distanceM(from, bridge) + distanceM(bridge, to);
      if (m < bestM) {
        bestM = m;
        best = bridge;
      }
    }
    return best ? [from, best, to] : [from, to];
  };
  return {
    way,
    roadM(from, to) {
      const slopes = Math.max(from.latE6, to.latE6) > detour.slopesNorthOfLatE6;
      return Math.round(lengthM(way(from, to)) * (slopes ? detour.slopes : detour.plain));
    },
    speedKmh(at, hour) {
      if (at.latE6 > detour.slopesNorthOfLatE6) return speeds.slopesKmh;
      if (!isInside(at, ring)) return speeds.outsideKmh;
      return speeds.peakHours.includes(hour) ? speeds.ringPeakKmh : speeds.ringKmh;
    },
  };
}

/** Length of a polyline in metres. */
export function lengthM(path: readonly Point[]): number {
  let total = 0;
  for (let i = 1; i < path.length; i++) total += distanceM(path[i - 1] as Point, path[i] as Point);
  return total;
}

/** A point `northM` and `eastM` metres from another. */
export function offset(from: Point, northM: number, eastM: number): Point {
  const degreeM = 111_195;
  const lat = Math.round((northM / degreeM) * 1e6);
  const scale = Math.cos(((from.latE6 / 1e6) * Math.PI) / 180);
  return { latE6: from.latE6 + lat, lngE6: from.lngE6 + Math.round((eastM / (degreeM * scale)) * 1e6) };
}

function boundsOf(path: readonly Point[]): { west: number; east: number } {
  const lngs = path.map((point) => point.lngE6);
  return { west: Math.min(...lngs), east: Math.max(...lngs) };
}

/** True when the open segments ab and cd cross. */
function doCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q.lngE6 - p.lngE6) * (r.latE6 - p.latE6) - (q.latE6 - p.latE6) * (r.lngE6 - p.lngE6));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}
