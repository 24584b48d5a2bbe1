import type { Language } from "../language.ts";
import type { Template } from "./template.ts";

/** The words of the passenger's screen beside the numbered messages. Filled by `fillTemplate`. */
const CAB_WORDS = {
  passenger: { ja: "お客さま", easy: "おきゃくさま", en: "Passenger" },
  again: { ja: "もう一度", easy: "もういちど", en: "Again" },
  cardIsGood: {
    ja: "{card}で|{city}の|補助を|使えます",
    easy: "{card}で つかえます",
    en: "{city} pays part of your fare",
  },
  hoursFrom: { ja: "{minute:minute}から", easy: "{minute:minute}から", en: "From {minute:minute}" },
  hoursTo: { ja: "{minute:minute}まで", easy: "{minute:minute}まで つかえます", en: "to {minute:minute}" },
  yearLeft: { ja: "今年度 |のこり", easy: "のこり", en: "Left this year" },
  footLeft: { ja: "今年度 |のこり", easy: "のこり", en: "Left" },
  seatLeft: {
    ja: "お{number:seat}人目 |のこり",
    easy: "{number:seat}人目《にんめ》 のこり",
    en: "Rider {number:seat} left",
  },
  leftGoodUntil: {
    ja: "のこりの回数は|{day:day}まで使えます",
    easy: "のこりは {day:day}まで つかえます",
    en: "Rides left are good until {day:day}",
  },
  until: { ja: "{day:day}まで", easy: "{day:day}まで", en: "until {day:day}" },
  todayLeft: { ja: "今日は|あと{uses:uses}", easy: "きょうは あと {uses:uses}", en: "{uses:uses} left today" },
  left: { ja: "のこり", easy: "のこり", en: "Left" },
  seat: { ja: "お{number:seat}人目", easy: "{number:seat}人目《にんめ》", en: "Rider {number:seat}" },
  eachSeat: { ja: "お1人ずつ", easy: "｜1人《ひとり》ずつ", en: "Each rider" },
  seatFullFare: { ja: "補助なし", easy: "つかえません", en: "not covered" },
  seatCovered: { ja: "使えます", easy: "つかえます", en: "covered" },
  rideCalmly: { ja: "どうぞ|ごゆっくり", easy: "どうぞ ごゆっくり", en: "Enjoy your ride" },
  youPay: { ja: "お客さまの|お支払い", easy: "あなたが はらう お金《かね》", en: "You pay" },
  fare: { ja: "運賃", easy: "タクシーの お金《かね》", en: "Fare" },
  cityPays: { ja: "{city}の|補助", easy: "市《し》が だす お金《かね》", en: "City pays" },
  cityPaysShort: { ja: "市の補助", easy: "市《し》が だす お金《かね》", en: "City pays" },
  paid: { ja: "お支払い", easy: "はらった", en: "You paid" },
  cityPaid: { ja: "市の補助", easy: "市《し》が だした", en: "The city paid" },
  payFull: { ja: "お支払いは|運賃の全額です", easy: "ぜんぶ はらってください", en: "You pay the full fare" },
  wait: { ja: "金額を|計算して|います", easy: "お金《かね》を けいさん しています", en: "Working out the amount" },
  checking: { ja: "市に|確かめて|います", easy: "市《し》に きいています", en: "Asking the city" },
  howMuch: { ja: "計算を見る", easy: "けいさんを みる", en: "Details" },
  explanation: { ja: "計算の|しかた", easy: "けいさんの しかた", en: "How this is made up" },
  back: { ja: "もどる", easy: "もどる", en: "Back" },
  howManyUses: { ja: "何回分を|使いますか", easy: "なんかい つかいますか", en: "How many rides to use?" },
  useThem: { ja: "{number:uses}回分を|使う", easy: "{number:uses}回《かい》ぶん", en: "Use {uses:uses}" },
  pay: { ja: "お支払い", easy: "はらう お金《かね》", en: "You pay" },
  willBeLeft: {
    ja: "のこり {uses:uses}に|なります",
    easy: "のこりは {uses:uses}です",
    en: "{uses:uses} left after this",
  },
  refused: { ja: "今回は|市の補助を|使えません", easy: "今日《きょう》は つかえません", en: "Not covered this time" },
  coveredHours: { ja: "補助を|使える|時間", easy: "つかえる 時間《じかん》", en: "Covered hours" },
  now: { ja: "いま {minute:minute}", easy: "いま {minute:minute}", en: "Now {minute:minute}" },
  tomorrowAgain: {
    ja: "明日の|{minute:fromMinute}から |また|使えます",
    easy: "あした {minute:fromMinute}から また つかえます",
    en: "Again tomorrow from {minute:fromMinute}",
  },
  laterToday: {
    ja: "今日の|{minute:fromMinute}から|使えます",
    easy: "きょう {minute:fromMinute}から つかえます",
    en: "Covered today from {minute:fromMinute}",
  },
  payInFull: {
    ja: "運賃の全額を|お支払いください",
    easy: "お金《かね》は ぜんぶ はらってください",
    en: "Please pay the full fare this time",
  },
  noneUsed: { ja: "回数は|使っていません", easy: "へっていません", en: "No ride was used up" },
  noUseTaken: { ja: "回数は|使っていません", easy: "回数《かいすう》は へっていません", en: "No ride was used up" },
  officeHours: { ja: "{officeHours}", easy: "{officeHours}", en: "{officeHours}" },
  lost: { ja: "つなぎ直しています", easy: "まってください", en: "Reconnecting" },
  lostSince: { ja: "{minute:minute}現在", easy: "{minute:minute}の がめん", en: "as of {minute:minute}" },
  troubleReader: {
    ja: "ただいま|カードを|読めません",
    easy: "いま カードが よめません",
    en: "The card reader is not working",
  },
  troubleOther: { ja: "ただいま|使えません", easy: "いま つかえません", en: "Not working at the moment" },
  askDriver: {
    ja: "運転者に|お声がけ|ください",
    easy: "うんてんしゅに はなしてください",
    en: "Please speak to the driver",
  },
  removeSlowly: {
    ja: "音が鳴るまで |動かさないでください",
    easy: "おとが なるまで まってください",
    en: "Wait for the sound",
  },
  nothingTaken: {
    ja: "カードはまだ|使われていません",
    easy: "カードは まだ つかっていません",
    en: "Nothing has been used yet",
  },
} as const satisfies Record<string, Readonly<Record<Language, Template>>>;

/** Name of a word or sentence of the passenger's screen. */
export type CabWord = keyof typeof CAB_WORDS;

/** Every name, for tests of completeness. */
export const CAB_WORD_NAMES = Object.keys(CAB_WORDS) as CabWord[];

/** The template of a word in one language. */
export function cabWord(name: CabWord, language: Language): Template {
  return CAB_WORDS[name][language];
}
