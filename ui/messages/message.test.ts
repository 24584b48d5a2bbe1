import { describe, expect, it } from "vitest";
import { dayNumber } from "#domain/time/local.ts";
import { MESSAGE_PARAMETERS } from "#protocol/kiosk/view.ts";
import { LANGUAGES } from "../language.ts";
import { kanjiWithoutReading, plainText } from "../text/markup.ts";
import { MESSAGE_NUMBERS, MESSAGES, type MessageNumber } from "./catalogue.ts";
import { message, runningText } from "./message.ts";
import { fillTemplate } from "./template.ts";

const city = {
  name: { ja: "前橋市", easy: "前橋市《まえばしし》", en: "Maebashi" },
  telephone: "027-000-0000",
  officeHours: { ja: "平日", easy: "平日《へいじつ》", en: "Weekdays" },
  cardName: { ja: "マイナンバーカード", easy: "マイナンバーカード", en: "My Number Card" },
  zone: "Asia/Tokyo",
  locale: "ja-JP",
  currencyCode: "JPY",
  currencyMinorDigits: 0,
};

/** One value for every parameter there is. */
const ALL = {
  usesLeft: 52,
  amountMinor: 535,
  capMinor: 1000,
  uses: 2,
  day: dayNumber(2027, 4, 1),
  fromMinute: 420,
  toMinute: 1080,
  minute: 550,
};

const said = (
  number: MessageNumber,
  language: "ja" | "easy" | "en",
  parameters: Record<string, number> = ALL,
): string => runningText(message(number, parameters, { language, city }).sentences, language);

describe("the catalogue", () => {
  it.each(LANGUAGES)("has every message with something to say in %s", (language) => {
    for (const number of MESSAGE_NUMBERS) {
      expect(message(number, ALL, { language, city }).sentences.length, `message ${number}`).toBeGreaterThan(0);
    }
  });

  it("leaves no kanji of やさしい日本語 without a reading", () => {
    for (const number of MESSAGE_NUMBERS) {
      const { sentences, added } = message(number, ALL, { language: "easy", city });
      for (const sentence of [...sentences, ...added]) {
        expect(kanjiWithoutReading(sentence), `message ${number}: ${plainText(sentence)}`).toEqual([]);
      }
    }
  });

  it("uses no parameter that the protocol does not name", () => {
    for (const number of MESSAGE_NUMBERS) {
      const known = (MESSAGE_PARAMETERS[number] ?? []).map((name) => name.replace(/[[\]]/gu, ""));
      const used = [...JSON.stringify(MESSAGES[number]).matchAll(/\{\w+:(\w+)\}/gu)].map((match) => match[1]);
      expect(
        used.filter((name) => !known.includes(name as string)),
        `message ${number}`,
      ).toEqual([]);
    }
  });

  it("never uses the words that blame", () => {
    expect(JSON.stringify(MESSAGES)).not.toMatch(/エラー|無効|拒否|不正|割引|自己負担/u);
  });
});

describe("message", () => {
  it("says what the table says", () => {
    expect(said(4, "ja")).toBe("市の補助を使えます。今年度のこり52回。");
    expect(said(4, "en")).toBe("You are covered. 52 rides left.");
    expect(said(11, "ja")).toBe("お支払いは535円です。");
    expect(said(11, "easy")).toBe("535円 はらってください。");
    expect(said(13, "ja", { uses: 2, amountMinor: 1400 })).toBe("2回分を使うと、お支払いは1,400円です。");
    expect(said(15, "ja")).toBe("今年度は使い終わりました。4月1日からまた使えます。");
    expect(said(16, "ja")).toBe("今日の2回は使いました。明日また使えます。");
    expect(said(17, "ja")).toBe("補助は午前7時から午後6時までです。");
    expect(said(17, "easy")).toBe("7時から 18時まで つかえます。");
    expect(said(18, "en")).toBe("Start or end in Maebashi.");
    expect(said(23, "ja")).toBe("のこりの回数は午前9時10分現在です。");
  });

  it("leaves out what it does not know, and takes money where a scheme counts money", () => {
    expect(said(4, "ja", {})).toBe("市の補助を使えます。");
    const dollars = { ...city, currencyCode: "USD", currencyMinorDigits: 2, locale: "en-US" };
    const { sentences } = message(4, { moneyLeftMinor: 182_000 }, { language: "en", city: dollars });
    expect(runningText(sentences, "en")).toBe("You are covered. $1,820.00 left.");
  });

  it("adds to a refusal what it costs and whom to call", () => {
    const added = (number: MessageNumber): string =>
      runningText(message(number, ALL, { language: "ja", city }).added, "ja");
    expect(added(17)).toBe("今回は運賃の全額をお支払いください。回数は使っていません。");
    expect(added(21)).toBe("今回は運賃の全額をお支払いください。回数は使っていません。電話027-000-0000。");
    expect(added(4)).toBe("");
  });

  it("takes an unknown slot for a mistake of the catalogue", () => {
    expect(() => fillTemplate("{colour:x}", { x: 1 }, { language: "ja", city })).toThrow(RangeError);
    expect(() => fillTemplate("{mayor}", {}, { language: "ja", city })).toThrow(RangeError);
  });
});
