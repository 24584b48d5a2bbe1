import type { KioskView } from "#protocol/kiosk/view.ts";
import { minuteOfDay } from "#ui/format/time.ts";
import { refusalWords } from "#ui/messages/refusal-words.ts";
import type { Sentence } from "#ui/text/markup.ts";
import type { Figure, Screen } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** Refusals whose numbered message says something else than the code: the code's own words come first. */
const OWN_WORDS = [
  "MONTH_LIMIT",
  "NOT_YET_VALID",
  "ENTITLEMENT_EXPIRED",
  "ASSURANCE_TOO_LOW",
  "SAME_PERSON_TWICE",
  "RIDE_LIMIT",
  "FARE_TOO_LOW",
  "NO_SCHEME_IN_FORCE",
];

/** A refusal: first why and what is possible again, then what to pay; kindly, with a picture. */
export function refusedScreen(view: KioskView, texts: Texts): Screen {
  const rider = view.riders.findLast((candidate) => !candidate.usable);
  const figure = figureOf(view, texts);
  return {
    kind: "refused",
    ground: "attention",
    headline: texts.word("refused"),
    reasons: reasonsOf(view, texts, { refusal: rider?.refusal ?? null, figure }),
    notes: [texts.word("payInFull")],
    figure,
    fareMinor: view.amounts?.fareMinor ?? (view.nextAct === "paid" ? view.collectMinor : null),
  };
}

function reasonsOf(
  view: KioskView,
  texts: Texts,
  { refusal, figure }: { refusal: string | null; figure: Figure },
): readonly Sentence[] {
  // The band already says the hours: beside it stands when it is possible again.
  if (figure.kind === "hours") {
    const again = figure.nowMinute < figure.fromMinute ? "laterToday" : "tomorrowAgain";
    return [texts.word(again, { fromMinute: figure.fromMinute })];
  }
  const sentences = texts.message(view.message).sentences;
  const own = refusal && OWN_WORDS.includes(refusal) ? refusalWords(refusal, texts.language) : undefined;
  if (own === undefined) return sentences;
  const rest = refusal === "MONTH_LIMIT" || refusal === "ENTITLEMENT_EXPIRED" ? sentences.slice(1) : [];
  return [texts.fill(own), ...rest];
}

function figureOf(view: KioskView, texts: Texts): Figure {
  switch (view.message.number) {
    case 17: {
      const fromMinute = view.message.parameters.fromMinute ?? view.city.hours?.fromMinute;
      const toMinute = view.message.parameters.toMinute ?? view.city.hours?.toMinute;
      if (fromMinute === undefined || toMinute === undefined) return { kind: "card" };
      return { kind: "hours", fromMinute, toMinute, nowMinute: minuteOfDay(view.at, texts.city) };
    }
    case 15:
    case 16:
      return { kind: "tickets" };
    case 18:
      return { kind: "area" };
    case 19:
    case 20:
    case 21:
      return { kind: "telephone" };
    default:
      return { kind: "card" };
  }
}
