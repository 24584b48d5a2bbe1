import { describe, expect, it } from "vitest";
import { fare, ride, version } from "#tests/kit/decision-kit.ts";
import { mostGrantable } from "./most-grantable.ts";

const of = (meter: number, usesChosen: readonly number[]) => {
  const { boarding, alighting } = ride(meter);
  return mostGrantable(version(), { boarding, alighting, components: fare({ meter }), usesChosen });
};

describe("the most a scheme could have paid", () => {
  it("follows the formula and its cap, whatever the hour and the limits", () => {
    expect(of(1_500, [1])).toBe(750);
    expect(of(50_000, [1])).toBe(of(60_000, [1]));
    expect(of(50_000, [1])).toBeLessThan(5_000);
  });

  it("is never above the fare, and nothing where nobody is registered or no scheme is in force", () => {
    expect(of(600, [1, 1, 1, 1])).toBeLessThanOrEqual(600);
    expect(of(1_500, [])).toBe(0);
    const { boarding, alighting } = ride(1_500);
    const components = fare({ meter: 1_500 });
    expect(mostGrantable(null, { boarding, alighting, components, usesChosen: [1] })).toBe(0);
  });

  it("is no less for two riders than for one of them alone", () => {
    expect(of(6_000, [2, 1])).toBeGreaterThanOrEqual(of(6_000, [2]));
  });
});
