import type { City } from "#domain/city/city.ts";
import type { Step } from "#domain/decision/decision.ts";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import type { Point } from "#domain/geo/point.ts";
import type { Minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { RideState } from "#domain/ride/ride-state.ts";
import type { LimitRule } from "#domain/scheme/scheme.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import type { MeterState } from "#terminal/devices/meter.ts";

/** What the session needs to know of the world; data of the terminal pack. */
export interface SessionRules {
  readonly city: City;
  readonly calendar: Calendar;
  readonly vehicleLabel: string;
}

/** What is left under one limit, holds of others included, before (or, where said, after) a ride. */
export interface LimitBalance {
  readonly unit: LimitRule["unit"];
  readonly per: LimitRule["per"];
  readonly amount: number;
  readonly left: number;
}

/** What is known about a card that was laid. */
export interface Standing {
  /** `server`: answered online; `entry`: from the balances of an earlier touch; `unknown`: nothing is known here. */
  readonly source: "server" | "entry" | "unknown";
  readonly asOfMs: number;
  readonly usable: boolean;
  /** Null and not usable: it cannot be found out now (no signal, no entry, allowance spent). */
  readonly refusal: RefusalCode | null;
  readonly holdId: string | null;
  readonly limits: readonly LimitBalance[];
  /** Last local day the uses are good for, `2027-03-31`. */
  readonly usableUntil: string | null;
  readonly capMinor: number | null;
}

/** One laying of one card. `sealed` is the evidence sealed to the verifier (base64); nothing else of the card is kept. */
export interface Touch {
  readonly touchId: string;
  /** HMAC of the card under this terminal's own salt: recognises the same card, names nobody. */
  readonly cardTag: string;
  readonly sealed: string;
  readonly touchedAtMs: number;
  /** Until when the server's answer is waited for. */
  readonly answerByMs: number;
  readonly standing: Standing | null;
}

/** The end of the ride as the meter gave it. */
export interface FareFacts {
  readonly components: readonly FareComponent[];
  readonly distanceM: number | null;
  readonly alightedAtMs: number;
  readonly place: Point | null;
}

/** A decided ride: what is shown, or will be as soon as it stands in the journal. */
export interface Amounts {
  readonly fareMinor: Minor;
  readonly subsidyMinor: Minor;
  readonly riderPaysMinor: Minor;
  /** True when the cab decided alone. */
  readonly offline: boolean;
  readonly uses: number;
  readonly riders: readonly {
    readonly granted: boolean;
    readonly refusal: RefusalCode | null;
    readonly uses: number;
    readonly subsidyMinor: Minor;
    readonly limitsAfter: readonly LimitBalance[];
  }[];
  readonly steps: readonly Step[];
}

/** A ride from boarding to payment: the part of the session that is journalled and survives a power cut. */
export interface Ride {
  readonly rideId: string;
  readonly tag: string;
  /** Salt of the erasable places (base64), the same whenever this ride is sent. */
  readonly salt: string;
  readonly boardedAtMs: number;
  readonly boardingPlace: Point | null;
  readonly touches: readonly Touch[];
  /** The driver pressed 出発, or the meter runs. */
  readonly departed: boolean;
  /** The meter has been running for this ride. */
  readonly hired: boolean;
  readonly fare: FareFacts | null;
  readonly usesChosen: number | null;
  /** When the facts were fixed and handed to the uplink; from then on the same id always means the same facts. */
  readonly submittedAtMs: number | null;
  readonly amounts: Amounts | null;
  /** When the amounts stood in the journal; they are shown only from then on. */
  readonly confirmedAtMs: number | null;
  /** Status of the server's answer, null when it is not known yet. */
  readonly status: "RECORDED" | "REFUSED" | "QUARANTINED" | null;
  /** The ride whose amounts this one puts right. */
  readonly corrects: string | null;
  /** Why the driver writes the ride down by hand. */
  readonly byHand: "card" | "reader" | null;
}

/** A ride that was paid, for as long as its end is on the screen or it can be undone. */
export interface ClosedRide {
  readonly ride: Ride;
  readonly closedAtMs: number;
}

/** The laying on the reader now (or being read although it was lifted). */
export interface CardOnReader {
  readonly cardNumber: number;
  readonly touchId: string;
  readonly present: boolean;
  readonly stage: "reading" | "opening" | "settled";
}

/** What this terminal knows about a card while it lies there, opened with the card's own bytes; never journalled. */
export interface CardKnowledge {
  readonly entry: {
    readonly asOfMs: number;
    readonly refusal: RefusalCode | null;
    readonly limits: readonly LimitBalance[];
    readonly usableUntil: string | null;
    readonly capMinor: number | null;
  } | null;
  /** Uses this cab granted to the card since the entry (or, without one, in the last day), by offline decisions. */
  readonly offlineUses: number;
}

/** Everything the session knows. Only `ride` and `closed` outlive the process. */
export interface SessionState {
  readonly nowMs: number;
  readonly reader: {
    readonly technology: "pcsc" | "simulator";
    readonly name: string;
    readonly present: boolean;
    readonly note: string | null;
  };
  readonly card: CardOnReader | null;
  readonly meter: {
    readonly technology: "hid" | "keypad" | "simulator";
    readonly connected: boolean;
    readonly state: MeterState;
    readonly components: readonly FareComponent[];
    readonly distanceM: number | null;
  };
  /** The fare the meter still shows belongs to a ride that is over. */
  readonly meterSpent: boolean;
  readonly signal: { readonly online: boolean; readonly waiting: number };
  /** The server no longer knows this terminal. */
  readonly stopped: boolean;
  /** Code of the journal's fault; nothing is promised while it stands. */
  readonly journalFault: string | null;
  readonly place: Point | null;
  readonly moving: boolean;
  readonly ride: Ride | null;
  /** The amounts of `ride` are on their way into the journal. */
  readonly confirming: boolean;
  readonly recordByMs: number | null;
  readonly knowledge: Readonly<Record<string, CardKnowledge>>;
  /** A touch whose answer is shown although the ride is already under way. */
  readonly notice: { readonly touchId: string; readonly untilMs: number } | null;
  /** A laying that could not become a touch: message 3, 8, 9 or 10. */
  readonly problem: { readonly message: 3 | 8 | 9 | 10 | 26; readonly untilMs: number } | null;
  /** The last paid ride. */
  readonly closed: ClosedRide | null;
  /** What is on the screen after a ride. */
  readonly finale: { readonly kind: "done" | "cancelled"; readonly uses: number; readonly untilMs: number } | null;
  /** Since when the card lies there after paying, and when it calls again. */
  readonly forgotten: { readonly sinceMs: number; readonly callAgainMs: number } | null;
  readonly cancelWanted: boolean;
  /** A ride that was paid in full while the journal failed: taken back as soon as it can be written down. */
  readonly paidOutside: ClosedRide | null;
  /** Rides granted to cards nothing is known about since the server was last reached. */
  readonly unknownGranted: number;
  readonly sound: { readonly sequence: number; readonly cue: "accepted" | "look" | "take-card" | "none" };
}

/** How long the server's answer to a touch or a ride is waited for before the cab decides alone. */
export const ANSWER_WITHIN_MS = 1_000;
/** How long the last ride can be undone. */
export const UNDO_WITHIN_MS = 60_000;
/** How long a passing remark stays when no card lies on the reader. */
export const REMARK_MS = 5_000;
/** How long the thanks stay when nobody presses anything. */
export const FINALE_MS = 60_000;
/** How long a cancellation stays on the screen when nobody presses anything. */
export const CANCELLED_MS = 10_000;
/** A card that still lies there after paying hears thanks and "please take your card" this long before it is called forgotten. */
export const THANKS_FIRST_MS = 3_000;
/** A card left on the reader calls this often. */
export const CALL_EVERY_MS = 5_000;
/** Most riders of one ride (schema.graphql, RideInput). */
export const MAX_RIDERS = 4;
/** Rides granted to cards without an entry between two contacts with the server (docs/decisions/0010). */
export const UNKNOWN_RIDES_OFFLINE = 3;

/** A session at the start of a shift. */
export function initialSession(
  nowMs: number,
  technology: {
    readonly reader: SessionState["reader"]["technology"];
    readonly meter: SessionState["meter"]["technology"];
    readonly note: string | null;
  },
): SessionState {
  return {
    nowMs,
    reader: { technology: technology.reader, name: "", present: false, note: technology.note },
    card: null,
    meter: {
      technology: technology.meter,
      connected: technology.meter === "keypad",
      state: technology.meter === "keypad" ? "vacant" : "off",
      components: [],
      distanceM: null,
    },
    meterSpent: false,
    signal: { online: false, waiting: 0 },
    stopped: false,
    journalFault: null,
    place: null,
    moving: false,
    ride: null,
    confirming: false,
    recordByMs: null,
    knowledge: {},
    notice: null,
    problem: null,
    closed: null,
    finale: null,
    forgotten: null,
    cancelWanted: false,
    paidOutside: null,
    unknownGranted: 0,
    sound: { sequence: 0, cue: "none" },
  };
}

/** The state of a ride in the words of `domain/ride/ride-state.ts`. A confirmed ride without an answer is fare-known to the ledger. */
export function rideStateOf(ride: Ride): RideState {
  if (ride.confirmedAtMs !== null && ride.status === "RECORDED") return "recorded";
  if (ride.confirmedAtMs !== null && ride.status === "REFUSED") return "refused";
  if (ride.confirmedAtMs !== null && ride.status === "QUARANTINED") return "quarantined";
  if (ride.fare) return "fare-known";
  return ride.touches.length > 0 ? "riders-on-hold" : "opened";
}
