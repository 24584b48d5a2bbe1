import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../assert.ts";
import { minor, sum } from "./money.ts";
import { shrinkTo } from "./split.ts";

const shrink = (total: number, amounts: readonly number[]) => shrinkTo(minor(total), amounts.map(minor)).map(Number);

describe("shrinking amounts to a total", () => {
  it("takes from each alike and leaves the odd units with the first", () => {
    expect(shrink(600, [500, 500, 500])).toEqual([200, 200, 200]);
    expect(shrink(1000, [500, 500, 500])).toEqual([334, 333, 333]);
    expect(shrink(800, [900, 300])).toEqual([600, 200]);
    expect(shrink(1, [500, 500])).toEqual([1, 0]);
  });

  it("leaves amounts alone that already fit, and nothing to nobody", () => {
    expect(shrink(700, [400, 300])).toEqual([400, 300]);
    expect(shrink(0, [0, 0])).toEqual([0, 0]);
    expect(shrink(0, [])).toEqual([]);
  });

  it("sums up, never grows a part, never goes below zero", () => {
    const cases = fc
      .array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 8 })
      .chain((amounts) =>
        fc.tuple(
          fc.constant(amounts),
          fc.integer({ min: 0, max: amounts.reduce((whole, amount) => whole + amount, 0) }),
        ),
      );
    fc.assert(
      fc.property(cases, ([amounts, total]) => {
        const parts = shrinkTo(minor(total), amounts.map(minor));
        expect(sum(parts)).toBe(total);
        for (const [index, part] of parts.entries()) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(amounts[index] as number);
        }
      }),
    );
  });

  it("refuses to grow, to go below zero, or to lose precision", () => {
    expect(() => shrink(8, [4, 3])).toThrow(InvariantError);
    expect(() => shrink(-1, [4, 3])).toThrow(InvariantError);
    expect(() => shrink(2 ** 40, [2 ** 41])).toThrow(InvariantError);
  });
});
