import { reversed } from "#domain/settlement/postings.ts";
import type { RideReversedBody } from "../ride-events.ts";
import type { ReversedRide } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import type { ReverseOperation, Settled } from "./operation.ts";

/** Takes a recorded ride back: opposite postings; uses return to the periods they came from; no other ride is decided again. */
export function decideReverse(batch: Batch, operation: ReverseOperation): Settled<"reverse"> {
  const { rideKey, reason, by } = operation;
  const answer = (more: Partial<ReversedRide>): ReversedRide => ({
    ok: true,
    replayed: false,
    rideKey,
    position: null,
    error: null,
    ...more,
  });
  const ride = batch.loaded.rides.get(rideKey);
  if (!ride) {
    const isHeldBack = batch.loaded.quarantined.has(rideKey);
    const error = isHeldBack
      ? inputError("NOT_REVERSIBLE", "the ride waits in quarantine for a person", "rideKey")
      : inputError("UNKNOWN_RIDE", "no such ride in the ledger", "rideKey");
    return { event: null, result: answer({ ok: false, rideKey: null, error }) };
  }
  if (ride.reversedAt !== null) {
    return { event: null, result: answer({ replayed: true, position: ride.reversedAt }) };
  }
  const { body } = ride;
  const postings = reversed(ride.postings);
  let uses = 0;
  for (const rider of ride.riders) {
    uses += rider.uses;
    for (const [kind, key] of rider.periods) {
      const counter = { entitlementId: rider.entitlementId, kind, key };
      batch.loaded.usage.add(counter, { uses: -rider.uses, moneyMinor: -rider.moneyMinor });
    }
  }
  const reversal: RideReversedBody = {
    rideKey,
    tag: body.tag,
    terminalId: body.terminalId,
    vehicleId: body.vehicleId,
    companyId: body.companyId,
    ridePosition: ride.position,
    wasRefused: ride.status === "refused",
    boardingDay: body.boarding.local.day,
    fareMinor: body.decision.fareMinor,
    subsidyMinor: body.decision.subsidyMinor,
    riderPaysMinor: body.decision.riderPaysMinor,
    uses,
    postings,
  };
  const event = batch.writes.event({ type: "ride.reversed", rideKey, body: reversal });
  batch.writes.post(event, postings, body.companyId);
  batch.writes.reversals.push({ event, rideKey, by, reason });
  return { event, result: answer({}) };
}
