import type { HoldId } from "#domain/ids.ts";
import { fareOf } from "#domain/ride/fare.ts";
import type { RideQuarantinedBody } from "../ride-events.ts";
import type { InputError, RideOutcome } from "../ride-service.ts";
import type { Batch } from "./batch.ts";
import { type CountedRider, type QuarantinedRider, tokenKey } from "./loaded.ts";
import type { PreparedRide, RecordOperation, Settled } from "./operation.ts";
import { otherRideOf } from "./quarantined.ts";

/** The ledger cannot take it: rejected, or kept for a person when a passenger has already been told an amount. */
export function setAside(batch: Batch, operation: RecordOperation, error: InputError): Settled<"record"> {
  const { presented, rideKey, tag, terminalId, received } = operation;
  if (!presented) return { event: null, result: { ...outcomeOf(operation, "REJECTED", { error }), rideKey: null } };
  const reason = error.code === "NOT_PROCESSABLE" ? error.message : error.code;
  const body: RideQuarantinedBody = {
    rideKey,
    tag,
    terminalId,
    vehicleId: received.vehicleId,
    companyId: received.companyId,
    reason,
    presented,
  };
  const event = batch.writes.event({ type: "ride.quarantined", rideKey, body });
  const { rideId, commitment } = operation;
  batch.writes.quarantines.push({
    event,
    rideKey,
    factsHash: operation.factsHash,
    reason,
    vehicleId: received.vehicleId,
    companyId: received.companyId,
    fareMinor: shownFare(received.components),
    shownSubsidyMinor: Number.isSafeInteger(presented.subsidyMinor) ? presented.subsidyMinor : 0,
    submission: {
      rideId,
      terminalId,
      tag,
      received,
      riders: quarantinedRiders(batch, operation),
      presented,
      commitment,
    },
  });
  const isPlaceBad = error.code === "PLACE_OUT_OF_RANGE";
  const places = isPlaceBad ? { boarding: null, alighting: null } : {};
  batch.writes.erasables.push({ rideKey, ...operation.erasable, ...places });
  return { event, result: outcomeOf(operation, "QUARANTINED", { error }) };
}

/** A hold that the ride with the same id has taken: it still names the person. */
function takenHold(batch: Batch, rideKey: string, holdId: HoldId): Pick<CountedRider, "credentialId"> | undefined {
  const other = otherRideOf(rideKey);
  return other === null ? undefined : batch.loaded.rides.get(other)?.riders.find((rider) => rider.holdId === holdId);
}

function quarantinedRiders(batch: Batch, { rideKey, named }: RecordOperation): readonly QuarantinedRider[] {
  return named.map((rider) => {
    const { usesChosen } = rider;
    if (rider.kind === "hold") {
      const hold = batch.loaded.holds.get(rider.holdId) ?? takenHold(batch, rideKey, rider.holdId);
      const credentialId = hold?.credentialId ?? null;
      return { holdId: rider.holdId, credentialId, usesChosen };
    }
    const token = rider.kind === "card" ? rider.card.token : null;
    const known = token ? batch.loaded.credentialsByToken.get(tokenKey(token.keyVersion, token.bytes)) : undefined;
    const credentialId = rider.kind === "credential" ? rider.credentialId : (known?.credentialId ?? null);
    return { holdId: null, credentialId, usesChosen };
  });
}

/** What cannot be set aside would be sent again for ever: a sum beyond all integers is no fare. */
function shownFare(components: PreparedRide["components"]): number {
  const largest = components.reduce((total, { amountMinor }) => total + Math.abs(amountMinor), 0);
  const canBeAdded = components.every(({ amountMinor }) => Number.isSafeInteger(amountMinor));
  return canBeAdded && Number.isSafeInteger(largest) ? fareOf(components) : 0;
}

/** The answer to a ride, with what is known of it. */
export function outcomeOf(
  { rideId, rideKey }: Pick<RecordOperation, "rideId" | "rideKey">,
  status: RideOutcome["status"],
  more: Partial<Pick<RideOutcome, "replayed" | "position" | "error">>,
): RideOutcome {
  return {
    rideId,
    status,
    rideKey,
    replayed: false,
    position: null,
    decision: null,
    riderLimits: [],
    error: null,
    ...more,
  };
}
