import type { Assurance } from "#domain/card/assurance.ts";
import type { CompanyId, CredentialId, HoldId, RideId, TerminalId, TouchId, VehicleId } from "#domain/ids.ts";
import type { Result } from "#domain/result.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { ErasableFacts } from "#domain/ride/places.ts";
import type { RideEnd } from "../ride-events.ts";
import type {
  CancelledRide,
  InputError,
  OpenedRide,
  Presented,
  PresentedRide,
  ResolvedQuarantine,
  ReversedRide,
  RideOutcome,
} from "../ride-service.ts";

/** Identity of a ride and of the terminal that sent it. */
export interface RideIdentity {
  readonly rideKey: string;
  readonly rideId: RideId;
  readonly tag: string;
  readonly terminalId: TerminalId;
}

/** How a prepared ride names a rider. Sealed evidence has become a token, or nothing when nobody trusts the card. */
export type PreparedRider = { readonly usesChosen: number } & (
  | { readonly kind: "hold"; readonly holdId: HoldId }
  | { readonly kind: "card"; readonly card: ReadCard }
  | { readonly kind: "credential"; readonly credentialId: CredentialId }
);

/** A card as the verifier read it. */
export interface ReadCard {
  /** Null for a card of no trusted authority: it belongs to nobody registered. */
  readonly token: { readonly bytes: Uint8Array; readonly keyVersion: number } | null;
  readonly assurance: Assurance;
  readonly state: "good" | "needs-renewal";
}

/** A ride that passed validation, with everything derived at the edge. */
export interface PreparedRide {
  readonly vehicleId: VehicleId;
  readonly companyId: CompanyId | null;
  readonly boarding: RideEnd;
  readonly alighting: RideEnd;
  readonly distanceM: number | null;
  readonly components: readonly FareComponent[];
  readonly riders: readonly PreparedRider[];
}

export interface RecordOperation extends RideIdentity {
  readonly kind: "record";
  /** SHA-256 of the canonical facts. */
  readonly factsHash: Uint8Array;
  /** SHA-256 of salt and canonical places, hex. */
  readonly commitment: string;
  readonly erasable: ErasableFacts & { readonly salt: Uint8Array };
  readonly presented: Presented | null;
  /** The ride, or why it cannot be taken: then it was presented and goes to quarantine. */
  readonly ride: Result<PreparedRide, InputError>;
  /** The riders as far as they could be read, also of a ride that cannot be taken. */
  readonly named: readonly PreparedRider[];
  /** What came, for the person who resolves the quarantine. */
  readonly received: ReceivedRide;
}

/** A submission as it is kept in quarantine: no places, no evidence. */
export interface ReceivedRide {
  readonly vehicleId: VehicleId | null;
  readonly companyId: CompanyId | null;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly distanceM: number | null;
  readonly components: readonly FareComponent[];
  readonly riderCount: number;
}

export interface OpenOperation extends RideIdentity {
  readonly kind: "open";
  readonly touchId: TouchId;
  readonly factsHash: Uint8Array;
  readonly vehicleId: VehicleId;
  readonly companyId: CompanyId | null;
  readonly boarding: RideEnd;
  readonly card: ReadCard;
  readonly companions: readonly TouchId[];
  readonly usesChosen: number;
  /** Used if the card is accepted. */
  readonly newHoldId: HoldId;
}

export interface CancelOperation extends RideIdentity {
  readonly kind: "cancel";
  /** The terminal's cab, for a cancellation that overtakes the touch it cancels; null for a terminal without one. */
  readonly cab: { readonly vehicleId: VehicleId; readonly companyId: CompanyId | null } | null;
  readonly reason: string;
}

export interface ReverseOperation {
  readonly kind: "reverse";
  readonly rideKey: string;
  readonly reason: string;
  /** Who asked, as a word for the record: a staff id or a terminal id. */
  readonly by: string;
  /** Set for a terminal: when it says that the driver took the ride back. */
  readonly undoneAtMs: number | null;
}

export interface PresentOperation extends RideIdentity {
  readonly kind: "present";
  readonly presented: Presented;
}

export interface ResolveOperation {
  readonly kind: "resolve";
  readonly rideKey: string;
  readonly accept: boolean;
  readonly reason: string;
  readonly by: string;
}

/** Releases up to a batch of holds that ran out before `beforeMs`. */
export interface ExpireOperation {
  readonly kind: "expire";
  readonly beforeMs: number;
  readonly limit: number;
}

/** One thing to do in a transaction; none of the same batch concern the same ride. */
export type Operation =
  | RecordOperation
  | OpenOperation
  | CancelOperation
  | ReverseOperation
  | PresentOperation
  | ResolveOperation
  | ExpireOperation;

/** The answer to each kind of operation. */
export interface ResultOf {
  readonly record: RideOutcome;
  readonly open: OpenedRide;
  readonly cancel: CancelledRide;
  readonly reverse: ReversedRide;
  readonly present: PresentedRide;
  readonly resolve: ResolvedQuarantine;
  readonly expire: { readonly released: number };
}

/** An answer before the log positions are known: `event` counts the batch's events from 1. */
export interface Settled<Kind extends Operation["kind"] = Operation["kind"]> {
  readonly event: number | null;
  readonly result: ResultOf[Kind];
}
