import type { KioskView } from "#protocol/kiosk/view.ts";
import type { Language } from "#ui/language.ts";
import { type CabWord, cabWord } from "#ui/messages/cab-words.ts";
import { MESSAGE_NUMBERS, type MessageNumber } from "#ui/messages/catalogue.ts";
import { type Message, message } from "#ui/messages/message.ts";
import { fillTemplate, type Parameters, type Template } from "#ui/messages/template.ts";
import type { Sentence } from "#ui/text/markup.ts";

/** The texts of one language and city. */
export interface Texts {
  readonly language: Language;
  readonly city: KioskView["city"];
  /** A word or sentence of the catalogue; empty when a parameter is missing. */
  word(name: CabWord, parameters?: Parameters): Sentence;
  fill(template: Template, parameters?: Parameters): Sentence;
  message(numbered: { readonly number: number; readonly parameters: Parameters }): Message;
}

const FALLBACK: MessageNumber = 2;

/** Texts for a language and city. */
export function textsOf(language: Language, city: KioskView["city"]): Texts {
  const place = { language, city };
  return {
    language,
    city,
    word: (name, parameters = {}) => fillTemplate(cabWord(name, language), parameters, place) ?? [],
    fill: (template, parameters = {}) => fillTemplate(template, parameters, place) ?? [],
    message({ number, parameters }) {
      const known = MESSAGE_NUMBERS.find((candidate) => candidate === number) ?? FALLBACK;
      return message(known, parameters, place);
    },
  };
}
