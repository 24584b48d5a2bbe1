import type { Language } from "../language.ts";
import { plainText, type Sentence } from "../text/markup.ts";
import {
  FULL_FARE_AND_NO_USE,
  MESSAGES,
  type MessageNumber,
  type MessageTemplates,
  WHOM_TO_CALL,
} from "./catalogue.ts";
import { fillTemplate, type MessageCity, type Parameters } from "./template.ts";

/** A message ready to be drawn and spoken. */
export interface Message {
  readonly number: MessageNumber;
  /** What the table of messages says, sentence by sentence. */
  readonly sentences: readonly Sentence[];
  /** What is added to a refusal: full fare, no use taken, whom to call. */
  readonly added: readonly Sentence[];
}

/** True for the refusals (15–21, 26): the fare is paid in full and the reason is spoken only when asked for. */
export function isRefusalMessage(number: MessageNumber): boolean {
  return (number >= 15 && number <= 21) || number === 26;
}

/** True for the refusals that the city's office can mend (19–21): its telephone number is shown. */
export function needsOffice(number: MessageNumber): boolean {
  return number >= 19 && number <= 21;
}

/** Message `number` with its parameters, in one language, for one city. Sentences whose parameters are missing are left out. */
export function message(
  number: MessageNumber,
  parameters: Parameters,
  { language, city }: { language: Language; city: MessageCity },
): Message {
  const fill = (templates: MessageTemplates): Sentence[] =>
    templates
      .map((template) => fillTemplate(template, parameters, { language, city }))
      .filter((sentence) => sentence !== undefined);
  return {
    number,
    sentences: fill(MESSAGES[number][language]),
    added: [
      ...(isRefusalMessage(number) ? fill(FULL_FARE_AND_NO_USE[language]) : []),
      ...(needsOffice(number) ? fill(WHOM_TO_CALL[language]) : []),
    ],
  };
}

/** Sentences as running text: `。` between Japanese ones, a full stop between English ones. */
export function runningText(sentences: readonly Sentence[], language: Language): string {
  const texts = sentences.map(plainText).filter((text) => text !== "");
  return language === "en" ? texts.map((text) => `${text}.`).join(" ") : texts.map((text) => `${text}。`).join("");
}
