import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import type { IconName } from "#ui/components/icon-shapes.tsx";
import type { DriverWord } from "#ui/messages/driver-words.ts";
import type { Parameters } from "#ui/messages/template.ts";

/** A word of the driver's catalogue with what fills it. */
export interface StripText {
  readonly word: DriverWord;
  readonly parameters?: Parameters;
}

/** A key of the strip; what it asks the agent for, or the local dialog it opens. */
export interface StripKey {
  readonly id: string;
  readonly label: StripText;
  /** A second, smaller line: words, or an amount in minor units. */
  readonly note?: StripText | { readonly amountMinor: number };
  readonly icon?: IconName;
  readonly kind: "primary" | "plain" | "call";
  readonly press: { readonly kind: "send"; readonly intent: KioskIntent } | { readonly kind: "enter-fare" };
  /** Asked before it is sent: what it takes away is said first. */
  readonly confirm?: DriverWord;
}

/** A frame that shows a state and takes no input. */
export interface StripFrame {
  readonly label: DriverWord;
  readonly note: DriverWord;
  readonly locked: boolean;
}

/** One of the three states at the right. */
export interface StripStatus {
  readonly icon: IconName;
  readonly word: StripText;
  readonly value: StripText | { readonly amountMinor: number };
}

/** What the driver sees: next act, amount to collect, meter, card, signal. */
export interface Strip {
  readonly frame: StripFrame | null;
  readonly keys: readonly StripKey[];
  readonly collect:
    | { readonly kind: "money"; readonly amountMinor: number }
    | { readonly kind: "people"; readonly people: number }
    | null;
  readonly statuses: readonly StripStatus[];
}

/** The strip for a view. `nowMs` is the agent's clock now; `connected` false when the agent cannot be reached. Pure. */
export function stripOf(view: KioskView, { nowMs, connected }: { nowMs: number; connected: boolean }): Strip {
  const keys = connected && !view.moving ? keysOf(view, nowMs) : [];
  const hasNext = keys.some((key) => key.id === "next" || key.id.startsWith("uses-"));
  return {
    frame: hasNext ? null : frameOf(view, connected),
    keys,
    collect: collectOf(view),
    statuses: [meterStatus(view), readerStatus(view), signalStatus(view)],
  };
}

function keysOf(view: KioskView, nowMs: number): StripKey[] {
  if (view.phase === "choosing" && view.choices.length > 0) {
    return view.choices.map(({ uses, riderPaysMinor }) => ({
      id: `uses-${uses}`,
      label: { word: "useThem", parameters: { uses } },
      note: { amountMinor: riderPaysMinor },
      kind: "plain",
      press: { kind: "send", intent: { kind: "choose-uses", uses } },
    }));
  }
  const next = nextKey(view);
  const other = otherKey(view, nowMs);
  return [...(next ? [next] : []), ...(other ? [other] : [])];
}

function nextKey(view: KioskView): StripKey | null {
  const key = (label: DriverWord, rest: Partial<StripKey> = {}): StripKey | null =>
    view.nextAct === "none"
      ? null
      : {
          id: "next",
          label: { word: label },
          kind: "primary",
          press: { kind: "send", intent: { kind: "act", act: view.nextAct } },
          ...rest,
        };
  switch (view.nextAct) {
    case "depart":
      return key("depart");
    case "paid":
      return key(view.phase === "refused" ? "takeFullFare" : "paid", { icon: "check" });
    case "card-back":
      return key("cardBack", { kind: "call", icon: "card" });
    case "full-fare":
      return key(view.phase === "refused" ? "departFullFare" : "takeFullFare");
    case "next-passenger":
      return key("nextPassenger");
    case "none":
      return null;
    default:
      return view.nextAct satisfies never;
  }
}

