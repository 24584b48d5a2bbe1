import { describe, expect, it } from "vitest";
import { amountParts, formatMoney, moneyMarkup } from "./money.ts";

const yen = { currencyCode: "JPY", currencyMinorDigits: 0, locale: "ja-JP" };
const dollar = { currencyCode: "USD", currencyMinorDigits: 2, locale: "en-US" };
const euro = { currencyCode: "EUR", currencyMinorDigits: 2, locale: "de-DE" };

describe("formatMoney", () => {
  it("writes yen as the passengers of each language read it", () => {
    expect(formatMoney(1340, yen, "ja")).toBe("1,340円");
    expect(formatMoney(1340, yen, "en")).toBe("1,340 yen");
    expect(moneyMarkup(1340, yen, "easy")).toBe("1,340円《えん》");
  });

  it("writes other currencies from their data alone", () => {
    expect(formatMoney(1340, dollar, "en")).toBe("$13.40");
    expect(formatMoney(6000, dollar, "ja")).toBe("$60.00");
    expect(moneyMarkup(6000, dollar, "easy")).toBe("$60.00");
    expect(formatMoney(5, euro, "en")).toBe("€0.05");
  });

  it("keeps the sign of a correction in front of everything", () => {
    expect(formatMoney(-535, yen, "ja")).toBe("−535円");
    expect(formatMoney(-1340, dollar, "en")).toBe("−$13.40");
  });

  it("splits number and unit for the large figures", () => {
    expect(amountParts(10_000, yen, "ja")).toEqual({
      number: "10,000",
      unit: "円",
      unitReading: null,
      unitFirst: false,
      spaced: false,
    });
    expect(amountParts(1340, dollar, "en")).toMatchObject({ number: "13.40", unit: "$", unitFirst: true });
  });
});
