import { describe, expect, it } from "vitest";
import { meterPortContract } from "#tests/contracts/meter-port.ts";
import { createKeypadMeter, type KeypadRefusal } from "./keypad-meter.ts";
import type { MeterEvent } from "./meter.ts";

meterPortContract("keypad", () => {
  const keypad = createKeypadMeter(60_000);
  return {
    port: keypad,
    bring(state, fareMinor) {
      if (state === "paying") keypad.enterFare(fareMinor, fareMinor);
      else if (state === "vacant") keypad.clear();
      else keypad.hire();
    },
    settle: () => Promise.resolve(),
    unplug: null,
    plug: null,
  };
});

describe("keypad", () => {
  it.each<[number, number, KeypadRefusal]>([
    [1070, 1700, "DIFFERENT"],
    [0, 0, "NOT_AN_AMOUNT"],
    [-10, -10, "NOT_AN_AMOUNT"],
    [10.5, 10.5, "NOT_AN_AMOUNT"],
    [60_001, 60_001, "TOO_HIGH"],
  ])("refuses %i and %i: %s, and the meter shows nothing", (fare, repeated, error) => {
    const keypad = createKeypadMeter(60_000);
    const events: MeterEvent[] = [];
    keypad.start((event) => events.push(event));
    keypad.hire();
    const told = events.length;
    expect(keypad.enterFare(fare, repeated)).toEqual({ ok: false, error });
    expect(events).toHaveLength(told);
  });

  it("takes the highest fare believed, and a correction after a mistake", () => {
    const keypad = createKeypadMeter(60_000);
    const fares: number[] = [];
    keypad.start((event) => {
      if (event.kind === "reading") fares.push(...event.reading.components.map((component) => component.amountMinor));
    });
    expect(keypad.enterFare(60_000, 60_000)).toEqual({ ok: true, value: null });
    expect(keypad.enterFare(6000, 6000)).toEqual({ ok: true, value: null });
    expect(fares).toEqual([60_000, 6000]);
  });
});
