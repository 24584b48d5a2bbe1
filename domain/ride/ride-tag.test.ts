import { expect, it } from "vitest";
import { InvariantError } from "../assert.ts";
import type { MunicipalityId, RideId, TerminalId } from "../ids.ts";
import { rideTag, rideTagSource } from "./ride-tag.ts";

it("names the ride within terminal and municipality, so that equal ride ids of two cabs differ", () => {
  expect(rideTagSource("city" as MunicipalityId, "cab-7" as TerminalId, "r1" as RideId)).toBe("city/cab-7/r1");
});

it("takes one character per byte from the alphabet without look-alikes", () => {
  expect(rideTag(Uint8Array.of(0, 7, 31, 99))).toBe("29Z");
  expect(rideTag(Uint8Array.of(32, 8, 255))).toBe("2AZ");
});

it("uses every character equally often and never 0, 1, I or O", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const character = rideTag(Uint8Array.of(byte, 0, 0)).charAt(0);
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect([...counts.keys()].sort().join("")).toBe("23456789ABCDEFGHJKLMNPQRSTUVWXYZ");
  expect(new Set(counts.values())).toEqual(new Set([8]));
});

it("refuses something that is not a digest", () => {
  expect(() => rideTag(Uint8Array.of(1, 2))).toThrow(InvariantError);
});
