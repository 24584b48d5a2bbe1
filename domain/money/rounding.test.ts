import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../assert.ts";
import { minor } from "./money.ts";
import { applyRate, ROUNDING_RULES, type RoundingRule } from "./rounding.ts";

const share = (amount: number, rateBp: number, rule: RoundingRule, stepMinor = 1) =>
  Number(applyRate(minor(amount), rateBp, { rule, stepMinor }));

describe("a rate on an amount", () => {
  it.each([
    // amount, floor, ceil, half-up, half-even
    [1070, 535, 535, 535, 535],
    [1071, 535, 536, 536, 536],
    [1073, 536, 537, 537, 536],
    [1, 0, 1, 1, 0],
    [0, 0, 0, 0, 0],
  ])("half of %i by floor, ceil, half-up, half-even", (amount, ...expected) => {
    expect(ROUNDING_RULES.map((rule) => share(amount, 5000, rule))).toEqual(expected);
  });

  it("rounds fractions other than a half to the nearer side", () => {
    expect([share(10, 3300, "half-up"), share(10, 3700, "half-up")]).toEqual([3, 4]);
    expect([share(10, 3300, "half-even"), share(10, 3700, "half-even")]).toEqual([3, 4]);
  });

  it("rounds to a step: Osaka's 1,190 less 10 % becomes 1,070, Okazaki's half goes up to 500", () => {
    expect(share(1190, 9000, "floor", 10)).toBe(1070);
    expect(share(1010, 5000, "ceil", 500)).toBe(1000);
    expect(share(1050, 5000, "half-even", 10)).toBe(520);
    expect(share(1070, 5000, "half-even", 10)).toBe(540);
  });

  it("has no floating-point error up to its limit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000_000_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (amount, rateBp) => {
          const exact = (BigInt(amount) * BigInt(rateBp)) / 10_000n;
          expect(BigInt(share(amount, rateBp, "floor"))).toBe(exact);
        },
      ),
    );
  });

  it("refuses what is no amount, no rate or no step", () => {
    expect(() => share(-1, 5000, "floor")).toThrow(InvariantError);
    expect(() => share(1, -1, "floor")).toThrow(InvariantError);
    expect(() => share(1, 0.5, "floor")).toThrow(InvariantError);
    expect(() => share(1, 5000, "floor", 0)).toThrow(InvariantError);
    expect(() => share(1, 5000, "floor", 1.5)).toThrow(InvariantError);
    expect(() => share(Number.MAX_SAFE_INTEGER, 5000, "floor")).toThrow(InvariantError);
  });
});
