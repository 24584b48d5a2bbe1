import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineWindow } from "./line-window.ts";

describe("the drawn part of a long list", () => {
  it("covers what is visible and never more than a screen with its margins", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50_000 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.integer({ min: 0, max: 1200 }),
        (rows, topPx, heightPx) => {
          const rowPx = 36;
          const part = lineWindow(rows, { topPx, heightPx, rowPx });
          expect(part.beforePx + part.afterPx + (part.to - part.from) * rowPx).toBe(rows * rowPx);
          expect(part.to - part.from).toBeLessThanOrEqual(heightPx / rowPx + 26);
          const firstVisible = Math.floor(topPx / rowPx);
          if (firstVisible < rows && heightPx > 0) {
            expect(part.from).toBeLessThanOrEqual(firstVisible);
            expect(part.to).toBeGreaterThan(firstVisible);
          }
        },
      ),
    );
  });
});
