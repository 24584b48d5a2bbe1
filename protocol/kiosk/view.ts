import { z } from "zod";
import { METER_STATES } from "../meter/meter-reading.ts";

/**
 * What the agent shows on the kiosk and what the kiosk sends back (socket.io on the terminal's own loopback port,
 * namespace `/kiosk`). The agent owns the state; the kiosk draws the latest view and keeps only language and speech.
 */

const minor = z.int();

/** Phases of the screen. */
export const KIOSK_PHASES = [
  /** Free, no card: "place your card here". */
  "idle",
  /** A card is being read: "keep it there". */
  "reading",
  /** Card laid at boarding: usable, uses left. */
  "accepted",
  /** Refused at boarding or at paying, with the reason. */
  "refused",
  /** The reader could not read: lay it again. */
  "lay-again",
  /** On the way: who is aboard. */
  "riding",
  /** Two equal choices of uses. */
  "choosing",
  /** Three amounts. While they are being asked for (at most a second) `amounts` is null and the message is 2. */
  "paying",
  /** Paid: thank you, uses left. */
  "done",
  /** The card still lies there after paying. */
  "card-forgotten",
  /** Undone or reversed. */
  "cancelled",
  /** Nothing works without help: reader or meter gone, terminal stopped. */
  "trouble",
] as const;
export type KioskPhase = (typeof KIOSK_PHASES)[number];

/**
 * Messages of the catalogue (`ui/messages`), by number. 26: no signal, and this cab knows nothing about the card:
 * いまは確かめられません。今回は運賃の全額をお支払いください (docs/decisions/0010).
 */
export const messageNumber = z.int().min(1).max(26);

/** Integer parameters the agent sends with each message; one in brackets may be missing when it is unknown. */
export const MESSAGE_PARAMETERS: Readonly<Record<number, readonly string[]>> = {
  /** Uses left this fiscal year; schemes that count money send the money left instead. */
  4: ["[usesLeft]", "[moneyLeftMinor]"],
  11: ["amountMinor"],
  12: ["capMinor"],
  13: ["uses", "amountMinor"],
  14: ["[usesLeft]", "[moneyLeftMinor]"],
  /** Local day number from which it can be used again. */
  15: ["day"],
  /** Uses of one day. */
  16: ["uses"],
  17: ["fromMinute", "toMinute"],
  /** Local minute of the day. */
  23: ["minute"],
  24: ["amountMinor"],
  25: ["uses"],
};

const refusal = z.string();

