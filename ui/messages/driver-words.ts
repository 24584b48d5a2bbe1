import type { Template } from "./template.ts";

/** The words of the driver's strip, in the language of the place (Japanese or English), never in the passenger's. */
const DRIVER_WORDS = {
  depart: { ja: "出発する", en: "Depart" },
  paid: { ja: "支払いずみ", en: "Paid" },
  cardBack: { ja: "カードを|渡す", en: "Hand card back" },
  departFullFare: { ja: "全額で|出発", en: "Depart, full fare" },
  takeFullFare: { ja: "全額|いただいた", en: "Full fare paid" },
  nextPassenger: { ja: "次の|お客さまへ", en: "Next passenger" },
  notRiding: { ja: "乗らない", en: "Not riding" },
  cancel: { ja: "取り消す", en: "Cancel" },
  undo: { ja: "取り消す", en: "Undo" },
  undoSeconds: { ja: "あと{number:seconds}秒", en: "{number:seconds} s left" },
  enterFare: { ja: "運賃を|入れる", en: "Enter fare" },
  byHand: { ja: "手で|記録", en: "By hand" },
  useThem: { ja: "{number:uses}回分", en: "Use {number:uses}" },
  moving: { ja: "走行中", en: "Moving" },
  movingNote: { ja: "止まると押せます", en: "Stop to press" },
  waitingForCard: { ja: "カード待ち", en: "Waiting" },
  waitingForCardNote: { ja: "置くと始まります", en: "for a card" },
  reading: { ja: "読み取り中", en: "Reading" },
  readingNote: { ja: "すぐ終わります", en: "one moment" },
  working: { ja: "計算中", en: "Working" },
  workingNote: { ja: "すぐ終わります", en: "one moment" },
  riding: { ja: "賃走中", en: "On the way" },
  ridingNote: { ja: "支払で金額が出ます", en: "ends at paying" },
  layAgain: { ja: "カード待ち", en: "Waiting" },
  layAgainNote: { ja: "置き直します", en: "lay again" },
  trouble: { ja: "使えません", en: "Not working" },
  troubleNote: { ja: "手で記録できます", en: "record by hand" },
  atEase: { ja: "確認ずみ", en: "All done" },
  atEaseNote: { ja: "カード待ち", en: "waiting" },
  disconnected: { ja: "つながりません", en: "Not connected" },
  disconnectedNote: { ja: "つなぎ直しています", en: "trying again" },
  collect: { ja: "いただく金額", en: "Collect" },
  ridersUsing: { ja: "補助を使う人", en: "Covered" },
  people: { ja: "人", en: "" },
  meter: { ja: "メーター", en: "Meter" },
  vacant: { ja: "空車", en: "vacant" },
  pickup: { ja: "迎車", en: "pick-up" },
  hired: { ja: "賃走", en: "Hired" },
  premium: { ja: "割増", en: "Premium" },
  paying: { ja: "支払", en: "Paying" },
  off: { ja: "応答なし", en: "no answer" },
  keypad: { ja: "手入力", en: "keypad" },
  card: { ja: "カード", en: "Card" },
  simulatedCard: { ja: "模擬カード", en: "Simulated card" },
  cardThere: { ja: "あり", en: "there" },
  cardNone: { ja: "なし", en: "none" },
  cardLeft: { ja: "忘れ物", en: "left" },
  reader: { ja: "読み取り機", en: "Reader" },
  readerAbsent: { ja: "なし", en: "missing" },
  online: { ja: "電波あり", en: "Online" },
  allSent: { ja: "送信ずみ", en: "all sent" },
  waitingRides: { ja: "未送信 {number:waiting}", en: "{number:waiting} to send" },
  offline: { ja: "圏外", en: "No signal" },
  askUndo: { ja: "この乗車を|取り消しますか", en: "Undo this ride?" },
  askCancel: { ja: "乗車を|やめますか", en: "Cancel this ride?" },
  askByHand: { ja: "カードなしで|記録しますか", en: "Record without a card?" },
  yes: { ja: "はい", en: "Yes" },
  no: { ja: "やめる", en: "No" },
  fareFirst: { ja: "メーターの運賃を|入れてください", en: "Enter the fare on the meter" },
  fareAgain: { ja: "確かめのため、|もう一度|入れてください", en: "Enter it once more to be sure" },
  fareDiffers: {
    ja: "2回の|金額が|ちがいます。|はじめから|入れてください",
    en: "The two amounts differ. Please start again",
  },
  erase: { ja: "消す", en: "Clear" },
  next: { ja: "次へ", en: "Next" },
  enter: { ja: "決める", en: "Enter" },
  stopEntry: { ja: "やめる", en: "Back" },
  entered: { ja: "入れた金額", en: "Amount entered" },
  keypadTitle: { ja: "運賃の入力", en: "Fare entry" },
} as const satisfies Record<string, Readonly<Record<"ja" | "en", Template>>>;

/** Name of a word of the driver's strip. */
export type DriverWord = keyof typeof DRIVER_WORDS;

/** Every name, for tests of completeness. */
export const DRIVER_WORD_NAMES = Object.keys(DRIVER_WORDS) as DriverWord[];

/** The template of a driver's word. */
export function driverWord(name: DriverWord, language: "ja" | "en"): Template {
  return DRIVER_WORDS[name][language];
}
