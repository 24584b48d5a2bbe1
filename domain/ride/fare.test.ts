import { expect, it } from "vitest";
import { fare } from "#tests/kit/decision-kit.ts";
import { fareOf } from "./fare.ts";

const COMPONENTS = fare({ meter: 1190, pickup: 300, "company-discount": 120 });

it("a fare is what was charged less the company's discount", () => {
  expect(fareOf(COMPONENTS)).toBe(1370);
  expect(fareOf([])).toBe(0);
});

it("a part of it takes the discount off only where it is named", () => {
  expect(fareOf(COMPONENTS, ["meter"])).toBe(1190);
  expect(fareOf(COMPONENTS, ["meter", "company-discount"])).toBe(1070);
});

it("is never below zero", () => {
  expect(fareOf(fare({ meter: 100, "company-discount": 120 }))).toBe(0);
});
