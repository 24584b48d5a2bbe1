import type { Language } from "../language.ts";
import type { Template } from "./template.ts";

/** A message: its sentences in order; one whose parameters are missing is left out. */
export type MessageTemplates = readonly Template[];

/** Said after 15–21 and 26: the fare is paid in full, no use was taken. */
export const FULL_FARE_AND_NO_USE: Readonly<Record<Language, MessageTemplates>> = {
  ja: ["今回は|運賃の全額を|お支払いください", "回数は|使っていません"],
  easy: ["きょうは タクシーの お金《かね》を ぜんぶ はらってください", "回数《かいすう》は へっていません"],
  en: ["Please pay the full fare this time", "No ride was used up"],
};

/** Said after 19–21: whom to call. */
export const WHOM_TO_CALL: Readonly<Record<Language, MessageTemplates>> = {
  ja: ["電話|{telephone}"],
  easy: ["でんわ {telephone}"],
  en: ["Telephone {telephone}"],
};

/** Numbers of the messages. */
export const MESSAGE_NUMBERS = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
] as const;
export type MessageNumber = (typeof MESSAGE_NUMBERS)[number];

/**
 * The messages of the cab, the only place where their words stand. `|` marks a phrase, 《》 a
 * reading. How templates are filled: `template.ts`; which parameters there are: `MESSAGE_PARAMETERS` of
 * `protocol/kiosk/view.ts`.
 */
export const MESSAGES: Readonly<Record<MessageNumber, Readonly<Record<Language, MessageTemplates>>>> = {
  1: {
    ja: ["カードを|ここに|置いてください"],
    easy: ["カードを ここに おいてください"],
    en: ["Place your card here"],
  },
  2: {
    ja: ["そのまま|お待ちください"],
    easy: ["そのまま まってください"],
    en: ["Keep it there, please"],
  },
  3: {
    ja: ["読み取れませんでした", "もう一度|置いてください"],
    easy: ["もういちど おいてください"],
    en: ["Please place it again"],
  },
  4: {
    ja: ["市の補助を|使えます", ["今年度|のこり{uses:usesLeft}", "今年度|のこり{money:moneyLeftMinor}"]],
    easy: ["つかえます", ["のこり {uses:usesLeft}です", "のこり {money:moneyLeftMinor}です"]],
    en: ["You are covered", ["{uses:usesLeft} left", "{money:moneyLeftMinor} left"]],
  },
  5: {
    ja: ["カードを|お取りください"],
    easy: ["カードを とってください"],
    en: ["Please take your card"],
  },
  6: {
    ja: ["カードを|お忘れです"],
    easy: ["カードが ここに あります"],
    en: ["Your card is still here"],
  },
  7: {
    ja: ["ごいっしょの|方も|カードを|置いてください"],
    easy: ["つぎの 人《ひと》も おいてください"],
    en: ["Next rider, please"],
  },
  8: {
    ja: ["このカードは|受付ずみです"],
    easy: ["この カードは おわりました"],
    en: ["This card is already counted"],
  },
  9: {
    ja: ["カードを|1枚だけ|置いてください"],
    easy: ["カードは 1まいだけ おいてください"],
    en: ["One card at a time"],
  },
  10: {
    ja: ["{card}を|置いてください"],
    easy: ["{card}を おいてください"],
    en: ["Please use your {card}"],
  },
  11: {
    ja: ["お支払いは|{money:amountMinor}です"],
    easy: ["{money:amountMinor} はらってください"],
    en: ["You pay {money:amountMinor}"],
  },
  12: {
    ja: ["市の補助は|1回{money:capMinor}までです"],
    easy: ["市《し》が だす お金《かね》は {money:capMinor}までです"],
    en: ["The city pays up to {money:capMinor}"],
  },
  13: {
    ja: ["{number:uses}回分を|使うと、|お支払いは|{money:amountMinor}です"],
    easy: ["{number:uses}回《かい》ぶん つかうと {money:amountMinor}です"],
    en: ["Use {uses:uses}: you pay {money:amountMinor}"],
  },
  14: {
    ja: ["ありがとう|ございました", ["のこり{uses:usesLeft}です", "のこり{money:moneyLeftMinor}です"]],
    easy: ["ありがとう ございました", ["のこり {uses:usesLeft}です", "のこり {money:moneyLeftMinor}です"]],
    en: ["Thank you", ["{uses:usesLeft} left", "{money:moneyLeftMinor} left"]],
  },
  15: {
    ja: ["今年度は|使い終わりました", "{day:day}から|また|使えます"],
    easy: ["ことしの ぶんは おわりました", "{day:day}から また つかえます"],
    en: ["All used", "Available again on {day:day}"],
  },
  16: {
    ja: [["今日の|{number:uses}回は|使いました", "今日の分は|使いました"], "明日|また|使えます"],
    easy: ["きょうの ぶんは おわりました", "あした また つかえます"],
    en: [["{number:uses} used today", "All used today"], "Again tomorrow"],
  },
  17: {
    ja: [["補助は|{minute:fromMinute}から|{minute:toMinute}までです", "いまは|補助の|時間の外です"]],
    easy: [["{minute:fromMinute}から {minute:toMinute}まで つかえます", "いまは つかえない 時間《じかん》です"]],
    en: [["Covered from {minute:fromMinute} to {minute:toMinute}", "Not covered at this hour"]],
  },
  18: {
    ja: ["{city}で|乗るか|降りるときに|使えます"],
    easy: ["{city}で のるか おりるとき つかえます"],
    en: ["Start or end in {city}"],
  },
  19: {
    ja: ["まだ|登録が|ありません", "市役所で|登録できます"],
    easy: ["まだ とうろくが ありません", "市役所《しやくしょ》で とうろく できます"],
    en: ["Not registered yet", "City Hall can help"],
  },
  20: {
    ja: ["カードの|更新が|必要です", "市役所へ|どうぞ"],
    easy: ["カードを あたらしく してください", "市役所《しやくしょ》で できます"],
    en: ["Your card needs renewal at City Hall"],
  },
  21: {
    ja: ["このカードは|止めてあります", "市役所に|お電話ください"],
    easy: ["この カードは いま つかえません", "市役所《しやくしょ》に でんわしてください"],
    en: ["This card is on hold", "Please call City Hall"],
  },
  22: {
    ja: ["運転者が|記録します", "補助は|使えます"],
    easy: ["うんてんしゅが かきます", "つかえます"],
    en: ["The driver will record it", "You are covered"],
  },
  23: {
    ja: ["のこりの|回数は|{minute:minute}現在です"],
    easy: ["{minute:minute}の かずです"],
    en: ["As of {minute:minute}"],
  },
  24: {
    ja: ["お支払いを|{money:amountMinor}に|直しました"],
    easy: ["{money:amountMinor}に なおしました"],
    en: ["Corrected: you pay {money:amountMinor}"],
  },
  25: {
    ja: ["取り消しました", ["{number:uses}回分|戻りました", "回数は|戻りました"]],
    easy: ["とりけしました", ["{number:uses}回《かい》 もどりました", "回数《かいすう》は もどりました"]],
    en: ["Cancelled", ["{uses:uses} returned", "Your rides are returned"]],
  },
  26: {
    ja: ["いまは|確かめられません"],
    easy: ["いまは わかりません"],
    en: ["We cannot check this now"],
  },
};