function otherKey(view: KioskView, nowMs: number): StripKey | null {
  const send = (intent: KioskIntent, rest: Pick<StripKey, "label" | "confirm"> & Partial<StripKey>): StripKey => ({
    id: intent.kind,
    kind: "plain",
    press: { kind: "send", intent },
    ...rest,
  });
  if (view.undoUntil !== null && view.undoUntil > nowMs) {
    return send(
      { kind: "undo" },
      { label: { word: "undo" }, note: undoNote(view.undoUntil - nowMs), icon: "undo", confirm: "askUndo" },
    );
  }
  switch (view.phase) {
    case "accepted":
      return send({ kind: "cancel-ride" }, { label: { word: "notRiding" }, confirm: "askCancel" });
    case "refused":
      if (view.nextAct === "paid") return null;
      return send({ kind: "cancel-ride" }, { label: { word: "notRiding" }, confirm: "askCancel" });
    case "riding":
      if (typesFare(view)) {
        return {
          id: "enter-fare",
          kind: "plain",
          label: { word: "enterFare" },
          icon: "pen",
          press: { kind: "enter-fare" },
        };
      }
      return send({ kind: "cancel-ride" }, { label: { word: "cancel" }, confirm: "askCancel" });
    case "paying":
      return send({ kind: "cancel-ride" }, { label: { word: "cancel" }, icon: "undo", confirm: "askUndo" });
    case "lay-again":
      return send(
        { kind: "record-by-hand", reason: "card" },
        { label: { word: "byHand" }, icon: "pen", confirm: "askByHand" },
      );
    case "trouble":
      if (view.reader.state === "absent") {
        return send(
          { kind: "record-by-hand", reason: "reader" },
          { label: { word: "byHand" }, icon: "pen", confirm: "askByHand" },
        );
      }
      return typesFare(view)
        ? { id: "enter-fare", kind: "plain", label: { word: "enterFare" }, icon: "pen", press: { kind: "enter-fare" } }
        : null;
    case "idle":
      return typesFare(view) && view.meter.state === "hired"
        ? { id: "enter-fare", kind: "plain", label: { word: "enterFare" }, icon: "pen", press: { kind: "enter-fare" } }
        : null;
    default:
      return null;
  }
}

/** No meter speaks for itself: the driver types the fare, standing, twice. */
export function typesFare(view: KioskView): boolean {
  return view.meter.technology === "keypad" || !view.meter.connected;
}

function undoNote(leftMs: number): StripText {
  return { word: "undoSeconds", parameters: { seconds: Math.ceil(leftMs / 1000) } };
}

const FRAMES: Readonly<Record<KioskView["phase"], readonly [DriverWord, DriverWord]>> = {
  idle: ["waitingForCard", "waitingForCardNote"],
  reading: ["reading", "readingNote"],
  accepted: ["riding", "ridingNote"],
  refused: ["riding", "ridingNote"],
  "lay-again": ["layAgain", "layAgainNote"],
  riding: ["riding", "ridingNote"],
  choosing: ["working", "workingNote"],
  paying: ["working", "workingNote"],
  done: ["atEase", "atEaseNote"],
  "card-forgotten": ["layAgain", "layAgainNote"],
  cancelled: ["atEase", "atEaseNote"],
  trouble: ["trouble", "troubleNote"],
};

function frameOf(view: KioskView, connected: boolean): StripFrame {
  if (!connected) return { label: "disconnected", note: "disconnectedNote", locked: false };
  if (view.moving) return { label: "moving", note: "movingNote", locked: true };
  const [label, note] = FRAMES[view.phase];
  return { label, note, locked: false };
}

function collectOf(view: KioskView): Strip["collect"] {
  if (view.phase === "choosing" || view.phase === "card-forgotten") return null;
  if (view.collectMinor !== null) return { kind: "money", amountMinor: view.collectMinor };
  const people = view.riders.filter((rider) => rider.usable).length;
  return (view.phase === "accepted" || view.phase === "riding") && people > 0 ? { kind: "people", people } : null;
}

function meterStatus(view: KioskView): StripStatus {
  const { meter } = view;
  if (!meter.connected) return { icon: "meter", word: { word: "meter" }, value: { word: "off" } };
  if (meter.state === "off" || meter.state === "vacant" || meter.state === "pickup") {
    return { icon: "meter", word: { word: "meter" }, value: { word: meter.state } };
  }
  if (meter.technology === "keypad" && meter.fareMinor === 0) {
    return { icon: "meter", word: { word: meter.state }, value: { word: "keypad" } };
  }
  return { icon: "meter", word: { word: meter.state }, value: { amountMinor: meter.fareMinor } };
}

function readerStatus(view: KioskView): StripStatus {
  if (view.reader.state === "absent")
    return { icon: "reader", word: { word: "reader" }, value: { word: "readerAbsent" } };
  // A card that is played inside the program is not to be taken for one on a real reader.
  const card = view.reader.technology === "simulator" ? "simulatedCard" : "card";
  const left = view.phase === "card-forgotten" ? "cardLeft" : "cardThere";
  return { icon: "reader", word: { word: card }, value: { word: view.reader.state === "card" ? left : "cardNone" } };
}

function signalStatus(view: KioskView): StripStatus {
  const { online, waiting } = view.signal;
  return {
    icon: online ? "signal" : "no-signal",
    word: { word: online ? "online" : "offline" },
    value: waiting === 0 ? { word: "allSent" } : { word: "waitingRides", parameters: { waiting } },
  };
}
