import { parseDay } from "#domain/time/local.ts";
import type { KioskView } from "#protocol/kiosk/view.ts";
import type { Parameters } from "#ui/messages/template.ts";
import type { Sentence } from "#ui/text/markup.ts";
import { explainedSteps } from "./explained-steps.ts";
import { refusedScreen } from "./refused-screen.ts";
import type { Hero, ReaderPose, Screen, Tile } from "./screen.ts";
import type { Texts } from "./texts.ts";

const PLACE: ReaderPose = { card: "above", arrow: "down", ring: "place", badge: false };
const BUSY: ReaderPose = { card: "on", arrow: null, ring: "busy", badge: false };
const GOOD: ReaderPose = { card: "on", arrow: null, ring: "ok", badge: true };
const TAKE: ReaderPose = { card: "on", arrow: "up", ring: "attention", badge: false };
const AGAIN: ReaderPose = { card: "above", arrow: "down", ring: "attention", badge: false };

/** A longer name of a city does not fit beside の補助 on one line. */
const LONGEST_NAME = 5;

type Rider = KioskView["riders"][number];

/** What the passenger sees for a view. Pure. */
export function screenOf(view: KioskView, texts: Texts): Screen {
  switch (view.phase) {
    case "idle":
      return idle(view, texts);
    case "reading":
      return { ...instruct(view, texts, BUSY), notes: [texts.word("removeSlowly")] };
    case "lay-again":
      return layAgain(view, texts);
    case "accepted":
      return accepted(view, texts);
    case "refused":
      return refusedScreen(view, texts);
    case "riding":
      return riding(view, texts);
    case "choosing":
      return choosing(view, texts);
    case "paying":
      return paying(view, texts);
    case "done":
      return done(view, texts);
    case "card-forgotten":
      return {
        ...instruct(view, texts, TAKE),
        ground: "attention",
        mark: "attention",
        action: view.message.number === 6 ? (texts.message({ number: 5, parameters: {} }).sentences[0] ?? null) : null,
      };
    case "cancelled":
      return instruct(view, texts, view.reader.state === "card" ? TAKE : { ...PLACE, arrow: null });
    case "trouble":
      return trouble(view, texts);
    default:
      return view.phase satisfies never;
  }
}

/** The screen that only says what to do: the message of the view beside the drawing. */
function instruct(view: KioskView, texts: Texts, pose: ReaderPose): Screen & { kind: "instruct" } {
  const [headline = [], ...details] = texts.message(view.message).sentences;
  return { kind: "instruct", ground: "plain", mark: null, headline, action: null, details, notes: [], pose };
}

function layAgain(view: KioskView, texts: Texts): Screen {
  const screen = instruct(view, texts, view.reader.state === "card" ? TAKE : AGAIN);
  return {
    ...screen,
    ground: "attention",
    mark: "attention",
    action: screen.details[0] ?? null,
    details: [],
    notes: [texts.word("nothingTaken")],
  };
}

function idle(view: KioskView, texts: Texts): Screen {
  const screen = instruct(view, texts, PLACE);
  if (view.collectMinor !== null && view.collectMinor > 0) {
    const fare = texts.fill("{money:amountMinor}", { amountMinor: view.collectMinor });
    return { ...screen, details: [[...texts.word("fare"), [{ text: " ", reading: null }], ...fare]] };
  }
  return { ...screen, notes: [texts.word("cardIsGood")] };
}

function accepted(view: KioskView, texts: Texts): Screen {
  const rider = view.riders.findLast((candidate) => candidate.usable);
  const [headline = [], ...rest] = texts.message(view.message).sentences;
  // Message 8 and 26 say something about this ride without being its answer.
  const isAnswer = view.message.number === 4;
  const several = view.riders.length > 1 && rider;
  // A card laid twice keeps its number on the screen; with several aboard nobody can tell whose it is.
  const again = view.message.number === 8 && !several;
  const hero = isAnswer || again ? heroOf(rider, view.message.parameters) : null;
  return {
    kind: "left",
    ground: isAnswer || view.message.number === 22 ? "ok" : "plain",
    mark: isAnswer || view.message.number === 22 ? "ok" : null,
    headline,
    label: several ? texts.word("seatLeft", { seat: rider.seat }) : texts.word("yearLeft"),
    side: untilOf(rider, texts),
    hero,
    notes: isAnswer ? [] : rest,
    pose: view.reader.state === "card" ? GOOD : { ...GOOD, card: "above", ring: "place", badge: false },
  };
}

