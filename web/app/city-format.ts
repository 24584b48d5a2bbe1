import { formatDay, parseDay } from "#domain/time/local.ts";
import { groups } from "#ui/format/count.ts";
import { amountParts, englishLocale, formatMoney } from "#ui/format/money.ts";
import { minuteOfDay, staffTime } from "#ui/format/time.ts";
import type { CityInfo } from "../api/queries.ts";
import type { StaffLanguage } from "./language.tsx";

/** How one city's amounts, times and counts are written in one language. */
export interface CityFormat {
  readonly city: CityInfo;
  readonly language: StaffLanguage;
  /** `1,340円`. */
  money(minor: number): string;
  /** The number alone, for columns whose heading or foot names the unit: `1,340`. */
  amount(minor: number): string;
  /** Unit of the currency: `円`, `$`. */
  readonly unit: string;
  /** `18:05`. */
  time(instantMs: number): string;
  /** `18:05:07`. */
  timeWithSeconds(instantMs: number): string;
  /** A local day: `11月24日（火）`, `Tue 24 November`. */
  day(iso: string): string;
  /** An instant as day and time, for what may lie on another day. */
  moment(instantMs: number): string;
  count(value: number): string;
  /** Local day of an instant, `2026-11-24`. */
  dayOf(instantMs: number): string;
  readonly cityName: string;
}

const MS_PER_DAY = 86_400_000;

/** Formatting of a city in a language. */
export function cityFormat(city: CityInfo, language: StaffLanguage): CityFormat {
  const locale = language === "ja" ? "ja-JP" : englishLocale(city.locale);
  const dayWords = new Intl.DateTimeFormat(locale, {
    month: "long",
    day: "numeric",
    weekday: "short",
    timeZone: "UTC",
  });
  const shortDay = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: city.zone });
  const isoDay = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: city.zone,
  });
  return {
    city,
    language,
    money: (minor) => formatMoney(minor, city, language),
    amount: (minor) => amountParts(minor, city, language).number,
    unit: amountParts(0, city, language).unit,
    time: (instantMs) => staffTime(instantMs, city),
    timeWithSeconds: (instantMs) =>
      `${staffTime(instantMs, city)}:${String(Math.floor(instantMs / 1000) % 60).padStart(2, "0")}`,
    day: (iso) => {
      const day = parseDay(iso);
      return day === undefined ? iso : dayWords.format(day * MS_PER_DAY).replace(/\((.)\)/, "（$1）");
    },
    moment: (instantMs) => `${shortDay.format(instantMs)} ${staffTime(instantMs, city)}`,
    count: groups,
    dayOf: (instantMs) => isoDay.format(instantMs),
    cityName: city.name[language],
  };
}

/** The day before or after, ISO. */
export function neighbourDay(iso: string, step: 1 | -1): string {
  return formatDay((parseDay(iso) ?? 0) + step);
}

/** Milliseconds from an instant to the next local midnight of a city, so that "today" can end in time. */
export function untilMidnightMs(instantMs: number, city: CityInfo): number {
  return (1440 - minuteOfDay(instantMs, city)) * 60_000;
}
