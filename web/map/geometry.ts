import type { Place } from "#protocol/documents/gazetteer.ts";

/** GeoJSON order: longitude, latitude, in degrees. */
export type LngLat = [number, number];

/** `[latE6, lngE6]` → `[lng, lat]` in degrees. */
export function lngLat(place: Place): LngLat {
  return [place[1] / 1e6, place[0] / 1e6];
}

/** A closed ring for GeoJSON polygons. */
export function closedRing(path: readonly Place[]): LngLat[] {
  const ring = path.map(lngLat);
  const [first] = ring;
  const last = ring.at(-1);
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) ring.push([...first]);
  return ring;
}

/**
 * A centripetal Catmull-Rom curve through all points: a schematic river with twenty points reads as a river, and every
 * point (a bridge, a station) stays on it.
 * @param steps pieces between two points
 */
export function smooth(points: readonly LngLat[], steps = 6): LngLat[] {
  if (points.length < 3) return points.map((point) => [...point]);
  const at = (index: number): LngLat => points[Math.max(0, Math.min(points.length - 1, index))] as LngLat;
  const curve: LngLat[] = [[...at(0)]];
  for (let index = 0; index < points.length - 1; index++) {
    for (let step = 1; step <= steps; step++) {
      curve.push(
        step === steps
          ? [...at(index + 1)]
          : between(at(index - 1), at(index), at(index + 1), at(index + 2), step / steps),
      );
    }
  }
  return curve;
}

function between(p0: LngLat, p1: LngLat, p2: LngLat, p3: LngLat, part: number): LngLat {
  const knot = (from: LngLat, to: LngLat): number =>
    Math.max(1e-9, Math.sqrt(Math.hypot(to[0] - from[0], to[1] - from[1])));
  const t0 = 0;
  const t1 = t0 + knot(p0, p1);
  const t2 = t1 + knot(p1, p2);
  const t3 = t2 + knot(p2, p3);
  const t = t1 + (t2 - t1) * part;
  const mix = (a: LngLat, b: LngLat, from: number, to: number): LngLat => {
    const share = (t - from) / (to - from);
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  };
  const a1 = mix(p0, p1, t0, t1);
  const a2 = mix(p1, p2, t1, t2);
  const a3 = mix(p2, p3, t2, t3);
  return mix(mix(a1, a2, t0, t2), mix(a2, a3, t1, t3), t1, t2);
}

/** West, south, east, north in degrees. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Smallest bounds around places. */
export function boundsOf(places: readonly Place[]): Bounds {
  const points = places.map(lngLat);
  const lng = points.map((point) => point[0]);
  const lat = points.map((point) => point[1]);
  return { west: Math.min(...lng), south: Math.min(...lat), east: Math.max(...lng), north: Math.max(...lat) };
}

/** Bounds grown on every side by a share of their size. */
export function grown(bounds: Bounds, share: number): Bounds {
  const dx = (bounds.east - bounds.west) * share;
  const dy = (bounds.north - bounds.south) * share;
  return { west: bounds.west - dx, south: bounds.south - dy, east: bounds.east + dx, north: bounds.north + dy };
}

/** True when all of `inner` lies within `outer`. */
export function containsBounds(outer: Bounds, inner: Bounds): boolean {
  return (
    outer.west <= inner.west && outer.east >= inner.east && outer.south <= inner.south && outer.north >= inner.north
  );
}

/** The point at a share (0–1) of a path's length. */
export function alongPath(path: readonly LngLat[], share: number): LngLat {
  const shrink = Math.cos(((path[0]?.[1] ?? 0) * Math.PI) / 180);
  const lengths = path.slice(1).map((point, index) => {
    const before = path[index] as LngLat;
    return Math.hypot((point[0] - before[0]) * shrink, point[1] - before[1]);
  });
  let left = lengths.reduce((sum, length) => sum + length, 0) * share;
  for (const [index, length] of lengths.entries()) {
    const from = path[index] as LngLat;
    const to = path[index + 1] as LngLat;
    if (left <= length && length > 0) {
      const part = left / length;
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    }
    left -= length;
  }
  return [...(path.at(-1) as LngLat)];
}
