import type { StepCode } from "#domain/decision/decision.ts";
import type { Language } from "../language.ts";
import type { Template } from "./template.ts";

/** What a step of the decision says in plain words; the amount stands beside it. Parameters are those of the step. */
const STEP_WORDS: Readonly<Record<StepCode, Readonly<Record<Language, Template>>>> = {
  METER: { ja: "メーターの|金額", easy: "メーターの お金《かね》", en: "On the meter" },
  COMPONENT_ADDED: { ja: "加わる|料金", easy: "たす お金《かね》", en: "Added charge" },
  COMPANY_DISCOUNT: {
    ja: "タクシー会社の|割引",
    easy: "タクシーの 会社《かいしゃ》が やすくした お金《かね》",
    en: "Taxi company's discount",
  },
  NOT_ELIGIBLE_COMPONENT: {
    ja: "補助の|計算に|入らない|料金",
    easy: "市《し》が ださない お金《かね》",
    en: "Charge the city does not share",
  },
  ELIGIBLE_FARE: { ja: "補助を|計算する|金額", easy: "けいさんする お金《かね》", en: "Amount the city looks at" },
  MEMBER_PAYS_FIRST: {
    ja: "はじめに|お客さまが|払う|金額",
    easy: "さいしょに あなたが はらう お金《かね》",
    en: "You pay first",
  },
  RATE: {
    ja: ["{money:fareMinor}の|{rate:rateBp}", "運賃の|{rate:rateBp}"],
    easy: ["{money:fareMinor}の {rate:rateBp}", "お金《かね》の {rate:rateBp}"],
    en: ["{rate:rateBp} of {money:fareMinor}", "{rate:rateBp} of the fare"],
  },
  TIER: { ja: "運賃の|{rate:rateBp}", easy: "お金《かね》の {rate:rateBp}", en: "{rate:rateBp} of the fare" },
  FIXED: { ja: "決まった|補助", easy: "きまった お金《かね》", en: "Fixed amount" },
  RIDER_PAYS_FIXED: {
    ja: "お客さまは|{money:riderMinor}、|のこりを|市が",
    easy: "あなたは {money:riderMinor}、 のこりを 市《し》が",
    en: "You pay {money:riderMinor}, the city the rest",
  },
  CAP: {
    ja: "補助は|{money:capMinor}まで",
    easy: "市《し》が だすのは {money:capMinor}まで",
    en: "The city pays up to {money:capMinor}",
  },
  MONEY_LIMIT: {
    ja: "補助の|のこりの|金額まで",
    easy: "のこっている お金《かね》まで",
    en: "Up to what is left of your limit",
  },
  NOT_ABOVE_FARE: { ja: "補助は|運賃まで", easy: "タクシーの お金《かね》まで", en: "Not more than the fare" },
  REFUSED: { ja: "補助は|ありません", easy: "市《し》は だしません", en: "Not covered" },
  CITY_PAYS: { ja: "市の補助", easy: "市《し》が だす お金《かね》", en: "City pays" },
  RIDERS_PAY: { ja: "お客さまの|お支払い", easy: "あなたが はらう お金《かね》", en: "You pay" },
};

/** Words for a step; undefined for a code this screen does not know. */
export function stepWords(code: string, language: Language): Template | undefined {
  return code in STEP_WORDS ? STEP_WORDS[code as StepCode][language] : undefined;
}
