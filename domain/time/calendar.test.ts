import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calendar, createCalendar } from "./calendar.ts";
import { formatDay, parseDay } from "./local.ts";

const HOUR = 3_600_000;

/** A zone given by its changes: [from instant, minutes east of UTC]. Real changes, read off the time-zone database. */
function zone(...changes: readonly (readonly [string, number])[]) {
  const table = changes.map(([iso, minutes]) => ({ fromMs: Date.parse(iso), minutes }));
  return (_: string, instantMs: number) => table.findLast((change) => change.fromMs <= instantMs)?.minutes ?? 0;
}

const TOKYO = createCalendar("Asia/Tokyo", { month: 4, day: 1 }, zone(["1970-01-01T00:00Z", 540]));
const CHICAGO = createCalendar(
  "America/Chicago",
  { month: 7, day: 1 },
  zone(["1970-01-01T00:00Z", -360], ["2026-03-08T08:00Z", -300], ["2026-11-01T07:00Z", -360]),
);
const AUCKLAND = createCalendar(
  "Pacific/Auckland",
  { month: 7, day: 1 },
  zone(["1970-01-01T00:00Z", 780], ["2026-04-04T14:00Z", 720], ["2026-09-26T14:00Z", 780]),
);
const KATHMANDU = createCalendar("Asia/Kathmandu", { month: 7, day: 16 }, zone(["1970-01-01T00:00Z", 345]));

const read = (calendar: Calendar, iso: string): string => {
  const { day, minute } = calendar.local(Date.parse(iso));
  return `${formatDay(day)} ${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
};
const instant = (calendar: Calendar, iso: string, minute: number): string =>
  new Date(calendar.instant(parseDay(iso) ?? Number.NaN, minute)).toISOString().slice(0, 16);

describe("local moments", () => {
  it("turn the day at midnight of the city, not of UTC", () => {
    expect(read(TOKYO, "2026-11-23T14:59:59.999Z")).toBe("2026-11-23 23:59");
    expect(read(TOKYO, "2026-11-23T15:00:00.000Z")).toBe("2026-11-24 0:00");
    expect(read(CHICAGO, "2026-07-01T04:59:59.999Z")).toBe("2026-06-30 23:59");
    expect(read(KATHMANDU, "2026-11-23T18:15:00Z")).toBe("2026-11-24 0:00");
  });

  it("turn the fiscal year with it", () => {
    expect(TOKYO.local(Date.parse("2026-03-31T14:59:59Z")).fiscalYear).toBe(2025);
    expect(TOKYO.local(Date.parse("2026-03-31T15:00:00Z")).fiscalYear).toBe(2026);
    expect(CHICAGO.local(Date.parse("2026-07-01T05:00:00Z")).fiscalYear).toBe(2026);
  });

  it("cut seconds off: 18:00:59 is still minute 18:00", () => {
    expect(TOKYO.local(Date.parse("2026-11-23T09:00:59.999Z")).minute).toBe(1080);
    expect(TOKYO.local(Date.parse("2026-11-23T08:59:59.999Z")).minute).toBe(1079);
  });

  it("follow clock changes in both directions", () => {
    expect(read(CHICAGO, "2026-03-08T07:59Z")).toBe("2026-03-08 1:59");
    expect(read(CHICAGO, "2026-03-08T08:00Z")).toBe("2026-03-08 3:00");
    expect(read(CHICAGO, "2026-11-01T06:59Z")).toBe("2026-11-01 1:59");
    expect(read(CHICAGO, "2026-11-01T07:00Z")).toBe("2026-11-01 1:00");
  });
});

describe("instants of local readings", () => {
  it("are the inverse where the reading exists once", () => {
    for (const calendar of [TOKYO, CHICAGO, AUCKLAND, KATHMANDU]) {
      fc.assert(
        fc.property(fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2026-12-31") }), (ms) => {
          const moment = calendar.local(ms);
          const back = calendar.instant(moment.day, moment.minute);
          expect(calendar.local(back)).toEqual(moment);
          expect([0, HOUR]).toContain(ms - (ms % 60_000) - back);
        }),
      );
    }
  });

  it("take the first of a repeated reading", () => {
    expect(instant(CHICAGO, "2026-11-01", 90)).toBe("2026-11-01T06:30");
    expect(instant(AUCKLAND, "2026-04-05", 150)).toBe("2026-04-04T13:30");
  });

  it("take the time after the change for a reading that is left out", () => {
    expect(instant(CHICAGO, "2026-03-08", 150)).toBe("2026-03-08T08:30");
    expect(instant(AUCKLAND, "2026-09-27", 150)).toBe("2026-09-26T14:30");
  });

  it("know both edges of a change", () => {
    expect(instant(CHICAGO, "2026-03-08", 119)).toBe("2026-03-08T07:59");
    expect(instant(CHICAGO, "2026-03-08", 180)).toBe("2026-03-08T08:00");
    expect(instant(CHICAGO, "2026-11-01", 120)).toBe("2026-11-01T08:00");
  });
});

describe("the time-zone database", () => {
  it("is asked once per quarter of an hour and forgotten in time", () => {
    const asked: number[] = [];
    const calendar = createCalendar("X", { month: 1, day: 1 }, (_, ms) => {
      asked.push(ms);
      return 60;
    });
    calendar.local(0);
    calendar.local(899_999);
    expect(asked).toHaveLength(1);
    for (let quarter = 1; quarter <= 200_001; quarter++) calendar.local(quarter * 900_000);
    const before = asked.length;
    expect(calendar.local(0).minute).toBe(60);
    expect(asked.length).toBe(before + 1);
  });
});
