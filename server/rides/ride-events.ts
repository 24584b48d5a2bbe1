import type { Assurance } from "#domain/card/assurance.ts";
import type { RideDecision } from "#domain/decision/decision.ts";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import type { CompanyId, HoldId, SchemeVersionId, TerminalId, VehicleId } from "#domain/ids.ts";
import type { Minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { Posting } from "#domain/settlement/postings.ts";
import type { LocalMoment } from "#domain/time/local.ts";
import type { LimitBalance, Presented } from "./ride-service.ts";

/**
 * Bodies of the event log, the one thing readers of the ledger read. They hold no exact place, no card data, no purpose
 * and nothing a person wrote: reasons stand beside the log, where they can be erased. `person` is an opaque key per
 * municipality for counting people; planners never get it.
 */
export const RIDE_EVENT_TYPES = [
  /** A laid card was accepted and its uses are held. */
  "touch.held",
  /** A laid card was refused. */
  "touch.refused",
  /** A hold ran out. */
  "hold.expired",
  /** A ride was ended before payment; its holds are released. */
  "ride.cancelled",
  /** A ride with at least one granted rider. */
  "ride.recorded",
  /** A ride refused by the scheme: full fare, with the reason. */
  "ride.refused",
  /** What a passenger was shown, when it came later than the ride. */
  "ride.presented",
  "ride.reversed",
  "ride.quarantined",
  /** A person dismissed or accepted a quarantined ride; the ride's own event follows at the next position. */
  "quarantine.resolved",
] as const;
export type RideEventType = (typeof RIDE_EVENT_TYPES)[number];

/** Things a person may want to look at; they refuse nothing. */
export const RIDE_MARKS = [
  "vehicle-overlap",
  "person-overlap",
  "after-cancel",
  "hold-expired",
  "from-quarantine",
  /** A person accepted the ride although a limit was used up. */
  "beyond-limit",
] as const;
export type RideMark = (typeof RIDE_MARKS)[number];

/** One end of a ride as far as counting needs it. */
export interface RideEnd {
  readonly atMs: number;
  readonly local: LocalMoment;
  readonly inArea: boolean | null;
  /** Zone of the city, null outside it or when the place is unknown. */
  readonly zone: string | null;
}

export interface RiderInEvent {
  readonly person: string | null;
  readonly assurance: Assurance;
  readonly usesChosen: number;
  /** Balances after the ride; empty for people nobody registered. */
  readonly limits: readonly LimitBalance[];
}

interface OfCab {
  readonly rideKey: string;
  /** Three characters people can say to each other. */
  readonly tag: string;
  readonly terminalId: TerminalId;
  readonly vehicleId: VehicleId;
  readonly companyId: CompanyId | null;
}

/** `touch.held` and `touch.refused`. */
export interface TouchBody extends OfCab {
  readonly boarding: RideEnd;
  readonly person: string | null;
  readonly refusal: RefusalCode | null;
  readonly holdId: HoldId | null;
  readonly uses: number;
  readonly expiresAtMs: number | null;
  readonly schemeVersion: SchemeVersionId | null;
  readonly limits: readonly LimitBalance[];
  readonly usableUntilDay: number | null;
  readonly capMinor: Minor | null;
}

/** `hold.expired`. */
export interface HoldExpiredBody {
  readonly rideKey: string;
  readonly tag: string;
  readonly holdId: HoldId;
  readonly uses: number;
}

/** `ride.cancelled`. */
export interface RideCancelledBody extends OfCab {
  readonly reason: string;
  readonly holds: readonly { readonly holdId: HoldId; readonly uses: number }[];
}

/** `ride.recorded` and `ride.refused`. */
export interface RideBody extends OfCab {
  readonly boarding: RideEnd;
  readonly alighting: RideEnd;
  readonly distanceM: number | null;
  readonly components: readonly FareComponent[];
  readonly decision: RideDecision;
  readonly riders: readonly RiderInEvent[];
  /** Sum of the granted riders' uses. */
  readonly uses: number;
  readonly postings: readonly Posting[];
  readonly presented: Presented | null;
  /** Shown subsidy less decided subsidy, posted to the bearer; 0 when they agree or nothing was shown. */
  readonly differenceMinor: Minor;
  readonly marks: readonly RideMark[];
  /** Salted commitment to places and purpose, SHA-256 in hex; null for rides out of quarantine that had none. */
  readonly commitment: string | null;
}

/** `ride.presented`. */
export interface RidePresentedBody extends OfCab {
  readonly ridePosition: number;
  readonly presented: Presented;
  readonly differenceMinor: Minor;
  readonly postings: readonly Posting[];
}

/** `ride.reversed`: the opposite of everything posted for the ride so far. */
export interface RideReversedBody extends OfCab {
  readonly ridePosition: number;
  readonly wasRefused: boolean;
  readonly boardingDay: number;
  readonly fareMinor: Minor;
  readonly subsidyMinor: Minor;
  readonly riderPaysMinor: Minor;
  /** Uses given back to the periods they came from. */
  readonly uses: number;
  readonly postings: readonly Posting[];
}

/** `ride.quarantined`. */
export interface RideQuarantinedBody {
  readonly rideKey: string;
  readonly tag: string;
  readonly terminalId: TerminalId;
  readonly vehicleId: VehicleId | null;
  readonly companyId: CompanyId | null;
  readonly reason: string;
  readonly presented: Presented;
}

/** `quarantine.resolved`. */
export interface QuarantineResolvedBody {
  readonly rideKey: string;
  readonly tag: string;
  readonly accepted: boolean;
  /** The driver took the ride back before anybody decided: nothing is entered. */
  readonly withdrawn?: true;
}

/** One entry of the log as a reader gets it. */
export type RideEvent = { readonly position: number; readonly atMs: number; readonly rideKey: string } & (
  | { readonly type: "touch.held" | "touch.refused"; readonly body: TouchBody }
  | { readonly type: "hold.expired"; readonly body: HoldExpiredBody }
  | { readonly type: "ride.cancelled"; readonly body: RideCancelledBody }
  | { readonly type: "ride.recorded" | "ride.refused"; readonly body: RideBody }
  | { readonly type: "ride.presented"; readonly body: RidePresentedBody }
  | { readonly type: "ride.reversed"; readonly body: RideReversedBody }
  | { readonly type: "ride.quarantined"; readonly body: RideQuarantinedBody }
  | { readonly type: "quarantine.resolved"; readonly body: QuarantineResolvedBody }
);
