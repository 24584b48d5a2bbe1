import type { FareComponent } from "#domain/ride/fare.ts";

/** States of a Japanese taximeter: 空車, 迎車, 賃走, 割増, 支払 (FACTS §5), and no answer. */
export const METER_STATES = ["vacant", "pickup", "hired", "premium", "paying", "off"] as const;
export type MeterState = (typeof METER_STATES)[number];

/** One reading. In `paying` the components are authoritative: never recomputed, only checked for plausibility. */
export interface MeterReading {
  readonly state: MeterState;
  readonly components: readonly FareComponent[];
  readonly distanceM: number | null;
}

export type MeterEvent =
  | { readonly kind: "connected"; readonly name: string }
  | { readonly kind: "disconnected"; readonly reason: string }
  | { readonly kind: "reading"; readonly reading: MeterReading };

/** A taximeter: HID, keypad or simulator. */
export interface MeterPort {
  readonly technology: "hid" | "keypad" | "simulator";
  start(listener: (event: MeterEvent) => void): void;
  close(): Promise<void>;
}
