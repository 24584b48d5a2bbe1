import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LEAST_PEOPLE } from "./crowd.ts";
import { lastQuarterEnd, type PulseRide, pulses, QUARTER_MS } from "./pulse.ts";

const END = lastQuarterEnd(1_795_000_000_000);
const HOUR_MS = 4 * QUARTER_MS;

function ride(people: readonly string[], change: Partial<PulseRide> = {}): PulseRide {
  return { zone: "z", boardedAtMs: END - 1, knownAtMs: END - 1, reversedAtMs: null, people, ...change };
}
/** `count` rides of different people. */
const crowd = (count: number, change: Partial<PulseRide> = {}): PulseRide[] =>
  Array.from({ length: count }, (_, index) => ride([`p${index}`], change));
const of = (rides: readonly PulseRide[], end = END): number | null | undefined => pulses(["z"], rides, end)[0]?.rides;

describe("a pulse", () => {
  it("is told from ten different people on, rounded to five", () => {
    expect(of(crowd(9))).toBeNull();
    expect(of(crowd(10))).toBe(10);
    expect(of(crowd(12))).toBe(10);
    expect(of(crowd(13))).toBe(15);
  });
  it("counts people, not rides", () => {
    expect(of([...crowd(9), ...crowd(9)])).toBeNull();
    expect(of(Array.from({ length: 5 }, (_, index) => ride([`a${index}`, `b${index}`])))).toBe(5);
  });
  it("stays silent when one person is in more than half of the rides", () => {
    const often = (times: number): PulseRide[] => Array.from({ length: times }, () => ride(["often"]));
    expect(of([...crowd(10), ...often(10)])).toBe(20);
    expect(of([...crowd(10), ...often(11)])).toBeNull();
  });
  it("counts the hour before the quarter's end, and what was known by then", () => {
    expect(of(crowd(10, { boardedAtMs: END - HOUR_MS }))).toBe(10);
    expect(of(crowd(10, { boardedAtMs: END - HOUR_MS - 1 }))).toBeNull();
    expect(of(crowd(10, { boardedAtMs: END, knownAtMs: END }))).toBeNull();
    expect(of(crowd(10, { knownAtMs: END }))).toBeNull();
    expect(of(crowd(10, { reversedAtMs: END - 1 }))).toBeNull();
    expect(of(crowd(10, { reversedAtMs: END }))).toBe(10);
  });
  it("names the quarter that is full, and every zone once", () => {
    expect(pulses(["a", "z"], crowd(10), END)).toEqual([
      { zoneId: "a", quarterStartMs: END - QUARTER_MS, rides: null },
      { zoneId: "z", quarterStartMs: END - QUARTER_MS, rides: 10 },
    ]);
  });
});

const anyRide: fc.Arbitrary<PulseRide> = fc.record({
  zone: fc.constantFrom("y", "z"),
  boardedAtMs: fc.integer({ min: END - 2 * HOUR_MS, max: END + HOUR_MS }),
  knownAtMs: fc.integer({ min: END - 2 * HOUR_MS, max: END + HOUR_MS }),
  reversedAtMs: fc.option(fc.integer({ min: END - HOUR_MS, max: END + HOUR_MS })),
  people: fc.uniqueArray(
    fc.integer({ min: 0, max: 25 }).map((n) => `p${n}`),
    { minLength: 1, maxLength: 4 },
  ),
});
const anyRides = fc.array(anyRide, { maxLength: 120 });
const shown = (rides: readonly PulseRide[], nowMs: number) => pulses(["y", "z"], rides, lastQuarterEnd(nowMs));

describe("attacks on the pulses", () => {
  it("watching within a quarter shows nothing of what happens meanwhile", () => {
    const later = anyRide.map((ride) => ({ ...ride, knownAtMs: Math.max(ride.knownAtMs, END), reversedAtMs: null }));
    fc.assert(
      fc.property(anyRides, fc.array(later, { maxLength: 60 }), fc.nat(QUARTER_MS - 1), (rides, added, waitMs) => {
        const before = rides.map((ride) => ({ ...ride, reversedAtMs: null }));
        const taken = before.map((ride) => ({ ...ride, reversedAtMs: END + waitMs }));
        expect(shown([...taken, ...added], END + waitMs)).toEqual(shown(before, END));
      }),
    );
  });
  it("nothing told rests on fewer than ten people", () => {
    fc.assert(
      fc.property(anyRides, (rides) => {
        for (const pulse of shown(rides, END)) {
          if (pulse.rides === null) continue;
          const people = rides.filter((ride) => ride.zone === pulse.zoneId).flatMap((ride) => ride.people);
          expect(new Set(people).size).toBeGreaterThanOrEqual(LEAST_PEOPLE);
        }
      }),
    );
  });
  it("a person who makes rides alone in a zone cannot make it speak", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 9 }), (own, others) => {
        expect(of([...Array.from({ length: own }, () => ride(["me"])), ...crowd(others - 1)])).toBeNull();
      }),
    );
  });
  it("a flood of rides of one's own hides the zone instead of counting the others to the unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 40 }), fc.integer({ min: 0, max: 80 }), (others, own) => {
        const told = of([...crowd(others), ...Array.from({ length: own }, () => ride(["me"]))]);
        expect(told).toBe(own > others ? null : Math.round((others + own) / 5) * 5);
      }),
    );
  });
  it("a ride more or less moves at most its own zone, by at most one step", () => {
    fc.assert(
      fc.property(anyRides, anyRide, (rides, one) => {
        const without = shown(rides, END);
        const withIt = shown([...rides, one], END);
        for (const [index, pulse] of withIt.entries()) {
          const other = without[index]?.rides ?? null;
          if (pulse.zoneId !== one.zone) expect(pulse.rides).toBe(other);
          else if (pulse.rides !== null && other !== null) expect([0, 5]).toContain(pulse.rides - other);
        }
      }),
    );
  });
});
