import { describe, expect, it } from "vitest";
import { cityFormat } from "../app/city-format.ts";
import { en } from "../messages/en.ts";
import { ja } from "../messages/ja.ts";
import { differenceText, differs, shownText } from "./difference.ts";

const YEN = cityFormat(
  {
    id: "a",
    name: { ja: "甲市", easy: "甲市", en: "Ko" },
    currencyCode: "JPY",
    currencyMinorDigits: 0,
    zone: "Asia/Tokyo",
    locale: "ja-JP",
    telephone: "0",
    companies: [],
  },
  "ja",
);
const borne = (cityBearsMinor: number, companyBearsMinor: number) => ({ cityBearsMinor, companyBearsMinor });

describe("what was shown instead of the decision", () => {
  it("is told with who bears the difference", () => {
    const line = { ...borne(80, 0), paidMinor: 420, riderPaysMinor: 500 };
    expect(shownText(line, ja, YEN)).toBe("お客さまへの表示 420円（決定 500円）");
    expect(differenceText(line, ja, YEN)).toBe("差額 80円：市の負担");
    expect(shownText(line, en, YEN)).toBe("Rider was shown 420円 (decided 500円).");
    expect(differenceText(line, en, YEN)).toBe("Difference 80円 borne by the city");
  });

  it("names both who bear a part, and who gains where less was shown", () => {
    expect(differenceText(borne(750, 250), ja, YEN)).toBe("差額 750円：市の負担、250円：会社の負担");
    expect(differenceText(borne(-450, 0), ja, YEN)).toBe("差額 450円：市の補助から引く");
    expect(differenceText(borne(0, -450), en, YEN)).toBe("Difference 450円 kept by the company");
    expect(differenceText(borne(0, 0), ja, YEN)).toBe("");
  });

  it("is nothing where all agrees, and after a reversal", () => {
    expect(differs({ ...borne(0, 0), reversed: false })).toBe(false);
    expect(differs({ ...borne(0, -450), reversed: false })).toBe(true);
    expect(differs({ ...borne(80, 0), reversed: true })).toBe(false);
  });
});
