import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import { spacedHints } from "./commit-hints.ts";

const ONE = asId<MunicipalityId>("one");
const TWO = asId<MunicipalityId>("two");

describe("spacedHints", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells the first at once, then the newest of many, and nothing when nothing came", () => {
    const told: [string, number][] = [];
    const hint = spacedHints((municipality, position) => told.push([municipality, position]));
    hint(ONE, 1);
    hint(ONE, 2);
    hint(ONE, 5);
    hint(ONE, 4);
    hint(TWO, 9);
    expect(told).toEqual([
      ["one", 1],
      ["two", 9],
    ]);
    vi.advanceTimersByTime(199);
    expect(told).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(told.at(-1)).toEqual(["one", 5]);
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(3);
    hint(ONE, 6);
    expect(told.at(-1)).toEqual(["one", 6]);
  });
});
