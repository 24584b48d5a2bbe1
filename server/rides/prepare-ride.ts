import { createHash } from "node:crypto";
import type { HoldId, TerminalId, VehicleId } from "#domain/ids.ts";
import { asId, isId } from "#domain/ids.ts";
import { canonicalErasable } from "#domain/ride/places.ts";
import { canonicalFacts, type RiderReference } from "#domain/ride/ride-facts.ts";
import type { Cab } from "#server/fleet/cab-directory.ts";
import type { OpenOperation, PreparedRide, PreparedRider, RecordOperation, RideIdentity } from "./batch/operation.ts";
import { type RideContext, rideKeyOf } from "./ride-context.ts";
import type { OpenRide, RiderSubmission, RideSubmission } from "./ride-service.ts";

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Salted commitment to places and purpose, hex. The salt comes first and has a fixed length per ride. */
export function commitmentOf(erasable: RideSubmission["erasable"]): string {
  return sha256(erasable.salt, canonicalErasable(erasable)).toString("hex");
}

/**
 * SHA-256 of a ride's canonical facts. A vehicle the terminal did not name stays unnamed: the same ride sent again
 * after the tablet moved to another cab is still the same ride.
 */
export function factsHashOf(ride: RideSubmission, commitment: string): Uint8Array {
  const text = canonicalFacts({
    rideId: ride.rideId,
    vehicleId: ride.vehicleId ?? asId<VehicleId>(""),
    boardedAtMs: ride.boardedAtMs,
    alightedAtMs: ride.alightedAtMs,
    distanceM: ride.distanceM,
    components: ride.components,
    riders: ride.riders.map(referenceOf),
    placesCommitmentHex: commitment,
  });
  return new Uint8Array(sha256(text));
}

function referenceOf({ reference, usesChosen }: RiderSubmission): RiderReference {
  switch (reference.kind) {
    case "hold":
      return { kind: "hold", holdId: reference.holdId, usesChosen };
    case "evidence":
      return { kind: "evidence", evidenceSha256Hex: sha256(reference.sealed).toString("hex"), usesChosen };
    case "credential":
      return { kind: "credential", credentialId: reference.credentialId, usesChosen };
    case "invalid":
      return { kind: "hold", holdId: asId<HoldId>(""), usesChosen };
    default:
      return reference satisfies never;
  }
}

/** Identity of a ride. An id that is none gets a key of its facts, so that what was shown can still be kept. */
export function identityOf(
  context: RideContext,
  terminalId: TerminalId,
  rideId: RideSubmission["rideId"],
  factsHash?: Uint8Array,
): RideIdentity {
  const keyId = isId(rideId)
    ? rideId
    : `bad-${Buffer.from(factsHash ?? sha256(rideId))
        .toString("hex")
        .slice(0, 32)}`;
  const tag = context.tag(terminalId, keyId);
  return { rideKey: rideKeyOf(terminalId, keyId), rideId, tag, terminalId };
}

/** Derives what the decision uses of a ride that passed validation. */
export function prepareRide(
  context: RideContext,
  ride: RideSubmission,
  cab: Cab,
  riders: readonly PreparedRider[],
): PreparedRide {
  return {
    ...cab,
    boarding: context.end(ride.boardedAtMs, ride.erasable.boarding),
    alighting: context.end(ride.alightedAtMs, ride.erasable.alighting),
    distanceM: ride.distanceM,
    components: ride.components.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    riders,
  };
}

/** What is kept of a submission besides the ride itself. */
export function receivedOf(ride: RideSubmission, cab: Cab | null): RecordOperation["received"] {
  return {
    // What is no id is not kept: it may be of any length.
    vehicleId: cab?.vehicleId ?? (ride.vehicleId !== null && isId(ride.vehicleId) ? ride.vehicleId : null),
    companyId: cab?.companyId ?? null,
    boardedAtMs: ride.boardedAtMs,
    alightedAtMs: ride.alightedAtMs,
    distanceM: ride.distanceM,
    components: ride.components.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    riderCount: ride.riders.length,
  };
}

/** A touch that passed validation, ready for a batch. */
export function prepareOpen(
  context: RideContext,
  touch: OpenRide,
  more: Pick<OpenOperation, "terminalId" | "card" | "newHoldId"> & Cab,
): OpenOperation {
  const { touchId, touchedAtMs, boardedAtMs, usesChosen, companions } = touch;
  const facts = JSON.stringify(["notte.touch.v1", touch.rideId, touchId, touchedAtMs, boardedAtMs, usesChosen]);
  return {
    kind: "open",
    ...identityOf(context, more.terminalId, touch.rideId),
    ...more,
    touchId,
    factsHash: new Uint8Array(sha256(facts)),
    boarding: context.end(boardedAtMs, touch.place),
    companions,
    usesChosen,
  };
}
