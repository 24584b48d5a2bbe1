import { type Minor, minor, most, ZERO } from "#domain/money/money.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { mostGrantable } from "#domain/settlement/most-grantable.ts";
import { differencePostings } from "#domain/settlement/postings.ts";
import type { RidePresentedBody } from "../ride-events.ts";
import type { Presented, PresentedRide } from "../ride-service.ts";
import { inputError, presentedError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import { needsAPerson } from "./decide-record.ts";
import type { LoadedRide } from "./loaded.ts";
import type { PresentOperation, Settled } from "./operation.ts";

const FAILED = { ok: false, replayed: false, differenceMinor: ZERO } as const;

/** Adds what the passenger was shown. Where it differs from what stood before, what was shown stands. */
export function decidePresent(batch: Batch, operation: PresentOperation): Settled<"present"> {
  const { presented, rideKey } = operation;
  const ride = batch.loaded.rides.get(rideKey);
  if (!ride) {
    if (batch.loaded.quarantined.has(rideKey)) return answerOf({ replayed: true });
    return answerOf({ ...FAILED, error: inputError("UNKNOWN_RIDE", "no such ride in the ledger", "rideId") });
  }
  const wrong = presentedError(presented, ride.body.decision.fareMinor, { ...batch.context, nowMs: batch.nowMs });
  if (wrong) return answerOf({ ...FAILED, error: wrong });
  const index = ride.presented.findIndex((earlier) => isSame(earlier, presented));
  if (index >= 0) return answerOf({ replayed: true, differenceMinor: stepOf(ride, index) });
  const before = shownBefore(ride, ride.presented.length);
  // After a reversal nothing stands any more that could differ.
  const difference = ride.reversedAt === null ? presented.subsidyMinor - before : 0;
  const version = batch.context.versionOn(ride.body.boarding.local.day);
  const bearing = { bearer: version?.overGrantBearer ?? "company", upToMinor: upToOf(version, ride) };
  const postings = differencePostings(minor(before + difference), minor(before), bearing);
  const { tag, terminalId, vehicleId, companyId } = ride.body;
  const body: RidePresentedBody = {
    rideKey,
    tag,
    terminalId,
    vehicleId,
    companyId,
    ridePosition: ride.position,
    presented,
    differenceMinor: minor(difference),
    postings,
  };
  const event = batch.writes.event({ type: "ride.presented", rideKey, body });
  batch.writes.post(event, postings, companyId);
  batch.writes.presented.push({ event, rideKey, seq: ride.presented.length + 1, ...presented });
  return { event, result: { ok: true, replayed: false, differenceMinor: minor(difference), error: null } };
}

/** Subsidy up to which the bearer of the scheme bears a showing of this ride. */
function upToOf(version: SchemeVersion | null, { body, status }: LoadedRide): Minor {
  const { boarding, alighting, components, decision, riders, marks, presented } = body;
  // A person has judged what was shown first: accepted that much, or nothing.
  if (marks.includes("from-quarantine")) return status === "recorded" && presented ? presented.subsidyMinor : ZERO;
  const isInQuestion = (index: number): boolean => needsAPerson(decision.riders[index]?.refusal ?? null);
  const grantable = mostGrantable(version, {
    boarding: boarding.local,
    alighting: alighting.local,
    components,
    usesChosen: riders.flatMap(({ person, usesChosen }, index) =>
      person === null || isInQuestion(index) ? [] : [usesChosen],
    ),
  });
  return most(decision.subsidyMinor, grantable);
}

function answerOf(more: Partial<PresentedRide>): Settled<"present"> {
  return { event: null, result: { ok: true, replayed: false, differenceMinor: ZERO, error: null, ...more } };
}

/** The subsidy that stood before the n-th showing: the one shown before it, or the decided one. */
function shownBefore(ride: LoadedRide, count: number): number {
  return ride.presented[count - 1]?.subsidyMinor ?? ride.body.decision.subsidyMinor;
}

function stepOf(ride: LoadedRide, index: number): PresentedRide["differenceMinor"] {
  return minor((ride.presented[index]?.subsidyMinor ?? 0) - shownBefore(ride, index));
}

function isSame(a: Presented, b: Presented): boolean {
  return (
    a.shownAtMs === b.shownAtMs &&
    a.offline === b.offline &&
    a.subsidyMinor === b.subsidyMinor &&
    a.riderPaysMinor === b.riderPaysMinor
  );
}
