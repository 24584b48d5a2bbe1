import type { DemoPerson, DemoState, InProcessReason } from "#protocol/demo/control.ts";

/** Languages of the control page. */
export type ControlLanguage = "ja" | "en";

type Word = Readonly<Record<ControlLanguage, string>>;

/** The words of the control page. */
export const WORDS = {
  title: { ja: "カードとメーター", en: "Card and meter" },
  lead: {
    ja: "車内の画面を 手で動かします。人も乗車も 作りものです。",
    en: "Works the cab's screen by hand. People and rides are made up.",
  },
  other: { ja: "English", en: "日本語" },
  kiosk: { ja: "車内の画面を開く", en: "Open the cab's screen" },
  card: { ja: "カード", en: "Card" },
  cardLead: { ja: "だれのカードを 置きますか", en: "Whose card is laid?" },
  lift: { ja: "カードを取る", en: "Lift the card" },
  laid: { ja: "置いてあります", en: "on the reader" },
  nothingLaid: { ja: "カードはありません", en: "No card on the reader" },
  meter: { ja: "メーター", en: "Meter" },
  fare: { ja: "運賃", en: "Fare" },
  network: { ja: "電波", en: "Signal" },
  cut: { ja: "電波を切る", en: "Cut the signal" },
  restore: { ja: "電波を戻す", en: "Restore the signal" },
  up: { ja: "つながっています", en: "Connected" },
  down: { ja: "圏外です", en: "No signal" },
  ride: { ja: "通しで1回乗る", en: "A whole ride" },
  rideLead: { ja: "置く、走る、払う、取る までを自動で", en: "Laying, driving, paying and lifting by itself" },
  riding: { ja: "いま", en: "Now" },
  journal: { ja: "この車の記録", en: "This cab's journal" },
  confirmed: { ja: "お客さまに確定", en: "Confirmed to passengers" },
  answered: { ja: "市が受け取り", en: "Received by the city" },
  waiting: { ja: "送信待ち", en: "Waiting to be sent" },
  subsidy: { ja: "市の補助の合計", en: "City's part in all" },
  lastRide: { ja: "最後の乗車", en: "Last ride" },
  synced: { ja: "市に届きました", en: "with the city" },
  notSynced: { ja: "まだこの車の中です", en: "still in this cab" },
  history: { ja: "町の履歴を作っています", en: "Building the city's history" },
  clock: { ja: "デモの時刻", en: "Demo clock" },
  door: { ja: "カードの読み方", en: "How the card is read" },
  pcsc: { ja: "PC/SCの読み取り機(仮想)で読みます", en: "Through a PC/SC reader (virtual)" },
  simulator: { ja: "プログラムの中のカードを読みます", en: "A card inside the program" },
  connecting: { ja: "車につないでいます", en: "Connecting to the cab" },
  lost: { ja: "車とつながっていません。つなぎ直しています", en: "The cab cannot be reached. Trying again" },
  refused: { ja: "できませんでした", en: "Not done" },
} as const satisfies Record<string, Word>;

/** The six people of the first two minutes. */
export const PEOPLE_WORDS: Readonly<Record<DemoPerson, Word>> = {
  "all-well": { ja: "すべてよし", en: "All well" },
  "with-friend": { ja: "お友だちと2人", en: "With a friend" },
  "two-left": { ja: "のこり2回", en: "Two rides left" },
  "renewed-card": { ja: "更新したカード", en: "Renewed card" },
  "not-registered": { ja: "登録がまだ", en: "Not registered" },
  evening: { ja: "補助の時間のあと", en: "After the covered hours" },
};

/** States of the meter as drivers say them. */
export const METER_WORDS: Readonly<Record<DemoState["meter"]["state"], Word>> = {
  vacant: { ja: "空車", en: "Vacant" },
  pickup: { ja: "迎車", en: "Pick-up" },
  hired: { ja: "賃走", en: "Hired" },
  premium: { ja: "割増", en: "Premium" },
  paying: { ja: "支払", en: "Paying" },
  off: { ja: "応答なし", en: "No answer" },
};

/** What a scripted ride does now. */
export const STEP_WORDS: Readonly<Record<NonNullable<DemoState["script"]>["step"], Word>> = {
  laying: { ja: "カードを置いています", en: "laying the card" },
  driving: { ja: "走っています", en: "driving" },
  paying: { ja: "払っています", en: "paying" },
  lifting: { ja: "カードを取っています", en: "lifting the card" },
};

/** Why the card is read inside the program. */
export const REASON_WORDS: Readonly<Record<InProcessReason["code"], Word>> = {
  ASKED_FOR: { ja: "そう指定して始めました", en: "it was started so" },
  NOT_INSTALLED: { ja: "この機械に入っていません", en: "not installed here" },
  NOT_RUNNING: {
    ja: "PC/SCのサービスが動いていません。始められるのは管理者だけです",
    en: "the PC/SC service is not running, and only root may start it",
  },
  NOT_STARTED: { ja: "PC/SCのサービスを始められませんでした", en: "the PC/SC service could not be started" },
  NO_READER: { ja: "読み取り機が見つかりません", en: "no reader was found" },
  OTHER_READER: { ja: "ほかの読み取り機がつながっています", en: "another reader is connected" },
};
