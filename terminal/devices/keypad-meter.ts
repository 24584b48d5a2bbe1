import { minor } from "#domain/money/money.ts";
import { err, ok, type Result } from "#domain/result.ts";
import type { MeterReading, MeterState } from "#protocol/meter/meter-reading.ts";
import type { MeterEvent, MeterPort } from "./meter.ts";

export const KEYPAD_REFUSALS = ["NOT_AN_AMOUNT", "DIFFERENT", "TOO_HIGH"] as const;
export type KeypadRefusal = (typeof KEYPAD_REFUSALS)[number];

/** The fare typed by the driver where no meter can be connected: typed twice, because nothing else checks it. */
export interface KeypadMeter extends MeterPort {
  /** The passenger is aboard. */
  hire(): void;
  /** Both amounts must agree. Typing again before the ride is closed corrects it. */
  enterFare(fareMinor: number, repeatedFareMinor: number): Result<null, KeypadRefusal>;
  /** The ride is closed or was none. */
  clear(): void;
}

/** @param maximumMinor highest fare believed (the city's `absurdFareMinor`) */
export function createKeypadMeter(maximumMinor: number): KeypadMeter {
  let listener: ((event: MeterEvent) => void) | null = null;
  let reading: MeterReading = { state: "vacant", components: [], distanceM: null };

  const show = (state: MeterState, fareMinor: number | null = null) => {
    const components = fareMinor === null ? [] : [{ kind: "meter", amountMinor: minor(fareMinor) } as const];
    reading = { state, components, distanceM: null };
    listener?.({ kind: "reading", reading });
  };
  return {
    technology: "keypad",
    start(next) {
      listener = next;
      listener({ kind: "connected", name: "keypad" });
      listener({ kind: "reading", reading });
    },
    async close() {
      listener = null;
    },
    hire: () => show("hired"),
    clear: () => show("vacant"),
    enterFare(fareMinor, repeatedFareMinor) {
      if (!Number.isSafeInteger(fareMinor) || fareMinor <= 0) return err("NOT_AN_AMOUNT");
      if (fareMinor !== repeatedFareMinor) return err("DIFFERENT");
      if (fareMinor > maximumMinor) return err("TOO_HIGH");
      show("paying", fareMinor);
      return ok(null);
    },
  };
}
