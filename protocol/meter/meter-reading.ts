import type { FareComponent } from "#domain/ride/fare.ts";

/** States of a Japanese taximeter: 空車, 迎車, 賃走, 割増, 支払 (docs/protocols/taximeter.md §1), and no answer. */
export const METER_STATES = ["vacant", "pickup", "hired", "premium", "paying", "off"] as const;
export type MeterState = (typeof METER_STATES)[number];

/** One reading. In `paying` the components are authoritative: never recomputed, only checked for plausibility. */
export interface MeterReading {
  readonly state: MeterState;
  readonly components: readonly FareComponent[];
  readonly distanceM: number | null;
}

/** True in the states in which a fare stands on the meter. */
export function showsFare(state: MeterState): boolean {
  return state === "hired" || state === "premium" || state === "paying";
}