/** Everything the kiosk draws. */
export const kioskView = z.object({
  /** Grows by one with every change. */
  revision: z.int(),
  at: z.int(),
  phase: z.enum(KIOSK_PHASES),
  city: z.object({
    id: z.string(),
    name: z.object({ ja: z.string(), easy: z.string(), en: z.string() }),
    telephone: z.string(),
    officeHours: z.object({ ja: z.string(), easy: z.string(), en: z.string() }),
    cardName: z.object({ ja: z.string(), easy: z.string(), en: z.string() }),
    zone: z.string(),
    locale: z.string(),
    currencyCode: z.string(),
    currencyMinorDigits: z.int(),
    /** Hours of the scheme in force today, minutes of the local day; null = always. */
    hours: z.object({ fromMinute: z.int(), toMinute: z.int() }).nullable(),
    /** Most the city pays for one use, for message 12. */
    capMinor: minor.nullable(),
  }),
  message: z.object({
    number: messageNumber,
    /** e.g. `{ usesLeft: 52 }`, `{ amountMinor: 535 }`, `{ minute: 1085 }`. */
    parameters: z.record(z.string(), z.int()),
  }),
  /** A second, quieter sentence for the bottom row (5, 7, 12, 17, 23), when there is one. */
  second: z
    .object({ number: messageNumber, parameters: z.record(z.string(), z.int()) })
    .nullable()
    .optional(),
  /** Cards laid for this ride, in order of laying. */
  riders: z.array(
    z.object({
      seat: z.int().min(1).max(4),
      usable: z.boolean(),
      refusal: refusal.nullable(),
      /** Uses left this fiscal year before (riding) or after (paying, done) this ride; null when the scheme counts money or it is unknown. */
      usesLeft: z.int().nullable(),
      usesLeftToday: z.int().nullable(),
      moneyLeftMinor: minor.nullable(),
      /** Last day the uses are good for, `2027-03-31`. */
      usableUntil: z.string().nullable(),
    }),
  ),
  /** Known once the meter stands at 支払. */
  amounts: z
    .object({
      fareMinor: minor,
      subsidyMinor: minor,
      riderPaysMinor: minor,
      /** False until the server (or the offline decision) has confirmed. */
      final: z.boolean(),
      uses: z.int(),
      steps: z.array(
        z.object({
          code: z.string(),
          rider: z.int().nullable(),
          amountMinor: minor,
          parameters: z.record(z.string(), z.int()),
          refusal: refusal.nullable(),
        }),
      ),
    })
    .nullable(),
  /** Equal choices, none preselected. */
  choices: z.array(z.object({ uses: z.int(), riderPaysMinor: minor, subsidyMinor: minor })),
  /** What the driver collects now. */
  collectMinor: minor.nullable(),
  meter: z.object({
    technology: z.enum(["hid", "keypad", "simulator"]),
    connected: z.boolean(),
    state: z.enum(METER_STATES),
    fareMinor: minor,
  }),
  reader: z.object({
    technology: z.enum(["pcsc", "simulator"]),
    name: z.string(),
    state: z.enum(["empty", "card", "absent"]),
    /** Why the in-process card is used or the reader is missing. */
    note: z.string().nullable(),
  }),
  signal: z.object({
    online: z.boolean(),
    /** Rides in the journal not yet answered by the server. */
    waiting: z.int(),
    /** Balances shown are of this time when offline. */
    asOf: z.int().nullable(),
  }),
  moving: z.boolean(),
  night: z.boolean(),
  vehicleLabel: z.string(),
  /** Short tag of the ride, as in company and ledger. */
  rideTag: z.string().nullable(),
  /** The one next act of the driver, bottom left. */
  nextAct: z.enum(["depart", "paid", "card-back", "full-fare", "next-passenger", "none"]),
  /** Until when the last ride can be undone. */
  undoUntil: z.int().nullable(),
  /** A sound to play once per sequence number. */
  sound: z.object({ sequence: z.int(), cue: z.enum(["accepted", "look", "take-card", "none"]) }),
});
export type KioskView = z.infer<typeof kioskView>;

/** What people do on the screen. */
export const kioskIntent = z.discriminatedUnion("kind", [
  /** The driver's next act (depart, paid, …), as shown in the view of that revision. */
  z.object({ kind: z.literal("act"), act: z.enum(["depart", "paid", "card-back", "full-fare", "next-passenger"]) }),
  z.object({ kind: z.literal("choose-uses"), uses: z.int().min(1).max(9) }),
  /** Keypad meter: fare typed twice by the driver. */
  z.object({ kind: z.literal("keypad-fare"), fareMinor: minor, repeatedFareMinor: minor }),
  z.object({ kind: z.literal("undo") }),
  z.object({ kind: z.literal("cancel-ride") }),
  /** Numbered record by the driver when card or reader fails. */
  z.object({ kind: z.literal("record-by-hand"), reason: z.enum(["card", "reader"]) }),
]);
export type KioskIntent = z.infer<typeof kioskIntent>;

/** Sent by the kiosk. */
export interface KioskToAgentEvents {
  intent(intent: KioskIntent): void;
  /** The kiosk reports when a view was painted (milliseconds since the view was received), for measuring. */
  painted(report: { revision: number }): void;
}

/** Sent to the kiosk. */
export interface AgentToKioskEvents {
  view(view: KioskView): void;
}

/** The namespace of the kiosk. */
export const KIOSK_NAMESPACE = "/kiosk";
