import { describe, expect, it } from "vitest";
import { createCalendar } from "#domain/time/calendar.ts";
import { formatDay, parseDay } from "#domain/time/local.ts";
import { zoneOffsetMinutes } from "./zone-offset.ts";

const offset = (zone: string, iso: string) => zoneOffsetMinutes(zone, Date.parse(iso));

describe("the offset of a zone", () => {
  it("is in minutes east of UTC", () => {
    expect(offset("Asia/Tokyo", "2026-11-23T00:00Z")).toBe(540);
    expect(offset("Asia/Kathmandu", "2026-11-23T00:00Z")).toBe(345);
    expect(offset("UTC", "2026-11-23T00:00Z")).toBe(0);
  });

  it("changes at the instant the clocks do", () => {
    expect(offset("America/Chicago", "2014-03-09T07:59:59Z")).toBe(-360);
    expect(offset("America/Chicago", "2014-03-09T08:00:00Z")).toBe(-300);
    expect(offset("America/Chicago", "2014-11-02T06:59:59Z")).toBe(-300);
    expect(offset("America/Chicago", "2014-11-02T07:00:00Z")).toBe(-360);
  });

  it("of a zone that is none is an error", () => {
    expect(() => offset("Asia/Atlantis", "2026-11-23T00:00Z")).toThrow(RangeError);
  });
});

it("gives a calendar that stays right over every day of years with clock changes", () => {
  const calendar = createCalendar("America/Chicago", { month: 7, day: 1 }, zoneOffsetMinutes);
  const first = parseDay("2013-01-01") ?? Number.NaN;
  for (let day = first; day < first + 1461; day++) {
    const noon = calendar.instant(day, 720);
    expect(calendar.local(noon)).toMatchObject({ day, minute: 720 });
    const midnight = calendar.instant(day, 0);
    expect(calendar.local(midnight), formatDay(day)).toMatchObject({ day, minute: 0 });
    expect(calendar.local(midnight - 1), formatDay(day)).toMatchObject({ day: day - 1, minute: 1439 });
  }
});
