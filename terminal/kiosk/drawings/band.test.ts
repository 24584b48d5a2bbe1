import { describe, expect, it } from "vitest";
import { bandOf } from "./band.ts";

const hours = { fromMinute: 420, toMinute: 1080 };

describe("bandOf", () => {
  it("puts five past six just behind the end of the hours", () => {
    const { left, width, pin, nowAlign } = bandOf({ ...hours, nowMinute: 1085 });
    expect(pin).toBeGreaterThan(left + width);
    expect(pin - (left + width)).toBeLessThan(1);
    expect(nowAlign).toBe("end");
  });

  it("keeps a moment of the night at its end", () => {
    expect(bandOf({ ...hours, nowMinute: 120 })).toMatchObject({ pin: 0, nowAlign: "start" });
    expect(bandOf({ ...hours, nowMinute: 1400 })).toMatchObject({ pin: 100, nowAlign: "end" });
  });

  it("stays inside for hours that touch midnight", () => {
    const band = bandOf({ fromMinute: 0, toMinute: 1440, nowMinute: 700 });
    expect(band).toMatchObject({ left: 0, width: 100, nowAlign: "middle" });
  });
});
