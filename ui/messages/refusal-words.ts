import type { RefusalCode } from "#domain/decision/refusal.ts";
import type { Language } from "../language.ts";
import type { Template } from "./template.ts";

/**
 * The reason of a refusal for the passenger, kindly and in one sentence. Codes with a numbered message of their own
 * (15–21) are worded there as well; these words also serve the codes that have none.
 */
const REFUSAL_WORDS: Readonly<Record<RefusalCode, Readonly<Record<Language, Template>>>> = {
  NO_SCHEME_IN_FORCE: {
    ja: "今日は|補助の|期間では|ありません",
    easy: "きょうは つかえない 日《ひ》です",
    en: "There is no subsidy today",
  },
  NOT_REGISTERED: { ja: "まだ|登録が|ありません", easy: "まだ とうろくが ありません", en: "Not registered yet" },
  NOT_YET_VALID: {
    ja: "登録は|まだ|始まって|いません",
    easy: "まだ つかえる 日《ひ》では ありません",
    en: "Your registration has not begun yet",
  },
  ENTITLEMENT_EXPIRED: {
    ja: "登録の|期間が|終わりました",
    easy: "とうろくの 期間《きかん》が おわりました",
    en: "Your registration has ended",
  },
  CARD_STOPPED: {
    ja: "このカードは|止めてあります",
    easy: "この カードは いま つかえません",
    en: "This card is on hold",
  },
  CARD_NEEDS_RENEWAL: {
    ja: "カードの|更新が|必要です",
    easy: "カードを あたらしく してください",
    en: "Your card needs renewal",
  },
  ASSURANCE_TOO_LOW: {
    ja: "このカードの|読み方では|使えません",
    easy: "この カードの よみかたでは つかえません",
    en: "This way of reading the card is not enough",
  },
  SAME_PERSON_TWICE: {
    ja: "この方は|受付ずみです",
    easy: "この 人《ひと》は おわりました",
    en: "This person is already counted",
  },
  OUTSIDE_HOURS: {
    ja: "補助の|時間の|外です",
    easy: "つかえる 時間《じかん》では ありません",
    en: "Outside the covered hours",
  },
  OUTSIDE_AREA: {
    ja: "{city}の|外だけの|乗車です",
    easy: "{city}の そとだけを はしりました",
    en: "The ride is outside {city}",
  },
  RIDE_LIMIT: {
    ja: "この乗車で|使える|人数を|超えました",
    easy: "この タクシーで つかえる 人《ひと》の 数《かず》を こえました",
    en: "No more riders can use it on this ride",
  },
  DAY_LIMIT: { ja: "今日の分は|使いました", easy: "きょうの ぶんは おわりました", en: "Today's rides are used" },
  MONTH_LIMIT: {
    ja: "今月の分は|使いました",
    easy: "今月《こんげつ》の ぶんは おわりました",
    en: "This month's rides are used",
  },
  YEAR_LIMIT: {
    ja: "今年度は|使い終わりました",
    easy: "ことしの ぶんは おわりました",
    en: "This year's rides are used",
  },
  FARE_TOO_LOW: {
    ja: "この運賃には|補助が|ありません",
    easy: "この お金《かね》では つかえません",
    en: "This fare is too low for the subsidy",
  },
};

/** Words for a refusal; undefined for a code this screen does not know. */
export function refusalWords(code: string, language: Language): Template | undefined {
  return code in REFUSAL_WORDS ? REFUSAL_WORDS[code as RefusalCode][language] : undefined;
}
