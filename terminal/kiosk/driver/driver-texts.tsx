import type { ReactNode } from "react";
import type { KioskView } from "#protocol/kiosk/view.ts";
import { formatMoney } from "#ui/format/money.ts";
import { languageOfLocale } from "#ui/language.ts";
import { driverWord } from "#ui/messages/driver-words.ts";
import { fillTemplate } from "#ui/messages/template.ts";
import { plainText, type Sentence } from "#ui/text/markup.ts";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import type { StripText } from "./strip-model.ts";

/** The driver's texts: in the language of the place, whatever the passenger chose. */
export interface DriverTexts {
  readonly language: "ja" | "en";
  readonly city: KioskView["city"];
  say(text: StripText): Sentence;
  plain(text: StripText): string;
}

/** Texts of the strip for a city. */
export function driverTextsOf(city: KioskView["city"]): DriverTexts {
  const language = languageOfLocale(city.locale);
  const say = ({ word, parameters = {} }: StripText): Sentence =>
    fillTemplate(driverWord(word, language), parameters, { language, city }) ?? [];
  return { language, city, say, plain: (text) => plainText(say(text)) };
}

/** A text of the strip, or an amount where it has one. */
export function StripWords({
  text,
  texts,
}: {
  text: StripText | { readonly amountMinor: number };
  texts: DriverTexts;
}): ReactNode {
  if ("amountMinor" in text) return formatMoney(text.amountMinor, texts.city, texts.language);
  return <SentenceText sentence={texts.say(text)} />;
}
