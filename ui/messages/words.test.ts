import { describe, expect, it } from "vitest";
import { STEP_CODES } from "#domain/decision/decision.ts";
import { REFUSAL_CODES } from "#domain/decision/refusal.ts";
import { LANGUAGES } from "../language.ts";
import { kanjiWithoutReading, plainText, type Sentence } from "../text/markup.ts";
import { CAB_WORD_NAMES, cabWord } from "./cab-words.ts";
import { DRIVER_WORD_NAMES, driverWord } from "./driver-words.ts";
import { refusalWords } from "./refusal-words.ts";
import { stepWords } from "./step-words.ts";
import { fillTemplate, type Template } from "./template.ts";

const city = {
  name: { ja: "前橋市", easy: "前橋市《まえばしし》", en: "Maebashi City" },
  telephone: "027-000-0000",
  officeHours: { ja: "平日", easy: "平日《へいじつ》", en: "Weekdays" },
  cardName: { ja: "マイナンバーカード", easy: "マイナンバーカード", en: "My Number Card" },
  zone: "Asia/Tokyo",
  locale: "ja-JP",
  currencyCode: "JPY",
  currencyMinorDigits: 0,
};

/** Answers every parameter with 2. */
const ANY: Record<string, number> = new Proxy({}, { get: () => 2 });

function words(language: "ja" | "easy" | "en"): Map<string, Template | undefined> {
  return new Map([
    ...CAB_WORD_NAMES.map((name) => [name, cabWord(name, language)] as const),
    ...REFUSAL_CODES.map((code) => [code, refusalWords(code, language)] as const),
    ...STEP_CODES.map((code) => [code, stepWords(code, language)] as const),
  ]);
}

const fill = (template: Template | undefined, language: "ja" | "easy" | "en"): Sentence =>
  fillTemplate(template ?? "", ANY, { language, city }) ?? [];

describe("the words of the screens", () => {
  it.each(LANGUAGES)("are all there in %s", (language) => {
    for (const [name, template] of words(language)) expect(plainText(fill(template, language)), name).not.toBe("");
  });

  it("leave no kanji of やさしい日本語 without a reading", () => {
    for (const [name, template] of words("easy")) {
      expect(kanjiWithoutReading(fill(template, "easy")), name).toEqual([]);
    }
  });

  it("are English where English is asked for", () => {
    for (const [name, template] of words("en")) expect(plainText(fill(template, "en")), name).not.toMatch(/[ぁ-ん]/u);
    for (const name of DRIVER_WORD_NAMES) expect(String(driverWord(name, "en")), name).not.toMatch(/[ぁ-ん一-龠]/u);
  });

  it("call nothing an error and nobody's subsidy a discount, except the company's own", () => {
    for (const language of LANGUAGES) {
      for (const [name, template] of words(language)) {
        if (name === "COMPANY_DISCOUNT") continue;
        expect(plainText(fill(template, language)), name).not.toMatch(
          /エラー|無効|拒否|不正|割引|自己負担|error|invalid/iu,
        );
      }
    }
  });

  it("know no word for an unknown code", () => {
    expect(refusalWords("WHATEVER", "ja")).toBeUndefined();
    expect(stepWords("WHATEVER", "ja")).toBeUndefined();
  });
});
