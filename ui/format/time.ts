import { dateOfDay, parseDay } from "#domain/time/local.ts";
import type { Language } from "../language.ts";
import { englishLocale } from "./money.ts";

/** What formatting of times needs to know of a city. */
export interface Place {
  /** IANA zone. */
  readonly zone: string;
  readonly locale: string;
}

const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;

/** Days of the month whose reading is not number + にち. */
const DAY_READINGS: Readonly<Record<number, string>> = {
  1: "ついたち",
  2: "ふつか",
  3: "みっか",
  4: "よっか",
  5: "いつか",
  6: "むいか",
  7: "なのか",
  8: "ようか",
  9: "ここのか",
  10: "とおか",
  14: "じゅうよっか",
  20: "はつか",
  24: "にじゅうよっか",
};

/** A local day for passengers, in the catalogues' markup: `3月31日`, `4月《がつ》｜1日《ついたち》`, `31 March`. */
export function dayMarkup(day: number, place: Place, language: Language): string {
  const date = dateOfDay(day);
  switch (language) {
    case "ja":
      return `${date.month}月${date.day}日`;
    case "easy": {
      const reading = DAY_READINGS[date.day];
      return `${date.month}月《がつ》${reading ? `｜${date.day}日《${reading}》` : `${date.day}日《にち》`}`;
    }
    case "en":
      return new Intl.DateTimeFormat(englishLocale(place.locale), {
        month: "long",
        day: "numeric",
        timeZone: "UTC",
      }).format(day * MS_PER_DAY);
    default:
      return language satisfies never;
  }
}

/** Like {@link dayMarkup} from an ISO date (`2027-03-31`); undefined when it is none. */
export function isoDayMarkup(iso: string, place: Place, language: Language): string | undefined {
  const day = parseDay(iso);
  return day === undefined ? undefined : dayMarkup(day, place, language);
}

/**
 * A minute of the local day for passengers, in the catalogues' markup: `午後6時5分` (ja), `18時《じ》5分《ふん》` (easy),
 * `18:05` or, where the city counts twice twelve hours in English, `6:05 PM`.
 */
export function minuteMarkup(minute: number, place: Place, language: Language): string {
  const hour = Math.floor(minute / 60);
  const rest = minute % 60;
  switch (language) {
    case "ja": {
      if (minute === 720) return "正午";
      const half = hour < 12 || hour === 24 ? "午前" : "午後";
      return `${half}${hour % 12}時${rest === 0 ? "" : `${rest}分`}`;
    }
    case "easy":
      return `${hour}時《じ》${rest === 0 ? "" : `${rest}分《${minuteReading(rest)}》`}`;
    case "en":
      return englishMinute(minute, place);
    default:
      return language satisfies never;
  }
}

function englishMinute(minute: number, place: Place): string {
  if (englishLocale(place.locale) !== place.locale) return staffMinute(minute);
  return new Intl.DateTimeFormat(place.locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" })
    .format((minute % 1440) * MS_PER_MINUTE)
    .replace(/\s/gu, " ");
}

/** ぷん after a sound that hardens it (1 3 4 6 8 0), ふん otherwise. */
function minuteReading(minute: number): string {
  return [0, 1, 3, 4, 6, 8].includes(minute % 10) ? "ぷん" : "ふん";
}

/** A minute of the local day for staff: `18:05`, `6:05`. */
export function staffMinute(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/** An instant (epoch ms) as `18:05` of the place, for staff. */
export function staffTime(instantMs: number, place: Place): string {
  return staffMinute(minuteOfDay(instantMs, place));
}

/** An instant (epoch ms) as `2026年11月23日(月)` or `Mon 23 November 2026`, for staff. */
export function staffDate(instantMs: number, place: Place, language: Language): string {
  const japanese = language !== "en";
  return new Intl.DateTimeFormat(japanese ? "ja-JP" : englishLocale(place.locale), {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
    timeZone: place.zone,
  }).format(instantMs);
}

/** Minute of the local day (0–1439) of an instant (epoch ms). */
export function minuteOfDay(instantMs: number, place: Place): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: place.zone,
  }).formatToParts(instantMs);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return value("hour") * 60 + value("minute");
}
