import { expect, it } from "vitest";
import { groups, peopleMarkup, rateMarkup, usesMarkup } from "./count.ts";

it("counts uses and people as each language says it", () => {
  expect(usesMarkup(52, "ja")).toBe("52回");
  expect(usesMarkup(52, "easy")).toBe("52回《かい》");
  expect(usesMarkup(1, "en")).toBe("1 ride");
  expect(usesMarkup(52, "en")).toBe("52 rides");
  expect([1, 2, 3].map((people) => peopleMarkup(people, "easy"))).toEqual([
    "｜1人《ひとり》",
    "｜2人《ふたり》",
    "3人《にん》",
  ]);
  expect(groups(24_812)).toBe("24,812");
});

it("calls a half a half", () => {
  expect(rateMarkup(5000, "ja")).toBe("半分");
  expect(rateMarkup(5000, "en")).toBe("half");
  expect(rateMarkup(3333, "easy")).toBe("33.33%");
});