function riding(view: KioskView, texts: Texts): Screen {
  const take = view.second?.number === 5 || view.reader.state === "card";
  const isAnswer = view.message.number === 4 || view.message.number === 2;
  const sentences = isAnswer ? [] : texts.message(view.message).sentences;
  return {
    kind: "riding",
    ground: take ? "plain" : "calm",
    headline: take
      ? (texts.message({ number: 5, parameters: {} }).sentences[0] ?? [])
      : (sentences[0] ?? texts.word("rideCalmly")),
    notes: take ? [] : sentences.slice(1),
    tiles: view.riders.map((rider) => tileOf(rider, texts)),
    pose: take ? TAKE : null,
  };
}

function tileOf(rider: Rider, texts: Texts): Tile {
  const hero = rider.usable ? heroOf(rider, {}) : null;
  return {
    seat: texts.word("seat", { seat: rider.seat }),
    usable: rider.usable,
    state: rider.usable ? texts.word(hero ? "left" : "seatCovered") : texts.word("seatFullFare"),
    hero,
  };
}

function choosing(view: KioskView, texts: Texts): Screen {
  // The number of the first rider stands for all: each choice takes its uses from everyone alike.
  const left = view.riders.find((rider) => rider.usable)?.usesLeft ?? null;
  return {
    kind: "choosing",
    ground: "plain",
    headline: texts.word("howManyUses"),
    fareMinor: view.amounts?.fareMinor ?? view.meter.fareMinor,
    options: view.choices.map((choice) => ({
      uses: choice.uses,
      riderPaysMinor: choice.riderPaysMinor,
      usesAfter: left === null || left < choice.uses ? null : left - choice.uses,
    })),
  };
}

function paying(view: KioskView, texts: Texts): Screen {
  const { amounts } = view;
  if (!amounts) {
    const screen = instruct(view, texts, view.reader.state === "card" ? BUSY : { ...PLACE, arrow: null });
    return { ...screen, notes: [texts.word("wait")] };
  }
  const corrected = view.message.number === 24 ? texts.message(view.message).sentences[0] : undefined;
  return {
    kind: "paying",
    ground: "plain",
    label: texts.word("youPay"),
    cityLabel: texts.word(texts.city.name[texts.language].length <= LONGEST_NAME ? "cityPays" : "cityPaysShort"),
    note: corrected ?? (amounts.final ? null : texts.word("checking")),
    riderPaysMinor: amounts.riderPaysMinor,
    fareMinor: amounts.fareMinor,
    subsidyMinor: amounts.subsidyMinor,
    steps: explainedSteps(view, texts),
  };
}

function done(view: KioskView, texts: Texts): Screen {
  const rider = view.riders.find((candidate) => candidate.usable);
  const sentences = texts.message(view.message).sentences;
  return {
    kind: "left",
    ground: "plain",
    mark: "ok",
    headline: sentences[0] ?? [],
    label: texts.word("yearLeft"),
    side: untilOf(rider, texts),
    hero: heroOf(rider, view.message.parameters),
    notes: [],
    pose: view.reader.state === "card" ? TAKE : { card: "above", arrow: "up", ring: "ok", badge: false },
  };
}

function trouble(view: KioskView, texts: Texts): Screen {
  const headline = texts.word(view.reader.state === "absent" ? "troubleReader" : "troubleOther");
  return {
    kind: "instruct",
    ground: "attention",
    mark: "attention",
    headline,
    action: null,
    details: [texts.word("askDriver")],
    notes: [],
    pose: { card: "above", arrow: null, ring: "attention", badge: false },
  };
}

/** What is left: of the message, or of the rider; uses, or money where the scheme counts money. */
export function heroOf(rider: Rider | undefined, parameters: Parameters): Hero | null {
  const uses = parameters.usesLeft ?? rider?.usesLeft ?? null;
  if (uses !== null) return { kind: "uses", uses };
  const amountMinor = parameters.moneyLeftMinor ?? rider?.moneyLeftMinor ?? null;
  return amountMinor === null ? null : { kind: "money", amountMinor };
}

/** `3月31日まで`; empty when unknown. */
export function untilOf(rider: Rider | undefined, texts: Texts): Sentence {
  const day = rider?.usableUntil ? parseDay(rider.usableUntil) : undefined;
  return day === undefined ? [] : texts.word("until", { day });
}
