import { expect, it } from "vitest";
import { ASSURANCES, assuranceRank, isAtLeast } from "./assurance.ts";

it("proof rises from a shown number over a read card and a phone to a signing card", () => {
  expect(ASSURANCES.toSorted((a, b) => assuranceRank(a) - assuranceRank(b))).toEqual([
    "presented",
    "identified",
    "device",
    "possession",
  ]);
});

it("more proof satisfies a rule that asks for less, never the other way round", () => {
  expect(isAtLeast("possession", "identified")).toBe(true);
  expect(isAtLeast("identified", "identified")).toBe(true);
  expect(isAtLeast("presented", "identified")).toBe(false);
});
