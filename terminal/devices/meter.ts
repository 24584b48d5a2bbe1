import type { MeterReading } from "#protocol/meter/meter-reading.ts";

export type { MeterReading, MeterState } from "#protocol/meter/meter-reading.ts";

export type MeterEvent =
  | { readonly kind: "connected"; readonly name: string }
  | { readonly kind: "disconnected"; readonly reason: string }
  | { readonly kind: "reading"; readonly reading: MeterReading };

/** A taximeter: HID, keypad or simulator. */
export interface MeterPort {
  readonly technology: "hid" | "keypad" | "simulator";
  /** Starts to watch; events come one at a time: first `connected` or `disconnected`, then readings as they change. */
  start(listener: (event: MeterEvent) => void): void;
  /** Ends it; no event comes afterwards. */
  close(): Promise<void>;
}
