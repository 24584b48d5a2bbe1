import { describe, expect, it } from "vitest";
import { InvariantError } from "../assert.ts";
import { least, minor, most, sum, ZERO } from "./money.ts";

describe("amounts", () => {
  it("are safe integers or nothing", () => {
    expect(minor(1070)).toBe(1070);
    expect(minor(-535)).toBe(-535);
    for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => minor(bad)).toThrow(InvariantError);
    }
  });

  it("know one zero only", () => {
    expect(Object.is(minor(-0), 0)).toBe(true);
  });

  it("sum up, and are compared", () => {
    expect(sum([minor(535), minor(-35), minor(500)])).toBe(1000);
    expect(sum([])).toBe(ZERO);
    expect(() => sum([minor(Number.MAX_SAFE_INTEGER), minor(1)])).toThrow(InvariantError);
    expect([least(minor(2), minor(3)), least(minor(3), minor(2))]).toEqual([2, 2]);
    expect([most(minor(2), minor(3)), most(minor(3), minor(2))]).toEqual([3, 3]);
  });
});
