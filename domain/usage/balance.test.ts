import { describe, expect, it } from "vitest";
import { at, version } from "#tests/kit/decision-kit.ts";
import { leftUnder, PERIOD_KINDS, periodKey, periodsOf } from "./balance.ts";

describe("periods", () => {
  it("have keys that change exactly when the period does", () => {
    const keys = (date: string, time = "12:00") => PERIOD_KINDS.map((kind) => periodKey(kind, at(date, time)));
    expect(keys("2027-03-31", "23:59")[0]).toBe(keys("2027-03-31", "00:00")[0]);
    const [day, month, year] = keys("2027-03-31");
    const [nextDay, nextMonth, nextYear] = keys("2027-04-01");
    expect([nextDay, nextMonth, nextYear]).toEqual([(day ?? 0) + 1, (month ?? 0) + 1, (year ?? 0) + 1]);
    expect(keys("2026-12-31")[2]).toBe(keys("2027-01-01")[2]);
  });

  it("are those the limits name, once each, in a fixed order", () => {
    expect(periodsOf(version())).toEqual(["day", "fiscal-year"]);
    const limits = [
      { unit: "money", per: "month", amount: 1 },
      { unit: "uses", per: "month", amount: 1 },
      { unit: "uses", per: "ride", amount: 1 },
    ] as const;
    expect(periodsOf(version({ limits }))).toEqual(["month"]);
    expect(periodsOf(version({ limits: [] }))).toEqual([]);
  });
});

it("what is left is never below zero", () => {
  const limit = { unit: "uses", per: "day", amount: 2 } as const;
  expect([0, 1, 2, 3].map((used) => leftUnder(limit, used))).toEqual([2, 1, 0, 0]);
});
