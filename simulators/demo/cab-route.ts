import type { City } from "#domain/city/city.ts";
import { distanceM, isInside, type Point } from "#domain/geo/point.ts";

/** Where the simulated cab is: it drives between places of the city and waits where it ends. */
export interface CabRoute {
  readonly place: Point;
  readonly moving: boolean;
  /** Sets out for the next place; arrives after `durationMs`. Returns the way's length in metres. */
  depart(durationMs: number): number;
  arrive(): void;
}

/** A route over the given places, one after another. @param clock ms that never go back */
export function createCabRoute(places: readonly Point[], clock: () => number): CabRoute {
  let at = 0;
  let leg: { readonly startedAtMs: number; readonly durationMs: number } | null = null;
  const from = (): Point => places[at % places.length] as Point;
  const to = (): Point => places[(at + 1) % places.length] as Point;
  return {
    get place() {
      if (!leg) return from();
      const share = Math.min(1, (clock() - leg.startedAtMs) / Math.max(1, leg.durationMs));
      const mix = (a: number, b: number): number => Math.round(a + (b - a) * share);
      return { latE6: mix(from().latE6, to().latE6), lngE6: mix(from().lngE6, to().lngE6) };
    },
    get moving() {
      return leg !== null;
    },
    depart(durationMs) {
      leg = { startedAtMs: clock(), durationMs };
      return distanceM(from(), to());
    },
    arrive() {
      if (!leg) return;
      leg = null;
      at += 1;
    },
  };
}

/** How many of the city's places the cab drives between. */
const PLACES = 12;

/** Places of the city for a route, one a zone, evenly chosen; the cab stands at the first one. */
export function placesOf(city: Pick<City, "zones" | "border">): readonly Point[] {
  const inside = city.zones.map((zone) => zone.label).filter((label) => isInside(label, city.border));
  const places = inside.length > 1 ? inside : city.border;
  const stride = Math.max(1, Math.floor(places.length / PLACES));
  return places.filter((_, index) => index % stride === 0).slice(0, PLACES);
}
