import { reversed } from "#domain/settlement/postings.ts";
import type { QuarantineResolvedBody, RideReversedBody } from "../ride-events.ts";
import type { InputError, ReversedRide } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import type { LoadedQuarantine } from "./loaded.ts";
import type { ReverseOperation, Settled } from "./operation.ts";
import { endsOf } from "./quarantined.ts";
import { endHold } from "./standings.ts";

const MINUTE_MS = 60_000;
/** Between pressing and sending, and for a clock set in between. */
const SLACK_MS = MINUTE_MS;
/** A cab without signal tells it later: within a day of the ride itself, by the server's own clock. */
const TOLD_WITHIN_MS = 24 * 60 * MINUTE_MS;

/**
 * Why a terminal may no longer take a ride back, or null. The word of a terminal counts for when its driver did so, so
 * that a cab without signal loses nothing; how long that word may travel is held against the server's clock.
 */
function lateness(
  batch: Batch,
  ride: { readonly alightedAtMs: number; readonly receivedAtMs: number },
  undoneAtMs: number,
): InputError | null {
  const { city } = batch.context;
  const allowedMs = city.terminalReversalMinutes * MINUTE_MS + SLACK_MS;
  const isInTime = undoneAtMs - ride.alightedAtMs <= allowedMs && batch.nowMs - ride.receivedAtMs <= TOLD_WITHIN_MS;
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
    const held = batch.loaded.quarantined.get(rideKey);
    if (held) return withdraw(batch, operation, { held, answer });
    const error = inputError("UNKNOWN_RIDE", "no such ride in the ledger", "rideKey");
    return { event: null, result: answer({ ok: false, rideKey: null, error }) };
  }
  if (ride.reversedAt !== null) {
    return { event: null, result: answer({ replayed: true, position: ride.reversedAt }) };
  }
  const { receivedAtMs } = ride;
  const alightedAtMs = ride.body.alighting.atMs;
  const tooLate =
    operation.undoneAtMs === null ? null : lateness(batch, { alightedAtMs, receivedAtMs }, operation.undoneAtMs);
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

interface HeldBack {
  readonly held: LoadedQuarantine;
  readonly answer: (more: Partial<ReversedRide>) => ReversedRide;
}

/**
 * The driver took back a ride that waits in quarantine: nobody has to judge it any more, and nothing is entered. Staff
 * decide about it instead.
 */
function withdraw(batch: Batch, operation: ReverseOperation, { held, answer }: HeldBack): Settled<"reverse"> {
  const { rideKey, reason, by, undoneAtMs } = operation;
  if (held.resolution) {
    return { event: null, result: answer({ replayed: true, position: held.resolution.position }) };
  }
  const { alighting } = endsOf(batch.context, held);
  const error =
    undoneAtMs === null
      ? inputError("NOT_REVERSIBLE", "the ride waits in quarantine for a person", "rideKey")
      : lateness(batch, { alightedAtMs: alighting.atMs, receivedAtMs: held.receivedAtMs }, undoneAtMs);
  if (error) return { event: null, result: answer({ ok: false, rideKey: null, error }) };
  const body: QuarantineResolvedBody = { rideKey, tag: held.submission.tag, accepted: false, withdrawn: true };
  const event = batch.writes.event({ type: "quarantine.resolved", rideKey, body });
  batch.writes.resolutions.push({ event, rideKey, accepted: false, by, reason });
  for (const hold of batch.loaded.holdsOfRide.get(rideKey) ?? []) {
    if (hold.state === "placed") endHold(batch, hold, "cancelled");
  }
  return { event, result: answer({}) };
}
