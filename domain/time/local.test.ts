import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dateOfDay,
  dayNumber,
  fiscalYearOf,
  formatDay,
  lastDayOfFiscalYear,
  localMoment,
  parseDay,
  weekday,
} from "./local.ts";

const APRIL = { month: 4, day: 1 };
const JULY = { month: 7, day: 1 };
const day = (iso: string): number => parseDay(iso) ?? Number.NaN;

describe("day numbers", () => {
  it.each([
    ["1970-01-01", 0],
    ["1969-12-31", -1],
    ["1970-03-01", 59],
    ["2000-02-29", 11_016],
    ["2000-03-01", 11_017],
    ["2016-01-23", 16_823],
    ["2024-02-29", 19_782],
    ["2026-11-23", 20_780],
    ["2100-03-01", 47_541],
  ])("%s is day %i", (iso, number) => {
    expect(parseDay(iso)).toBe(number);
    expect(formatDay(number)).toBe(iso);
  });

  it("agree with the Gregorian calendar of the platform from the year 1 to 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (number) => {
        const date = new Date(number * 86_400_000);
        const { year, month, day: dayOfMonth } = dateOfDay(number);
        expect([year, month, dayOfMonth]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
        expect(dayNumber(year, month, dayOfMonth)).toBe(number);
      }),
    );
  });

  it.each([
    "2026-02-29",
    "2100-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "2026-1-1",
    "20260401",
    "2026-04-01T00:00",
    "",
  ])("%s is no date", (text) => {
    expect(parseDay(text)).toBeUndefined();
  });

  it("know the day of the week, Monday first, before 1970 too", () => {
    expect(weekday(day("2026-11-23"))).toBe(0);
    expect(weekday(day("1970-01-01"))).toBe(3);
    expect(weekday(day("1969-12-28"))).toBe(6);
  });
});

describe("fiscal year", () => {
  it.each([
    ["2026-03-31", APRIL, 2025],
    ["2026-04-01", APRIL, 2026],
    ["2027-01-01", APRIL, 2026],
    ["2026-06-30", JULY, 2025],
    ["2026-07-01", JULY, 2026],
  ])("%s with %j belongs to %i", (iso, start, year) => {
    expect(fiscalYearOf(day(iso), start)).toBe(year);
  });

  it("ends the day before the next one begins", () => {
    expect(formatDay(lastDayOfFiscalYear(2026, APRIL))).toBe("2027-03-31");
    expect(formatDay(lastDayOfFiscalYear(2023, { month: 3, day: 1 }))).toBe("2024-02-29");
  });

  it("holds every one of its days and no other", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60_000 }),
        fc.record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) }),
        (number, start) => {
          const year = fiscalYearOf(number, start);
          expect(number).toBeGreaterThan(lastDayOfFiscalYear(year - 1, start));
          expect(number).toBeLessThanOrEqual(lastDayOfFiscalYear(year, start));
        },
      ),
    );
  });
});

it("a local moment carries day, minute, month and fiscal year as integers", () => {
  expect(localMoment(day("2027-02-28"), 1080, APRIL)).toEqual({
    day: day("2027-02-28"),
    minute: 1080,
    month: 2027 * 12 + 1,
    fiscalYear: 2026,
  });
});
