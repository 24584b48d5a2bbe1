import { expect, it } from "vitest";
import { asId, ID_MAX_LENGTH, isId, type RideId } from "./ids.ts";

it.each(["a", "7", "cab-7.2_x:y", "A".repeat(ID_MAX_LENGTH)])("%s is an identifier", (text) => {
  expect(isId(text)).toBe(true);
});

it.each(["", "-a", ".a", "a b", "a/b", "前橋", "a\n", "A".repeat(ID_MAX_LENGTH + 1)])("%j is none", (text) => {
  expect(isId(text)).toBe(false);
});

it("branding leaves the text as it is", () => {
  expect(asId<RideId>("r-1")).toBe("r-1");
});
