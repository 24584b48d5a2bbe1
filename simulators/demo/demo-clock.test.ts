import { describe, expect, it } from "vitest";
import { createCalendar } from "#domain/time/calendar.ts";
import { dayNumber } from "#domain/time/local.ts";
import { chooseDemoStart } from "./demo-clock.ts";

const calendar = createCalendar("Asia/Tokyo", { month: 4, day: 1 }, () => 540);
const day = dayNumber(2026, 11, 23);
const at = (hour: number, minute = 0, offsetDays = 0): number => calendar.instant(day + offsetDays, hour * 60 + minute);

describe("the demo's clock", () => {
  it("is the real time by day", () => {
    expect(chooseDemoStart(calendar, at(14), null)).toBe(at(14));
  });
  it("is ten in the morning of the same day at night", () => {
    expect(chooseDemoStart(calendar, at(23), null)).toBe(at(10));
    expect(chooseDemoStart(calendar, at(3), null)).toBe(at(10));
  });
  it("never goes back behind an earlier start", () => {
    expect(chooseDemoStart(calendar, at(23), at(10, 40))).toBe(at(10, 41));
    expect(chooseDemoStart(calendar, at(14), at(15))).toBe(at(15, 1));
  });
  it("goes on to the next morning when the demo day is over", () => {
    expect(chooseDemoStart(calendar, at(23), at(16, 45))).toBe(at(10, 0, 1));
  });
});
