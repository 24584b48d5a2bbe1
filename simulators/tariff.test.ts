import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dayNumber } from "#domain/time/local.ts";
import { disabilityDiscount, meterFare, tariffDocument, tariffOn } from "./tariff.ts";

const tariff = tariffDocument.parse(JSON.parse(readFileSync("cities/maebashi/tariff.json", "utf8")));
const before = tariffOn(tariff, dayNumber(2026, 3, 15));
const since = tariffOn(tariff, dayNumber(2026, 3, 16));
const noon = 12 * 60;

describe("the fare table before and since 16 March 2026", () => {
  it.each([
    [before, 1_000, 600],
    [before, 1_357, 600],
    [before, 1_358, 700],
    [before, 1_357 + 268, 700],
    [before, 1_357 + 269, 800],
    [since, 1_237, 600],
    [since, 1_238, 700],
    [since, 1_237 + 239 * 5, 1_100],
    [since, 1_237 + 239 * 5 + 1, 1_200],
  ])("a quiet ride", (version, distanceM, fare) => {
    expect(meterFare(version, { distanceM, slowS: 0, minute: noon })).toBe(fare);
  });

  it("counts time at a crawl as distance", () => {
    expect(meterFare(since, { distanceM: 1_237, slowS: 90, minute: noon })).toBe(700);
    expect(meterFare(since, { distanceM: 1_237, slowS: 91, minute: noon })).toBe(800);
  });

  it("adds a fifth from 22:00 to 05:00", () => {
    const fare = (minute: number): number => meterFare(since, { distanceM: 1_300, slowS: 0, minute });
    expect([fare(21 * 60 + 59), fare(22 * 60), fare(4 * 60 + 59), fare(5 * 60)]).toEqual([700, 840, 840, 700]);
  });

  it("takes ten per cent off and rounds the rest down to ten yen", () => {
    expect(disabilityDiscount(since, 1_190)).toBe(120);
    expect(disabilityDiscount(since, 1_000)).toBe(100);
  });

  it("uses the oldest table for days before all of them", () => {
    expect(tariffOn(tariff, dayNumber(2000, 1, 1))).toBe(tariff.versions[0]);
  });
});
