import type { Point } from "../geo/point.ts";

/** Erasable facts of a ride: exact places and the purpose a rider chose to say. Kept beside the log, never in it. */
export interface ErasableFacts {
  readonly boarding: Point | null;
  readonly alighting: Point | null;
  readonly purpose: Purpose | null;
}

/** Purposes a rider may choose to tell; "not said" is null. */
export const PURPOSES = ["care", "shopping", "meeting", "leisure", "errand"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The canonical text that is hashed together with a random salt (≥ 128 bit) into the commitment. */
export function canonicalErasable(facts: ErasableFacts): string {
  const place = (point: Point | null): readonly number[] | null => (point ? [point.latE6, point.lngE6] : null);
  return JSON.stringify(["notte.places.v1", place(facts.boarding), place(facts.alighting), facts.purpose]);
}
