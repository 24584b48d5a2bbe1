import type { Assurance } from "#domain/card/assurance.ts";
import type { CompanyId, CredentialId, EntitlementId, HoldId, VehicleId } from "#domain/ids.ts";
import type { Posting } from "#domain/settlement/postings.ts";
import type { LocalMoment } from "#domain/time/local.ts";
import type { PeriodKind } from "#domain/usage/balance.ts";
import type { RideBody, TouchBody } from "../ride-events.ts";
import type { Presented } from "../ride-service.ts";
import type { ReceivedRide } from "./operation.ts";
import type { UsageBook } from "./usage-book.ts";

/** What a transaction read before deciding. Maps are keyed as their names say. */
export interface Loaded {
  readonly rides: ReadonlyMap<string, LoadedRide>;
  readonly quarantined: ReadonlyMap<string, LoadedQuarantine>;
  readonly cancelled: ReadonlyMap<string, { readonly releasedHolds: number }>;
  readonly opened: ReadonlyMap<string, LoadedOpening>;
  /** Holds of the batch's rides, and holds that ran out; locked. */
  readonly holds: ReadonlyMap<string, LoadedHold>;
  /** The same holds by ride key. */
  readonly holdsOfRide: ReadonlyMap<string, readonly LoadedHold[]>;
  /** Ids of holds that were named by a ride they do not belong to. */
  readonly foreignHolds: ReadonlySet<string>;
  readonly touches: ReadonlyMap<string, LoadedTouch>;
  readonly credentialsById: ReadonlyMap<string, LoadedCredential>;
  /** By {@link tokenKey}. */
  readonly credentialsByToken: ReadonlyMap<string, LoadedCredential>;
  /** Locked, or new. */
  readonly usage: UsageBook;
  /** {@link vehicleSpanKey} and {@link personSpanKey} of rides that overlap an earlier one. */
  readonly overlapping: ReadonlySet<string>;
  /** The opaque key by which a person is counted. */
  readonly personKey: (entitlement: EntitlementId) => string;
}

export interface LoadedRide {
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly position: number;
  /** When the server took it. */
  readonly receivedAtMs: number;
  readonly status: "recorded" | "refused";
  /** What a reversal needs; in the order of the decision's riders, registered riders only. */
  readonly riders: readonly CountedRider[];
  readonly body: RideBody;
  /** Rows of `presented`, oldest first; read for operations that need them. */
  readonly presented: readonly Presented[];
  /** Net of everything posted for the ride; read for operations that need it. */
  readonly postings: readonly Posting[];
  /** Position of the reversal, null when the ride stands. */
  readonly reversedAt: number | null;
}

/** Usage a granted rider took, and from which periods. */
export interface CountedRider {
  readonly entitlementId: EntitlementId;
  readonly credentialId: CredentialId;
  /** The hold that named the rider: where the same id comes with other facts, it still tells who rode. */
  readonly holdId?: HoldId;
  readonly uses: number;
  readonly moneyMinor: number;
  readonly periods: readonly (readonly [PeriodKind, number])[];
}

export interface LoadedQuarantine {
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly position: number;
  readonly receivedAtMs: number;
  readonly reason: string;
  readonly submission: QuarantinedSubmission;
  readonly resolution: { readonly accepted: boolean; readonly position: number } | null;
}

/** What a quarantined ride keeps. */
export interface QuarantinedSubmission {
  readonly rideId: string;
  readonly terminalId: string;
  readonly tag: string;
  readonly received: ReceivedRide;
  /** Who rode, as far as it could be read: without it nobody could tell later whose ride it was. */
  readonly riders: readonly QuarantinedRider[];
  readonly presented: Presented;
  readonly commitment: string;
}

/** A rider of a quarantined ride: the hold or the credential that named the person, both null for a card nobody knows. */
export interface QuarantinedRider {
  readonly holdId: HoldId | null;
  readonly credentialId: CredentialId | null;
  readonly usesChosen: number;
}

export interface LoadedOpening {
  readonly vehicleId: VehicleId;
  readonly companyId: CompanyId | null;
}

export interface LoadedHold {
  readonly holdId: HoldId;
  readonly rideKey: string;
  readonly entitlementId: EntitlementId;
  readonly credentialId: CredentialId;
  readonly validFromDay: number;
  readonly validToDay: number;
  readonly assurance: Assurance;
  readonly uses: number;
  readonly expiresAtMs: number;
  /** Boarding as of the touch: the periods whose uses are held. */
  readonly at: Pick<LocalMoment, "day" | "month" | "fiscalYear">;
  /** Changes within the batch; `consumed` holds are deleted. */
  state: "placed" | "consumed" | "cancelled" | "expired";
}

export interface LoadedTouch {
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly entitlementId: EntitlementId | null;
  /** The touch's event; read for touches that are sent again. */
  readonly body: TouchBody | null;
}

export interface LoadedCredential {
  readonly credentialId: CredentialId;
  readonly state: "good" | "stopped";
  readonly goodUntilDay: number | null;
  readonly entitlementId: EntitlementId;
  readonly schemeId: string;
  readonly validFromDay: number;
  readonly validToDay: number;
}

/** Key of a touch: unique within its terminal. */
export function touchKey(terminalId: string, touchId: string): string {
  return `${terminalId}:${touchId}`;
}

/** Key of a card token. */
export function tokenKey(keyVersion: number, token: Uint8Array): string {
  return `${keyVersion}:${Buffer.from(token).toString("hex")}`;
}

/** Key of "this ride overlaps another of its vehicle". */
export function vehicleSpanKey(rideKey: string): string {
  return `v:${rideKey}`;
}

/** Key of "this ride overlaps another of this person". */
export function personSpanKey(rideKey: string, entitlement: string): string {
  return `p:${rideKey}:${entitlement}`;
}
