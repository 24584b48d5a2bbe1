import { describe, expect, it } from "vitest";
import { bodyOf, faceOf, outline, type Slab } from "./slab.ts";

const slab: Slab = { centre: [100, 100], width: 80, depth: 60, radius: 10, height: 20 };

describe("the slanted box", () => {
  it("has its face within its body, and the body the height deeper", () => {
    const lowest = (spots: readonly (readonly [number, number])[]): number => Math.max(...spots.map(([, y]) => y));
    expect(lowest(bodyOf(slab))).toBeCloseTo(lowest(faceOf(slab)) + 20);
    const leftmost = (spots: readonly (readonly [number, number])[]): number => Math.min(...spots.map(([x]) => x));
    expect(leftmost(bodyOf(slab))).toBeCloseTo(leftmost(faceOf(slab)));
  });

  it("has a convex body", () => {
    const body = bodyOf(slab);
    const turns = body.map((p, index) => {
      const q = body[(index + 1) % body.length] ?? p;
      const r = body[(index + 2) % body.length] ?? p;
      return (q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0]);
    });
    expect(turns.every((turn) => turn > 0)).toBe(true);
  });

  it("is written as a closed path", () => {
    expect(
      outline([
        [0, 0],
        [1, 0],
        [1, 1],
      ]),
    ).toBe("M0.0 0.0L1.0 0.0L1.0 1.0Z");
  });
});
