import { expect, it } from "vitest";
import { fareMinorOf } from "./typed-fare.ts";

it("reads fares in the currency's own digits", () => {
  expect(fareMinorOf("1,070", 0)).toBe(1070);
  expect(fareMinorOf("10.7", 2)).toBe(1070);
  expect(fareMinorOf("10", 2)).toBe(1000);
  expect(fareMinorOf("10.705", 2)).toBeNull();
  expect(fareMinorOf("10.5", 0)).toBeNull();
  expect(fareMinorOf("", 0)).toBeNull();
  expect(fareMinorOf("-3", 0)).toBeNull();
});
