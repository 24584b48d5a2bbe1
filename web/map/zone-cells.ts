import type { ZoneSeed } from "#domain/geo/point.ts";
import { type Bounds, grown, type LngLat } from "./geometry.ts";

/** The area of one zone as rings, and the lines between different zones. */
export interface ZoneCells {
  readonly cells: readonly { readonly zoneId: string; readonly rings: readonly LngLat[][] }[];
  readonly borders: readonly [LngLat, LngLat][];
}

interface Corner {
  readonly x: number;
  readonly y: number;
  /** Seed on the other side of the edge that starts here; -1 at the frame. */
  readonly beyond: number;
}

/**
 * Areas of zones: a place belongs to the zone of its nearest seed (`zoneOf` in the domain), so a zone is the union of
 * its seeds' cells. Cells reach beyond the city; the map covers what lies outside its border.
 * @param bounds bounds of the city
 */
export function zoneCells(zones: readonly ZoneSeed[], bounds: Bounds): ZoneCells {
  // The domain compares longitudes shortened by the latitude's cosine; one latitude per city is exact enough to draw.
  const shrink = Math.cos((((bounds.south + bounds.north) / 2) * Math.PI) / 180);
  const frame = grown(bounds, 0.3);
  const seeds = zones.flatMap((zone, zoneIndex) =>
    zone.seeds.map((seed) => ({ zoneIndex, x: (seed.lngE6 / 1e6) * shrink, y: seed.latE6 / 1e6 })),
  );
  const back = (corner: { x: number; y: number }): LngLat => [corner.x / shrink, corner.y];
  const rings: LngLat[][][] = zones.map(() => []);
  const borders: [LngLat, LngLat][] = [];
  seeds.forEach((seed, index) => {
    const cell = cellOf(index, seeds, {
      west: frame.west * shrink,
      east: frame.east * shrink,
      south: frame.south,
      north: frame.north,
    });
    if (cell.length < 3) return;
    const ring = cell.map(back);
    ring.push([...(ring[0] as LngLat)]);
    rings[seed.zoneIndex]?.push(ring);
    cell.forEach((corner, at) => {
      const other = corner.beyond < 0 ? undefined : seeds[corner.beyond];
      // Each border is met from both sides; the side of the smaller index draws it.
      if (!other || other.zoneIndex === seed.zoneIndex || corner.beyond < index) return;
      borders.push([back(corner), back(cell[(at + 1) % cell.length] as Corner)]);
    });
  });
  return {
    cells: zones.map((zone, zoneIndex) => ({ zoneId: zone.id, rings: rings[zoneIndex] ?? [] })),
    borders,
  };
}

function cellOf(index: number, seeds: readonly { x: number; y: number }[], frame: Bounds): Corner[] {
  const own = seeds[index] as { x: number; y: number };
  let cell: Corner[] = [
    { x: frame.west, y: frame.south, beyond: -1 },
    { x: frame.east, y: frame.south, beyond: -1 },
    { x: frame.east, y: frame.north, beyond: -1 },
    { x: frame.west, y: frame.north, beyond: -1 },
  ];
  seeds.forEach((other, otherIndex) => {
    if (otherIndex !== index && (other.x !== own.x || other.y !== own.y)) cell = cut(cell, own, other, otherIndex);
  });
  return cell;
}

/** Keeps what is nearer to `own` than to `other`. */
function cut(
  cell: readonly Corner[],
  own: { x: number; y: number },
  other: { x: number; y: number },
  otherIndex: number,
): Corner[] {
  const nx = other.x - own.x;
  const ny = other.y - own.y;
  const middle = nx * (own.x + other.x) * 0.5 + ny * (own.y + other.y) * 0.5;
  const side = (corner: { x: number; y: number }): number => corner.x * nx + corner.y * ny - middle;
  const kept: Corner[] = [];
  cell.forEach((corner, at) => {
    const next = cell[(at + 1) % cell.length] as Corner;
    const here = side(corner);
    const there = side(next);
    if (here <= 0) kept.push(corner);
    if (here <= 0 === there <= 0) return;
    const share = here / (here - there);
    kept.push({
      x: corner.x + (next.x - corner.x) * share,
      y: corner.y + (next.y - corner.y) * share,
      // Leaving the kept side, the new edge runs along the cut; coming back, it goes on along the old one.
      beyond: here <= 0 ? otherIndex : corner.beyond,
    });
  });
  return kept;
}
