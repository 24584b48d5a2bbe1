import { distanceM, type Point } from "#domain/geo/point.ts";

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
