import { describe, expect, it } from "vitest";
import { redact, redactedLine, redactText } from "./redact.ts";

const JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYWItMSJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";

describe("a log line", () => {
  it("says what happened, and holds no planted serial, PIN, token or place, by name or in text", () => {
    const line = redactedLine({
      time: "2026-11-23T02:00:00.000Z",
      level: "warn",
      message: `a card was not read: PIN 4711, serial 4a1b2c3d, token=${JWT} at 36.389512, 139.063412`,
      serialNumber: "4a1b2c3d",
      pin: "4711",
      cardToken: "c2hvcnQ=",
      place: { latE6: 36389501, lngE6: 139063401 },
      error: `Error: {"pin": "4711", "serial": "4a1b2c3d", "latE6": 36389501, "lngE6":139063401} Terminal ${JWT}`,
      code: "READER_GONE",
    });
    for (const planted of ["4711", "4a1b2c3d", JWT, "c2hvcnQ", "36.3895", "139.06", "36389501", "139063401"]) {
      expect(line).not.toContain(planted);
    }
    expect(JSON.parse(line)).toMatchObject({ time: "2026-11-23T02:00:00.000Z", level: "warn", code: "READER_GONE" });
    expect(line).toContain("a card was not read");
  });
  it("leaves plain words about such things alone", () => {
    for (const text of ["the PIN was not asked for", "serial port gone", "token expired", "3 rides, 4 cards"]) {
      expect(redactText(text)).toBe(text);
    }
  });
});

describe("a value", () => {
  it("loses bytes and what lies too deep, and keeps numbers and nothings", () => {
    expect(redact({ raw: new Uint8Array(3), more: new ArrayBuffer(2), n: 3, none: null, list: ["a"] })).toEqual({
      raw: "[redacted]",
      more: "[redacted]",
      n: 3,
      none: null,
      list: ["a"],
    });
    expect(JSON.stringify(redact([[[[[[["deep"]]]]]]]))).toContain("[deep]");
  });
  it("that is an error keeps its code, its frames and its cause", () => {
    const cause = Object.assign(new Error(`no PIN: 4711`), { code: "EIO" });
    const seen = redact(new Error("not read", { cause })) as Record<string, unknown>;
    expect(seen).toMatchObject({ type: "Error", message: "not read", cause: { code: "EIO" } });
    expect(seen.stack).toMatch(/^\s+at /);
    expect(JSON.stringify(seen)).not.toContain("4711");
    const bare = Object.assign(new Error("bare"), { stack: undefined });
    expect(redact(bare)).toEqual({ type: "Error", message: "bare", stack: undefined });
  });
});
