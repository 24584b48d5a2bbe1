import { describe, expect, it } from "vitest";
import type { Language } from "../language.ts";
import type { MessageNumber } from "../messages/catalogue.ts";
import { message } from "../messages/message.ts";
import { speechOf } from "./speech-text.ts";

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

function spoken(number: MessageNumber, language: Language, asked = false): string {
  const parameters = { amountMinor: 535, usesLeft: 52, fromMinute: 420, toMinute: 1080 };
  return speechOf(message(number, parameters, { language, city }), { language, city, asked }).clips.join("");
}

describe("speechOf", () => {
  it("says numbers as they are spoken", () => {
    expect(spoken(11, "ja")).toBe("お支払いはごひゃくさんじゅうごえんです。");
    expect(spoken(4, "ja")).toBe("市の補助を使えます。今年度のこりごじゅうにかい。");
    expect(spoken(4, "easy")).toBe("つかえます。のこりごじゅうにかいです。");
    expect(spoken(4, "en")).toBe("You are covered.52 rides left.");
  });

  it("keeps the reason of a refusal to itself until it is asked", () => {
    expect(spoken(19, "ja")).toBe("今回は市の補助を使えません。");
    expect(spoken(19, "ja", true)).toContain("まだ登録がありません。市役所で登録できます。");
    expect(spoken(19, "en")).toBe("Not covered this time.");
    expect(spoken(17, "easy", true)).toContain("しちじからじゅうはちじまでつかえます。");
  });
});
