import { describe, expect, it } from "vitest";
import { CHIME_TONES, CHIMES, chimeLengthS } from "./chimes.ts";

describe("the chimes", () => {
  it("keep to tones that old ears hear", () => {
    for (const tone of CHIMES.flatMap((chime) => CHIME_TONES[chime])) {
      expect(tone.frequencyHz).toBeGreaterThanOrEqual(500);
      expect(tone.frequencyHz).toBeLessThanOrEqual(2000);
    }
  });

  it("are told apart by rhythm alone", () => {
    const rhythm = (chime: (typeof CHIMES)[number]): string =>
      CHIME_TONES[chime].map((tone) => `${tone.atS}/${tone.lengthS}`).join(" ");
    expect(new Set(CHIMES.map(rhythm)).size).toBe(CHIMES.length);
  });

  it("are short and do not overlap themselves", () => {
    for (const chime of CHIMES) {
      expect(chimeLengthS(chime)).toBeLessThan(1.2);
      const tones = CHIME_TONES[chime];
      tones.slice(1).forEach((tone, index) => {
        const before = tones[index];
        expect(tone.atS).toBeGreaterThan((before?.atS ?? 0) + (before?.lengthS ?? 0));
      });
    }
  });
});
