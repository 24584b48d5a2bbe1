import type { RideDecision } from "#domain/decision/decision.ts";
import type { Point } from "#domain/geo/point.ts";
import type { KioskIntent } from "#protocol/kiosk/view.ts";
import type { MeterReading } from "#terminal/devices/meter.ts";
import type { Amounts, CardKnowledge, LimitBalance, Ride, Standing, Touch } from "./state.ts";

/** How an answer stayed away: `transient` was never taken by the server, `ambiguous` may have been, `permanent` is refused. */
export type FailureKind = "transient" | "ambiguous" | "permanent";

/** The server's answer to a touch. `inputError`: the input could not be taken and nothing was written. */
export interface OpenAnswer {
  readonly standing: Standing;
  readonly inputError: string | null;
}

/** The server's answer to a ride. */
export interface RecordAnswer {
  readonly rideId: string;
  readonly status: "RECORDED" | "REFUSED" | "QUARANTINED" | "REJECTED" | "CONFLICT";
  readonly replayed: boolean;
  readonly rideKey: string | null;
  readonly position: number | null;
  readonly decision: RideDecision | null;
  /** Balances after the ride, per rider of the decision. */
  readonly riderLimits: readonly (readonly LimitBalance[])[];
  readonly errorCode: string | null;
}

/** What happens to a session. */
export type SessionEvent =
  | { readonly kind: "reader-ready"; readonly name: string }
  | { readonly kind: "reader-absent"; readonly reason: string }
  | { readonly kind: "card-laid"; readonly cardNumber: number }
  | { readonly kind: "card-lifted"; readonly cardNumber: number }
  | {
      readonly kind: "card-read";
      readonly cardNumber: number;
      readonly cardTag: string;
      readonly sealed: string;
      readonly known: CardKnowledge;
    }
  | { readonly kind: "card-unreadable"; readonly cardNumber: number; readonly why: "failed" | "foreign" | "several" }
  | { readonly kind: "meter-connected" }
  | { readonly kind: "meter-disconnected" }
  | { readonly kind: "meter"; readonly reading: MeterReading }
  | { readonly kind: "opened"; readonly rideId: string; readonly touchId: string; readonly answer: OpenAnswer }
  | { readonly kind: "open-failed"; readonly rideId: string; readonly touchId: string; readonly failure: FailureKind }
  | { readonly kind: "recorded"; readonly answer: RecordAnswer }
  | { readonly kind: "record-failed"; readonly rideId: string; readonly failure: FailureKind }
  /** The amounts of a ride are in the journal, with fsync. */
  | { readonly kind: "journalled"; readonly rideId: string }
  | { readonly kind: "journal-failed"; readonly code: string }
  | { readonly kind: "journal-mended" }
  | { readonly kind: "signal"; readonly online: boolean; readonly waiting: number }
  | { readonly kind: "stopped"; readonly stopped: boolean }
  | { readonly kind: "place"; readonly place: Point | null; readonly moving: boolean }
  | { readonly kind: "intent"; readonly intent: KioskIntent }
  | { readonly kind: "time" };

/** Values only the edge can make, new for every event: used when the event opens a ride or a touch. */
export interface Fresh {
  readonly rideId: string;
  readonly tag: string;
  readonly salt: string;
  readonly touchId: string;
}

/** An event with its time (epoch ms) and fresh values. */
export interface Stimulus {
  readonly atMs: number;
  readonly fresh: Fresh;
  readonly event: SessionEvent;
}

/** What the agent does for the machine, in the order given. */
export type SessionEffect =
  | { readonly kind: "read-card"; readonly cardNumber: number }
  /** Write the ride as it stands into the journal. */
  | { readonly kind: "save"; readonly ride: Ride }
  /** A ride without any card: nothing to keep. */
  | { readonly kind: "drop"; readonly rideId: string }
  | { readonly kind: "open"; readonly ride: Ride; readonly touch: Touch; readonly companions: readonly string[] }
  | { readonly kind: "record"; readonly ride: Ride }
  /** Journal the amounts that will be shown; answered by `journalled` or `journal-failed`. */
  | { readonly kind: "confirm"; readonly ride: Ride; readonly amounts: Amounts }
  | { readonly kind: "close"; readonly ride: Ride }
  /** Ends an unpaid ride and releases its holds. */
  | { readonly kind: "cancel"; readonly ride: Ride; readonly reason: "PASSENGER" | "DRIVER" | "MISTAKE" }
  /** `atMs`: when it was pressed, or the full fare was paid instead; a journal that failed is written later. */
  | {
      readonly kind: "reverse";
      readonly ride: Ride;
      readonly reason: "UNDONE" | "CORRECTED" | "CANCELLED";
      readonly atMs: number;
    }
  /** Keep the balances of a card for the time without signal. */
  | { readonly kind: "keep-entry"; readonly touchId: string; readonly standing: Standing }
  /** The touch is over: forget everything of the card that is still in memory. */
  | { readonly kind: "forget-card"; readonly touchId: string }
  /** A ride the driver wrote down by hand is over. */
  | { readonly kind: "note-by-hand"; readonly ride: Ride };
