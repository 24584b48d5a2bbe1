import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCrowd } from "./crowd.ts";
import { lastQuarterEnd, QUARTER_MS } from "./pulse.ts";
import { LEAST_RIDES, type PaidRide, toldMoney, toldRides } from "./told-money.ts";

const START = lastQuarterEnd(1_795_000_000_000);
const quarter = (number: number): number => START + number * QUARTER_MS;
const paid = (person: string, change: Partial<PaidRide> = {}): PaidRide => ({
  knownQuarterMs: START,
  reversedQuarterMs: null,
  subsidyMinor: 500,
  people: [person],
  ...change,
});
/** Rides of different people. */
const group = (count: number, name: string, change: Partial<PaidRide> = {}): PaidRide[] =>
  Array.from({ length: count }, (_, index) => paid(`${name}${index}`, change));

describe("the sum the city pays, as a planner sees it live", () => {
  it("moves at a quarter's end and never within the quarter", () => {
    expect(toldMoney(group(10, "p"), START)).toEqual({ subsidyMinor: 0, rides: 0, upToMs: null });
    expect(toldMoney(group(10, "p"), quarter(1))).toEqual({ subsidyMinor: 5_000, rides: 10, upToMs: quarter(1) });
  });
  it("waits for ten rides, over as many quarters as it takes", () => {
    const first = group(9, "p");
    expect(toldMoney(first, quarter(9)).rides).toBe(0);
    const later = [...first, paid("q", { knownQuarterMs: quarter(5) })];
    expect(toldMoney(later, quarter(5)).rides).toBe(0);
    expect(toldMoney(later, quarter(6))).toEqual({ subsidyMinor: 5_000, rides: 10, upToMs: quarter(6) });
    // The next nine wait again: what has been told lends them nothing.
    const more = group(9, "r", { knownQuarterMs: quarter(6) });
    expect(toldMoney([...later, ...more], quarter(50)).rides).toBe(10);
  });
  it("waits for ten different people, none of them in more than half of the rides", () => {
    const nine = [...group(9, "p"), ...group(9, "p")];
    expect(toldMoney(nine, quarter(1)).rides).toBe(0);
    const often = (times: number): PaidRide[] => Array.from({ length: times }, () => paid("often"));
    expect(toldMoney([...group(10, "p"), ...often(10)], quarter(1)).rides).toBe(20);
    expect(toldMoney([...group(10, "p"), ...often(11)], quarter(1)).rides).toBe(0);
    const shared = Array.from({ length: 9 }, (_, n) => paid(`a${n}`, { people: [`a${n}`, `b${n}`] }));
    expect(toldMoney(shared, quarter(1)).rides).toBe(0);
  });
  it("does not take rides the city pays nothing for as company of others", () => {
    const unpaid = group(20, "u", { subsidyMinor: 0 });
    expect(toldMoney([...unpaid, paid("p")], quarter(1)).rides).toBe(0);
  });
  it("leaves out what was taken back while it waited, and keeps what was taken back after it had been told", () => {
    const gone = paid("gone", { subsidyMinor: 777, reversedQuarterMs: START });
    expect(toldMoney([...group(9, "p"), gone], quarter(9)).rides).toBe(0);
    expect(toldMoney([...group(10, "p"), gone], quarter(9)).subsidyMinor).toBe(5_000);
    const late = { ...gone, reversedQuarterMs: quarter(1) };
    expect(toldMoney([...group(9, "p"), late], quarter(1)).subsidyMinor).toBe(5_277);
    expect(toldMoney([...group(9, "p"), late], quarter(9)).subsidyMinor).toBe(5_277);
  });
  it("tells those who stood behind one person once that person's rides are taken back", () => {
    const often = Array.from({ length: 12 }, () => paid("often", { reversedQuarterMs: quarter(3) }));
    const rides = [...group(10, "p"), ...often];
    expect(toldMoney(rides, quarter(3)).rides).toBe(0);
    expect(toldMoney(rides, quarter(4))).toEqual({ subsidyMinor: 5_000, rides: 10, upToMs: quarter(4) });
  });
});

/** One entry of a day's log: a ride, or taking back an earlier one, so many milliseconds after the entry before. */
const entry = fc.record({
  waitMs: fc.oneof(fc.nat({ max: 60_000 }), fc.nat({ max: 4 * 3_600_000 })),
  person: fc.nat({ max: 25 }),
  subsidyMinor: fc.nat({ max: 2_000 }),
  takesBack: fc.option(fc.nat(), { freq: 5 }),
});

describe("somebody who looks at the sum after every entry of a day", () => {
  it("never finds two sums that differ by fewer rides or people than may be told", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 30, maxLength: 150 }), (entries) => {
        const rides: PaidRide[] = [];
        const seen: ReadonlySet<number>[] = [new Set()];
        let atMs = START;
        for (const { waitMs, person, subsidyMinor, takesBack } of entries) {
          atMs += waitMs;
          const now = lastQuarterEnd(atMs);
          const index = takesBack === null || rides.length === 0 ? -1 : takesBack % rides.length;
          const known = rides[index];
          if (!known) rides.push(paid(`p${person}`, { knownQuarterMs: now, subsidyMinor }));
          else rides[index] = { ...known, reversedQuarterMs: known.reversedQuarterMs ?? now };
          const told = toldRides(rides, now);
          seen.push(new Set(told.rides.map((ride) => rides.indexOf(ride))));
        }
        for (const [later, sum] of seen.entries()) {
          for (const before of seen.slice(0, later)) {
            // Nothing told is ever taken out again: differences of differences are whole groups, too.
            expect([...before].every((ride) => sum.has(ride))).toBe(true);
            const apart = [...sum].filter((ride) => !before.has(ride)).map((ride) => rides[ride] as PaidRide);
            if (apart.length === 0) continue;
            expect(apart.length).toBeGreaterThanOrEqual(LEAST_RIDES);
            expect(isCrowd(apart.map((ride) => ride.people))).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
