import { describe, expect, it } from "vitest";
import { amountOf, EMPTY_ENTRY, type FareEntry, pressFareKey } from "./fare-entry.ts";

/** Types a word of keys: digits, `c` to erase, `.` to enter. Returns the state and every amount agreed on. */
function type(keys: string, from: FareEntry = EMPTY_ENTRY): { entry: FareEntry; agreed: number[] } {
  let entry = from;
  const agreed: number[] = [];
  for (const key of keys) {
    const next = pressFareKey(
      entry,
      key === "." ? { kind: "enter" } : key === "c" ? { kind: "erase" } : { kind: "digits", digits: key },
    );
    entry = next.entry;
    if (next.agreedMinor !== null) agreed.push(next.agreedMinor);
  }
  return { entry, agreed };
}

describe("typing a fare", () => {
  it("is taken when it was typed twice alike", () => {
    expect(type("1070.1070.")).toEqual({ entry: EMPTY_ENTRY, agreed: [1070] });
  });

  it("starts again when the two differ", () => {
    expect(type("1070.1700.")).toEqual({ entry: { ...EMPTY_ENTRY, differed: true }, agreed: [] });
    expect(type("1070.1700.1700.1700.").agreed).toEqual([1700]);
  });

  it("takes no nothing", () => {
    expect(type("..00.").agreed).toEqual([]);
    expect(type(".").entry.stage).toBe("first");
  });

  it("erases, drops leading zeros and stops at six digits", () => {
    expect(amountOf(type("99c0107").entry)).toBe(107);
    expect(amountOf(type("1234567").entry)).toBe(123_456);
  });
});
