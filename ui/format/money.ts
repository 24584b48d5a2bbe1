import type { Language } from "../language.ts";

/** The money of a city: ISO 4217 code, digits after the point, and the city's BCP 47 locale. */
export interface Currency {
  readonly currencyCode: string;
  readonly currencyMinorDigits: number;
  readonly locale: string;
}

/** An amount as it is drawn: the number, and its unit before or after it. */
export interface AmountParts {
  readonly number: string;
  readonly unit: string;
  /** Reading of the unit in やさしい日本語, where it is a kanji. */
  readonly unitReading: string | null;
  readonly unitFirst: boolean;
  /** A space between number and unit, as in `535 yen`. */
  readonly spaced: boolean;
}

interface CurrencyWords {
  readonly ja: string;
  readonly reading: string | null;
  readonly en: string;
}

/** Units written as words after the number; a currency that is not here is written by Intl with its sign. */
const CURRENCY_WORDS: Readonly<Record<string, CurrencyWords>> = {
  JPY: { ja: "円", reading: "えん", en: "yen" },
};

/** Splits an amount (integer minor units) into number and unit as the language writes it. */
export function amountParts(amountMinor: number, currency: Currency, language: Language): AmountParts {
  const digits = currency.currencyMinorDigits;
  const major = amountMinor / 10 ** digits;
  const locale = language === "en" ? englishLocale(currency.locale) : "ja-JP";
  const words = CURRENCY_WORDS[currency.currencyCode];
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (words) {
    return {
      number: minusSign(new Intl.NumberFormat(locale, fraction).format(major)),
      unit: language === "en" ? words.en : words.ja,
      unitReading: language === "easy" ? words.reading : null,
      unitFirst: false,
      spaced: language === "en",
    };
  }
  const parts = new Intl.NumberFormat(locale, {
    ...fraction,
    style: "currency",
    currency: currency.currencyCode,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(major);
  const unitAt = parts.findIndex((part) => part.type === "currency");
  const numberAt = parts.findIndex((part) => part.type === "integer");
  return {
    number: minusSign(
      parts
        .filter((part) => part.type !== "currency" && part.type !== "literal")
        .map((part) => part.value)
        .join(""),
    ),
    unit: parts[unitAt]?.value ?? currency.currencyCode,
    unitReading: null,
    unitFirst: unitAt < numberAt,
    spaced: parts.some((part) => part.type === "literal"),
  };
}

/** An amount as one piece of text: `1,340円`, `1,340 yen`, `$13.40`. */
export function formatMoney(amountMinor: number, currency: Currency, language: Language): string {
  const { number, unit, unitFirst, spaced } = amountParts(amountMinor, currency, language);
  const gap = spaced ? " " : "";
  if (!unitFirst) return `${number}${gap}${unit}`;
  return number.startsWith("−") ? `−${unit}${gap}${number.slice(1)}` : `${unit}${gap}${number}`;
}

/** An amount in the catalogues' markup: `1,340円《えん》` in やさしい日本語. */
export function moneyMarkup(amountMinor: number, currency: Currency, language: Language): string {
  const reading = amountParts(amountMinor, currency, language).unitReading;
  const text = formatMoney(amountMinor, currency, language);
  return reading === null ? text : `${text}《${reading}》`;
}

/** The variety of English a city writes: its own where it is an English-speaking one. */
export function englishLocale(cityLocale: string): string {
  return cityLocale.toLowerCase().startsWith("en") ? cityLocale : "en-GB";
}

/** A true minus sign: a hyphen is too short beside tabular figures and is read as "hyphen" by some voices. */
function minusSign(text: string): string {
  return text.replace("-", "−");
}
