import type { RideDecision } from "#domain/decision/decision.ts";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import type { Point } from "#domain/geo/point.ts";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { CredentialId, HoldId, MunicipalityId, RideId, SchemeVersionId, TouchId, VehicleId } from "#domain/ids.ts";
import type { Minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { ErasableFacts } from "#domain/ride/places.ts";
import type { LimitRule } from "#domain/scheme/scheme.ts";
import type { InputErrorCode } from "#server/generated/graphql.ts";

/** The write path's use-cases. Every one takes the viewer; identity and rights are checked here, never in a resolver. */
export interface RideService {
  open(viewer: Viewer, input: OpenRide): Promise<OpenedRide>;
  /** `onQueued` is called once what the same terminal sends from then on is certain to be decided after these rides. */
  record(viewer: Viewer, rides: readonly RideSubmission[], onQueued?: () => void): Promise<RecordedBatch>;
  quote(viewer: Viewer, ride: RideSubmission): Promise<Quote>;
  cancel(viewer: Viewer, input: { rideId: RideId; reason: string }): Promise<CancelledRide>;
  reverse(viewer: Viewer, input: ReverseRide): Promise<ReversedRide>;
  present(viewer: Viewer, input: { rideId: RideId; presented: Presented }): Promise<PresentedRide>;
  resolveQuarantine(viewer: Viewer, input: ResolveQuarantine): Promise<ResolvedQuarantine>;
  /** Releases holds that expired before `nowMs`; called by a timer and before deciding. Returns how many. */
  expireHolds(municipality: MunicipalityId, nowMs: number): Promise<number>;
  /** Stops intake, lets gathered work commit, then resolves. */
  drain(): Promise<void>;
}

/** Input that is not taken; nothing was written. */
export interface InputError {
  readonly code: InputErrorCode;
  readonly message: string;
  readonly path: string | null;
}

/** What the caller may not do at all (unknown terminal, wrong role), or cannot be served now. Resolvers turn it into a GraphQL error. */
export class AccessError extends Error {
  override readonly name = "AccessError";
  readonly code: "UNAUTHENTICATED" | "FORBIDDEN" | "UNKNOWN_MUNICIPALITY" | "OVERLOADED";
  /** Seconds after which to try again, for OVERLOADED (HTTP 503 with Retry-After). */
  readonly retryAfterS: number | null;
  constructor(code: AccessError["code"], message: string, retryAfterS: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

export interface RiderSubmission {
  readonly reference:
    | { readonly kind: "hold"; readonly holdId: HoldId }
    | { readonly kind: "evidence"; readonly sealed: Uint8Array }
    | { readonly kind: "credential"; readonly credentialId: CredentialId }
    /** None or several were given. */
    | { readonly kind: "invalid" };
  readonly usesChosen: number;
}

export interface Presented {
  readonly shownAtMs: number;
  readonly offline: boolean;
  readonly subsidyMinor: Minor;
  readonly riderPaysMinor: Minor;
}

/** A ride as it arrives: types are right, nothing else has been checked. */
export interface RideSubmission {
  readonly rideId: RideId;
  readonly vehicleId: VehicleId | null;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly distanceM: number | null;
  readonly components: readonly FareComponent[];
  readonly riders: readonly RiderSubmission[];
  readonly erasable: ErasableFacts & { readonly salt: Uint8Array };
  readonly presented: Presented | null;
}

export interface LimitBalance {
  readonly unit: LimitRule["unit"];
  readonly per: LimitRule["per"];
  readonly amount: number;
  readonly left: number;
}

export interface OpenRide {
  readonly rideId: RideId;
  readonly touchId: TouchId;
  readonly touchedAtMs: number;
  readonly boardedAtMs: number;
  readonly sealedEvidence: Uint8Array;
  readonly place: Point | null;
  readonly companions: readonly TouchId[];
  readonly usesChosen: number;
}

export interface OpenedRide {
  readonly touchId: TouchId;
  readonly usable: boolean;
  readonly refusal: RefusalCode | null;
  readonly replayed: boolean;
  readonly holdId: HoldId | null;
  readonly holdExpiresAtMs: number | null;
  readonly schemeVersion: SchemeVersionId | null;
  readonly limits: readonly LimitBalance[];
  readonly usableUntilDay: number | null;
  readonly capMinor: Minor | null;
  /** Set when the input itself could not be taken (then `usable` is false, `refusal` null and nothing was written). */
  readonly error: InputError | null;
}

export type RideStatus = "RECORDED" | "REFUSED" | "QUARANTINED" | "REJECTED" | "CONFLICT";

export interface RideOutcome {
  readonly rideId: RideId;
  readonly status: RideStatus;
  readonly replayed: boolean;
  readonly rideKey: string | null;
  readonly position: number | null;
  readonly decision: RideDecision | null;
  /** Per rider of the decision: balances after the ride. */
  readonly riderLimits: readonly (readonly LimitBalance[])[];
  readonly error: InputError | null;
}

export interface Receipt {
  readonly municipality: MunicipalityId;
  readonly keyId: string;
  /** Leaf: SHA-256 over the canonical outcomes of this call. */
  readonly digest: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  /** Inclusion path from the leaf to the signed root. */
  readonly path: readonly Uint8Array[];
  readonly signature: Uint8Array;
  readonly signedAtMs: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
}

export interface RecordedBatch {
  readonly outcomes: readonly RideOutcome[];
  /** Over every ride of the call that stands in ledger or quarantine; null when there is none. */
  readonly receipt: Receipt | null;
  /** Set when the call as a whole was not taken; nothing was written. */
  readonly error: InputError | null;
}

export interface Quote {
  readonly decision: RideDecision | null;
  readonly error: InputError | null;
  readonly riderLimits: readonly (readonly LimitBalance[])[];
}

export interface CancelledRide {
  readonly rideId: RideId;
  readonly ok: boolean;
  readonly replayed: boolean;
  readonly releasedHolds: number;
  readonly error: InputError | null;
}

export interface ReverseRide {
  readonly municipality: MunicipalityId;
  readonly rideKey: string | null;
  readonly rideId: RideId | null;
  readonly reason: string;
  /** When a terminal says that its driver took the ride back; null for now. */
  readonly undoneAtMs?: number | null;
}

export interface ReversedRide {
  readonly ok: boolean;
  readonly replayed: boolean;
  readonly rideKey: string | null;
  readonly position: number | null;
  readonly error: InputError | null;
}

export interface PresentedRide {
  readonly ok: boolean;
  readonly replayed: boolean;
  readonly differenceMinor: Minor;
  readonly error: InputError | null;
}

export interface ResolveQuarantine {
  readonly municipality: MunicipalityId;
  readonly rideKey: string;
  readonly accept: boolean;
  readonly reason: string;
}

export interface ResolvedQuarantine {
  readonly ok: boolean;
  readonly position: number | null;
  readonly error: InputError | null;
}
