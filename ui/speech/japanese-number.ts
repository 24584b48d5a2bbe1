/**
 * Japanese numbers as clips with their sound changes (さんびゃく, ろっぴゃく, いっかい), so that a city can record its
 * own voice: about sixty short recordings say every amount, count, date and time of the cab.
 */

const ONES = ["", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"] as const;
const HUNDREDS: Readonly<Record<number, string>> = { 1: "ひゃく", 3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく" };
const THOUSANDS: Readonly<Record<number, string>> = { 1: "せん", 3: "さんぜん", 8: "はっせん" };

/** Counters of the cab's texts. */
export const COUNTERS = ["円", "回", "人", "時", "分", "月", "日", "枚", ""] as const;
export type Counter = (typeof COUNTERS)[number];

interface CounterSounds {
  readonly plain: string;
  /** Last digits that change number or counter, read together. 10 stands for a number ending in ten. */
  readonly changed: Readonly<Record<number, string>>;
  /** Whole numbers with a reading of their own. */
  readonly whole?: Readonly<Record<number, string>>;
}

const COUNTER_SOUNDS: Readonly<Record<Counter, CounterSounds>> = {
  円: { plain: "えん", changed: { 4: "よえん" } },
  回: { plain: "かい", changed: { 1: "いっかい", 6: "ろっかい", 8: "はっかい", 10: "じゅっかい" } },
  人: { plain: "にん", changed: { 4: "よにん" }, whole: { 1: "ひとり", 2: "ふたり" } },
  時: { plain: "じ", changed: { 4: "よじ", 7: "しちじ", 9: "くじ" } },
  分: {
    plain: "ふん",
    changed: { 1: "いっぷん", 3: "さんぷん", 4: "よんぷん", 6: "ろっぷん", 8: "はっぷん", 10: "じゅっぷん" },
  },
  月: { plain: "がつ", changed: { 4: "しがつ", 7: "しちがつ", 9: "くがつ" } },
  日: {
    plain: "にち",
    changed: { 4: "よっか" },
    whole: {
      1: "ついたち",
      2: "ふつか",
      3: "みっか",
      5: "いつか",
      6: "むいか",
      7: "なのか",
      8: "ようか",
      9: "ここのか",
      10: "とおか",
      20: "はつか",
    },
  },
  枚: { plain: "まい", changed: {} },
  "": { plain: "", changed: {} },
};

/** A whole number from 0 to 99,999,999 with its counter, as clips: 360円 → さんびゃく, ろくじゅう, えん. */
export function numberClips(value: number, counter: Counter): string[] {
  const sounds = COUNTER_SOUNDS[counter];
  const whole = sounds.whole?.[value];
  if (whole !== undefined) return [whole];
  if (value === 0) return [`れい${sounds.plain}`];
  const myriads = Math.floor(value / 10_000);
  const clips = myriads > 0 ? [...belowMyriad(myriads), "まん"] : [];
  const rest = value % 10_000;
  const last = rest % 10;
  const ten = last === 0 && rest % 100 !== 0;
  const changed = sounds.changed[ten ? 10 : last];
  if (last !== 0 && changed !== undefined) return [...clips, ...belowMyriad(rest - last), changed];
  if (ten && changed !== undefined) {
    const tens = Math.floor((rest % 100) / 10);
    return [...clips, ...belowMyriad(rest - (rest % 100)), `${tens > 1 ? ONES[tens] : ""}${changed}`];
  }
  const digits = [...clips, ...belowMyriad(rest)];
  return sounds.plain === "" ? digits : [...digits, sounds.plain];
}

function belowMyriad(value: number): string[] {
  const clips: string[] = [];
  const thousands = Math.floor(value / 1000);
  const hundreds = Math.floor((value % 1000) / 100);
  const tens = Math.floor((value % 100) / 10);
  const ones = ONES[value % 10];
  if (thousands > 0) clips.push(THOUSANDS[thousands] ?? `${ONES[thousands]}せん`);
  if (hundreds > 0) clips.push(HUNDREDS[hundreds] ?? `${ONES[hundreds]}ひゃく`);
  if (tens > 0) clips.push(tens === 1 ? "じゅう" : `${ONES[tens]}じゅう`);
  if (ones) clips.push(ones);
  return clips;
}

const NUMBER_AND_COUNTER = /(\d+(?:-\d+)+)|(\d[\d,]*)\s?([円回人時分月日枚]?)/gu;

/** A telephone number is said digit by digit, の between its groups. */
function telephoneClips(number: string): string[] {
  return [...number].map((sign) => (sign === "-" ? "の" : sign === "0" ? "ゼロ" : (ONES[Number(sign)] as string)));
}

/** Cuts a Japanese sentence into clips: fixed phrases as they stand, every number with its counter as it is said. */
export function speechClips(text: string): string[] {
  const clips: string[] = [];
  let done = 0;
  for (const match of text.matchAll(NUMBER_AND_COUNTER)) {
    clips.push(...phrases(text.slice(done, match.index)));
    const [all, telephone, number, counter] = match;
    if (telephone) clips.push(...telephoneClips(telephone));
    else clips.push(...numberClips(Number((number ?? all).replaceAll(",", "")), (counter ?? "") as Counter));
    done = match.index + all.length;
  }
  return [...clips, ...phrases(text.slice(done))];
}

function phrases(text: string): string[] {
  return text.split(/(?<=[。、])|\s/u).filter((phrase) => phrase !== "");
}
