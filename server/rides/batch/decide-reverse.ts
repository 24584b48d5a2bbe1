import { reversed } from "#domain/settlement/postings.ts";
import type { RideReversedBody } from "../ride-events.ts";
import type { InputError, ReversedRide } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import type { LoadedRide } from "./loaded.ts";
import type { ReverseOperation, Settled } from "./operation.ts";

const MINUTE_MS = 60_000;
/** Between pressing and sending, and for a clock set in between. */
const SLACK_MS = MINUTE_MS;
/** A cab without signal tells it later: within a day of the ride itself, by the server's own clock. */
const TOLD_WITHIN_MS = 24 * 60 * MINUTE_MS;

/**
 * Why a terminal may no longer take a ride back, or null. The word of a terminal counts for when its driver did so, so
 * that a cab without signal loses nothing; how long that word may travel is held against the server's clock.
 */
function lateness(batch: Batch, ride: LoadedRide, undoneAtMs: number): InputError | null {
  const { city } = batch.context;
  const allowedMs = city.terminalReversalMinutes * MINUTE_MS + SLACK_MS;
  const isInTime =
    undoneAtMs - ride.body.alighting.atMs <= allowedMs && batch.nowMs - ride.receivedAtMs <= TOLD_WITHIN_MS;
  if (isInTime) return null;
  const minutes = city.terminalReversalMinutes;
  return inputError("TOO_LATE_TO_REVERSE", `a terminal takes a ride back within ${minutes} minutes`, "undoneAt");
}

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
  const tooLate = operation.undoneAtMs === null ? null : lateness(batch, ride, operation.undoneAtMs);
  if (tooLate) return { event: null, result: answer({ ok: false, rideKey: null, error: tooLate }) };
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
