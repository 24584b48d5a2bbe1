import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

const some = (draw: () => number): number[] => Array.from({ length: 20_000 }, draw);
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe("seeded randomness", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    const first = createRandom(1);
    const again = createRandom(1);
    const other = createRandom(2);
    const drawn = Array.from({ length: 50 }, () => first.next());
    expect(Array.from({ length: 50 }, () => again.next())).toEqual(drawn);
    expect(Array.from({ length: 50 }, () => other.next())).not.toEqual(drawn);
  });

  it("keeps substreams independent of what was drawn before", () => {
    const untouched = createRandom(1);
    const used = createRandom(1);
    for (let i = 0; i < 100; i++) used.next();
    expect(used.substream("day").uuid()).toBe(untouched.substream("day").uuid());
    expect(untouched.substream("night").uuid()).not.toBe(untouched.substream("day").uuid());
  });

  it("draws evenly, by weight and from the bell curve", () => {
    const random = createRandom("even");
    expect(mean(some(() => random.next()))).toBeCloseTo(0.5, 1);
    expect(mean(some(() => (random.weighted([3, 0, 1]) === 0 ? 1 : 0)))).toBeCloseTo(0.75, 1);
    expect(some(() => random.weighted([3, 0, 1]))).not.toContain(1);
    const normal = some(() => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((n) => n * n))).toBeCloseTo(1, 1);
  });

  it("makes ids of the form of a UUID that do not repeat", () => {
    const random = createRandom("ids");
    const ids = Array.from({ length: 20_000 }, () => random.uuid());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 50)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
