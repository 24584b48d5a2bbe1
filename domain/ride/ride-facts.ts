import type { CredentialId, HoldId, RideId, VehicleId } from "../ids.ts";
import type { FareComponent } from "./fare.ts";

/** How a ride names a rider: by the hold of the touch, by sealed card evidence, or (migration terminals only) by credential. */
export type RiderReference =
  | { readonly kind: "hold"; readonly holdId: HoldId; readonly usesChosen: number }
  | { readonly kind: "evidence"; readonly evidenceSha256Hex: string; readonly usesChosen: number }
  | { readonly kind: "credential"; readonly credentialId: CredentialId; readonly usesChosen: number };

/**
 * What a ride is, apart from when and how it was sent: the part that must be identical when the same ride comes again.
 * Exact places are erasable and appear only as a salted commitment (SHA-256 of salt and canonical places, hex).
 */
export interface RideFacts {
  readonly rideId: RideId;
  readonly vehicleId: VehicleId;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly distanceM: number | null;
  readonly components: readonly FareComponent[];
  readonly riders: readonly RiderReference[];
  readonly placesCommitmentHex: string;
}

/** The one canonical text of a ride's facts; its SHA-256 is the ride's content identity. Integers and ASCII only. */
export function canonicalFacts(facts: RideFacts): string {
  return JSON.stringify([
    "notte.ride.v1",
    facts.rideId,
    facts.vehicleId,
    facts.boardedAtMs,
    facts.alightedAtMs,
    facts.distanceM,
    facts.components.map((component) => [component.kind, component.amountMinor]),
    facts.riders.map(canonicalRider),
    facts.placesCommitmentHex,
  ]);
}

function canonicalRider(rider: RiderReference): readonly (string | number)[] {
  switch (rider.kind) {
    case "hold":
      return ["hold", rider.holdId, rider.usesChosen];
    case "evidence":
      return ["evidence", rider.evidenceSha256Hex, rider.usesChosen];
    case "credential":
      return ["credential", rider.credentialId, rider.usesChosen];
  }
}
