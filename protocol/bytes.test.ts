import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";

describe("bytes", () => {
  it("writes and reads hex", () => {
    expect(toHex(Uint8Array.of(0, 0x0a, 0xff))).toBe("000AFF");
    expect(fromHex("00 0a FF")).toEqual(Uint8Array.of(0, 10, 255));
    expect(fromHex("")).toEqual(new Uint8Array(0));
  });
  it.each(["0", "0g", "0x00"])("does not take %j for hex", (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });
  it("joins and compares", () => {
    const joined = concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3));
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
    expect(equalBytes(joined, Uint8Array.of(1, 2, 3))).toBe(true);
    expect(equalBytes(joined, Uint8Array.of(1, 2, 4))).toBe(false);
    expect(equalBytes(joined, Uint8Array.of(1, 2))).toBe(false);
  });
});
