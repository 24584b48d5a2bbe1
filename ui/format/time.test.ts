import { describe, expect, it } from "vitest";
import { dayNumber } from "#domain/time/local.ts";
import { dayMarkup, isoDayMarkup, minuteMarkup, minuteOfDay, staffDate, staffTime } from "./time.ts";

const maebashi = { zone: "Asia/Tokyo", locale: "ja-JP" };
const chicago = { zone: "America/Chicago", locale: "en-US" };

describe("days for passengers", () => {
  it("writes 3月31日, with readings in plain Japanese", () => {
    expect(isoDayMarkup("2027-03-31", maebashi, "ja")).toBe("3月31日");
    expect(isoDayMarkup("2027-03-31", maebashi, "easy")).toBe("3月《がつ》31日《にち》");
    expect(isoDayMarkup("2027-03-31", maebashi, "en")).toBe("31 March");
    expect(isoDayMarkup("2027-06-30", chicago, "en")).toBe("June 30");
    expect(isoDayMarkup("2027-02-30", maebashi, "ja")).toBeUndefined();
  });

  it("reads the irregular days as people say them", () => {
    expect(dayMarkup(dayNumber(2027, 4, 1), maebashi, "easy")).toBe("4月《がつ》｜1日《ついたち》");
    expect(dayMarkup(dayNumber(2027, 4, 20), maebashi, "easy")).toBe("4月《がつ》｜20日《はつか》");
  });
});

describe("times", () => {
  it("writes times for passengers", () => {
    expect(minuteMarkup(1080, maebashi, "ja")).toBe("午後6時");
    expect(minuteMarkup(1085, maebashi, "ja")).toBe("午後6時5分");
    expect(minuteMarkup(420, maebashi, "ja")).toBe("午前7時");
    expect(minuteMarkup(0, maebashi, "ja")).toBe("午前0時");
    expect(minuteMarkup(720, maebashi, "ja")).toBe("正午");
    expect(minuteMarkup(750, maebashi, "ja")).toBe("午後0時30分");
    expect(minuteMarkup(1085, maebashi, "easy")).toBe("18時《じ》5分《ふん》");
    expect(minuteMarkup(1090, maebashi, "easy")).toBe("18時《じ》10分《ぷん》");
    expect(minuteMarkup(1085, maebashi, "en")).toBe("18:05");
    expect(minuteMarkup(1085, chicago, "en")).toBe("6:05 PM");
  });

  it("takes the zone of the place", () => {
    const instant = Date.UTC(2026, 10, 23, 9, 5);
    expect(minuteOfDay(instant, maebashi)).toBe(18 * 60 + 5);
    expect(minuteOfDay(instant, chicago)).toBe(3 * 60 + 5);
    expect(staffTime(instant, maebashi)).toBe("18:05");
    expect(staffDate(instant, maebashi, "ja")).toContain("2026年11月23日");
  });
});
