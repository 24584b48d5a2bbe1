import { describe, expect, it } from "vitest";
import { InvariantError } from "../assert.ts";
import { rideTag, rideTagText, TAG_ALPHABET } from "./ride-tag.ts";

describe("a ride's tag", () => {
  it("takes the first fifteen bits of the digest, five a character", () => {
    expect(rideTag(Uint8Array.of(0b00000_000, 0b01_00010_0))).toBe("234");
    expect(rideTag(Uint8Array.of(0xff, 0xff))).toBe("ZZZ");
    expect(rideTag(Uint8Array.of(0xff, 0xfe))).toBe("ZZZ");
  });
  it("uses thirty-two unambiguous characters", () => {
    expect(new Set(TAG_ALPHABET).size).toBe(32);
    expect(TAG_ALPHABET).not.toMatch(/[01IO]/);
  });
  it("needs a digest", () => {
    expect(() => rideTag(Uint8Array.of(1))).toThrow(InvariantError);
  });
  it("is made of municipality, terminal and ride", () => {
    expect(rideTagText("city", "cab-1", "r")).toBe("city/cab-1/r");
  });
});
