import type { HoldExpiredBody, RideCancelledBody } from "../ride-events.ts";
import type { CancelledRide } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import type { LoadedHold } from "./loaded.ts";
import type { CancelOperation, ExpireOperation, Settled } from "./operation.ts";
import { endHold, placedHolds } from "./standings.ts";

/**
 * Ends a ride before payment and releases its holds. It may overtake the touch it cancels: it is written all the same,
 * and the touch that comes later finds it and holds nothing.
 */
export function decideCancel(batch: Batch, operation: CancelOperation): Settled<"cancel"> {
  const { rideKey, rideId, tag, terminalId, reason } = operation;
  const answer = (more: Partial<CancelledRide>): CancelledRide => ({
    rideId,
    ok: true,
    replayed: false,
    releasedHolds: 0,
    error: null,
    ...more,
  });
  if (batch.loaded.rides.has(rideKey) || batch.loaded.quarantined.has(rideKey)) {
    const error = inputError("ALREADY_RECORDED", "the ride has been recorded; reverse it instead", "rideId");
    return { event: null, result: answer({ ok: false, error }) };
  }
  const earlier = batch.loaded.cancelled.get(rideKey);
  if (earlier) return { event: null, result: answer({ replayed: true, releasedHolds: earlier.releasedHolds }) };
  const opening = batch.loaded.opened.get(rideKey) ?? operation.cab;
  if (!opening) {
    const error = inputError("UNKNOWN_RIDE", "nobody has opened this ride", "rideId");
    return { event: null, result: answer({ ok: false, error }) };
  }
  const holds = placedHolds(batch, rideKey);
  const body: RideCancelledBody = {
    rideKey,
    tag,
    terminalId,
    vehicleId: opening.vehicleId,
    companyId: opening.companyId,
    reason,
    holds: holds.map(({ holdId, uses }) => ({ holdId, uses })),
  };
  const event = batch.writes.event({ type: "ride.cancelled", rideKey, body });
  for (const hold of holds) endHold(batch, hold, "cancelled");
  batch.writes.cancellations.push({ event, rideKey, reason, releasedHolds: holds.length });
  return { event, result: answer({ releasedHolds: holds.length }) };
}

/** Releases the holds that ran out before a moment. */
export function decideExpire(batch: Batch, operation: ExpireOperation): Settled<"expire"> {
  let released = 0;
  for (const hold of batch.loaded.holds.values()) {
    if (hold.state !== "placed" || hold.expiresAtMs >= operation.beforeMs) continue;
    expire(batch, hold);
    released += 1;
  }
  return { event: null, result: { released } };
}

function expire(batch: Batch, hold: LoadedHold): void {
  const { rideKey, holdId, uses } = hold;
  const separator = rideKey.indexOf(":");
  const tag = batch.context.tag(rideKey.slice(0, separator), rideKey.slice(separator + 1));
  const body: HoldExpiredBody = { rideKey, tag, holdId, uses };
  batch.writes.event({ type: "hold.expired", rideKey, body });
  endHold(batch, hold, "expired");
}
