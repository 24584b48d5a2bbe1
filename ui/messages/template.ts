import type { CityText } from "#domain/city/city.ts";
import { groups, peopleMarkup, rateMarkup, usesMarkup } from "../format/count.ts";
import { type Currency, moneyMarkup } from "../format/money.ts";
import { dayMarkup, minuteMarkup, type Place } from "../format/time.ts";
import type { Language } from "../language.ts";
import { parseSentence, type Sentence } from "../text/markup.ts";

/** What the texts need to know of a city: all of it is the city's data. */
export interface MessageCity extends Currency, Place {
  readonly name: CityText;
  readonly telephone: string;
  readonly officeHours: CityText;
  readonly cardName: CityText;
}

/** Integers a text is filled with, by name. */
export type Parameters = Readonly<Record<string, number>>;

/** One text of a catalogue, or several in order of preference: the first whose parameters are all known is taken. */
export type Template = string | readonly string[];

const SLOT = /\{(\w+)(?::(\w+))?\}/gu;

/**
 * Fills a template. Slots: `{money:x}`, `{uses:x}`, `{people:x}`, `{day:x}`, `{minute:x}`, `{rate:x}` (basis points), `{number:x}` take parameter
 * `x`; `{city}`, `{card}`, `{telephone}`, `{officeHours}` are the city's. Undefined when a parameter is missing.
 * Throws RangeError for an unknown slot.
 */
export function fillTemplate(
  template: Template,
  parameters: Parameters,
  { language, city }: { language: Language; city: MessageCity },
): Sentence | undefined {
  for (const markup of typeof template === "string" ? [template] : template) {
    const names = [...markup.matchAll(SLOT)].flatMap((match) => (match[2] === undefined ? [] : [match[2]]));
    if (names.some((name) => parameters[name] === undefined)) continue;
    const filled = markup.replace(SLOT, (_, slot: string, name: string | undefined) =>
      name === undefined ? cityText(slot, city, language) : slotText(slot, parameters[name] as number, city, language),
    );
    return parseSentence(filled);
  }
  return undefined;
}

function cityText(slot: string, city: MessageCity, language: Language): string {
  switch (slot) {
    case "city":
      return city.name[language];
    case "card":
      return city.cardName[language];
    case "officeHours":
      // The city's own text marks no phrases: a line may break after から and まで.
      return city.officeHours[language].replace(/(?<=から|まで)(?=[午\d])/gu, "|");
    case "telephone":
      return city.telephone;
    default:
      throw new RangeError(`no such text of a city: ${slot}`);
  }
}

function slotText(slot: string, value: number, city: MessageCity, language: Language): string {
  switch (slot) {
    case "money":
      return moneyMarkup(value, city, language);
    case "uses":
      return usesMarkup(value, language);
    case "people":
      return peopleMarkup(value, language);
    case "day":
      return dayMarkup(value, city, language);
    case "minute":
      return minuteMarkup(value, city, language);
    case "rate":
      return rateMarkup(value, language);
    case "number":
      return groups(value);
    default:
      throw new RangeError(`no such slot: ${slot}`);
  }
}
