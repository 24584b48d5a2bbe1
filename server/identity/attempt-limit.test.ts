import { describe, expect, it } from "vitest";
import { createAttemptLimit } from "./attempt-limit.ts";

const limit = () => createAttemptLimit({ most: 3, windowMs: 60_000 });

describe("attempt limit", () => {
  it("allows the first attempts and then asks to wait until the oldest leaves the window", () => {
    const attempts = limit();
    for (const at of [0, 1_000, 2_000]) {
      expect(attempts.waitS("a", at)).toBe(0);
      attempts.failed("a", at);
    }
    expect(attempts.waitS("a", 3_000)).toBe(57);
    expect(attempts.waitS("a", 59_999)).toBe(1);
    expect(attempts.waitS("a", 60_000)).toBe(0);
  });
  it("keeps keys apart and forgets on request", () => {
    const attempts = limit();
    for (const at of [0, 1, 2]) attempts.failed("a", at);
    expect(attempts.waitS("b", 3)).toBe(0);
    attempts.forget("a");
    expect(attempts.waitS("a", 3)).toBe(0);
  });
});
