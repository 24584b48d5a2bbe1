/** A place on the WGS 84 ellipsoid in integer micro-degrees, so that it has one canonical form. */
export interface Point {
  readonly latE6: number;
  readonly lngE6: number;
}

const EARTH_RADIUS_M = 6_371_008.8;
const radians = (e6: number): number => (e6 / 1e6) * (Math.PI / 180);

/** Crow-fly distance in whole metres (haversine). */
export function distanceM(a: Point, b: Point): number {
  const dLat = radians(b.latE6 - a.latE6);
  const dLng = radians(b.lngE6 - a.lngE6);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.latE6)) * Math.cos(radians(b.latE6)) * Math.sin(dLng / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h))));
}

/** True when a point lies inside a closed ring (even-odd rule). */
export function isInside(point: Point, ring: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i] as Point;
    const b = ring[j] as Point;
    const crosses = a.latE6 > point.latE6 !== b.latE6 > point.latE6;
    if (crosses && point.lngE6 < ((b.lngE6 - a.lngE6) * (point.latE6 - a.latE6)) / (b.latE6 - a.latE6) + a.lngE6) {
      inside = !inside;
    }
  }
  return inside;
}

/** A named part of a city for counting; a point belongs to the zone whose seed is nearest. */
export interface ZoneSeed {
  readonly id: string;
  readonly seeds: readonly Point[];
}

/** Id of the zone nearest to a point, or undefined when the city has no zones. Ties go to the earlier zone. */
export function zoneOf(point: Point, zones: readonly ZoneSeed[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const zone of zones) {
    for (const seed of zone.seeds) {
      const scale = Math.cos(radians(point.latE6));
      const d = (point.latE6 - seed.latE6) ** 2 + ((point.lngE6 - seed.lngE6) * scale) ** 2;
      if (d < bestDistance) {
        bestDistance = d;
        best = zone.id;
      }
    }
  }
  return best;
}
