import { decideRide } from "#domain/decision/decide.ts";
import type { TerminalId, VehicleId } from "#domain/ids.ts";
import { type Minor, minor, ZERO } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import { postingsOf } from "#domain/settlement/postings.ts";
import type { QuarantineResolvedBody, RideBody } from "../ride-events.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import { countAccepted, NOTHING_TAKEN } from "./count-accepted.ts";
import { differenceOf, joined } from "./decide-record.ts";
import type { LoadedQuarantine, QuarantinedSubmission } from "./loaded.ts";
import type { ResolveOperation, Settled } from "./operation.ts";
import { endsOf, otherRideOf } from "./quarantined.ts";
import { endHold } from "./standings.ts";

/** Stands for a vehicle nobody knows. */
const NO_VEHICLE = "-" as VehicleId;

/**
 * A person decides about a quarantined ride. The scheme grants nothing to it. Accepted: what the passenger was shown stands
 * and is posted to the bearer the scheme names, and the known riders' uses are counted in the period of the ride, beyond
 * a limit where it must be. Dismissed: refused, and the company bears it; a ride whose id another ride has was then the
 * other one told twice, and nothing is entered.
 */
export function decideResolve(batch: Batch, operation: ResolveOperation): Settled<"resolve"> {
  const { rideKey, accept, reason, by } = operation;
  const held = batch.loaded.quarantined.get(rideKey);
  if (!held) {
    const error = inputError("UNKNOWN_RIDE", "no such ride in quarantine", "rideKey");
    return { event: null, result: { ok: false, position: null, error } };
  }
  if (held.resolution) {
    if (held.resolution.accepted === accept) {
      return { event: null, result: { ok: true, position: held.resolution.position, error: null } };
    }
    const error = inputError("ALREADY_RECORDED", "somebody has decided the opposite before", "accept");
    return { event: null, result: { ok: false, position: held.resolution.position, error } };
  }
  const { tag } = held.submission;
  const body: QuarantineResolvedBody = { rideKey, tag, accepted: accept };
  const resolved = batch.writes.event({ type: "quarantine.resolved", rideKey, body });
  batch.writes.resolutions.push({ event: resolved, rideKey, accepted: accept, by, reason });
  for (const hold of batch.loaded.holdsOfRide.get(rideKey) ?? []) {
    if (accept || hold.state === "placed") endHold(batch, hold, accept ? "consumed" : "cancelled");
  }
  if (accept || otherRideOf(rideKey) === null) enter(batch, held, accept);
  return { event: resolved, result: { ok: true, position: null, error: null } };
}

function enter(batch: Batch, held: LoadedQuarantine, isAccepted: boolean): void {
  const { rideKey, factsHash, submission } = held;
  const { received } = submission;
  const components = believableComponents(submission);
  const { boarding, alighting } = endsOf(batch.context, held);
  const moments = { boarding: boarding.local, alighting: alighting.local };
  const unknown = { boardingInArea: null, alightingInArea: null, riders: [] };
  const decision = decideRide(null, { ...moments, ...unknown, components });
  const presented = believablePresented(submission, decision.fareMinor);
  const version = batch.context.versionOn(boarding.local.day);
  // The passenger has paid what was shown, whatever a person decides; only who bears the rest is in question.
  const upToMinor = isAccepted ? presented.subsidyMinor : ZERO;
  const difference = differenceOf(presented, decision, { version, upToMinor });
  const postings = joined(postingsOf(decision, components), difference.postings);
  const shownMinor = presented.subsidyMinor;
  const taken = isAccepted
    ? countAccepted(batch, held, { version, boarding, alighting, components, shownMinor })
    : NOTHING_TAKEN;
  const vehicleId = received.vehicleId ?? NO_VEHICLE;
  const body: RideBody = {
    rideKey,
    tag: submission.tag,
    terminalId: submission.terminalId as TerminalId,
    vehicleId,
    companyId: received.companyId,
    boarding,
    alighting,
    distanceM: received.distanceM,
    components,
    decision,
    riders: taken.riders,
    uses: taken.uses,
    postings,
    presented,
    differenceMinor: difference.minor,
    marks: taken.isBeyondLimit ? ["from-quarantine", "beyond-limit"] : ["from-quarantine"],
    commitment: submission.commitment,
  };
  const status = isAccepted ? "recorded" : "refused";
  const event = batch.writes.event({ type: isAccepted ? "ride.recorded" : "ride.refused", rideKey, body });
  batch.writes.rides.push({
    event,
    rideKey,
    factsHash,
    status,
    vehicleId,
    companyId: received.companyId,
    boardedAtMs: boarding.atMs,
    alightedAtMs: alighting.atMs,
    boardingDay: boarding.local.day,
    fareMinor: decision.fareMinor,
    subsidyMinor: decision.subsidyMinor,
    riderPaysMinor: decision.riderPaysMinor,
    uses: taken.uses,
    schemeVersion: null,
    riders: taken.counted,
  });
  batch.writes.post(event, postings, received.companyId);
  batch.writes.presented.push({ event, rideKey, seq: 1, ...presented });
}

function isAmount(value: number): value is Minor {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The components as sent, or, when they make no sense, the fare that was shown. */
function believableComponents({ received, presented }: QuarantinedSubmission): readonly FareComponent[] {
  const of = (kind: "gross" | "discount"): number =>
    received.components
      .filter((component) => (component.kind === "company-discount") === (kind === "discount"))
      .reduce((total, component) => total + component.amountMinor, 0);
  const makeSense = received.components.every(({ amountMinor }) => isAmount(amountMinor));
  const canBeAdded = Number.isSafeInteger(of("gross") + of("discount"));
  if (makeSense && canBeAdded && of("gross") >= of("discount")) return received.components;
  const { subsidyMinor, riderPaysMinor } = presented;
  const shown = isAmount(subsidyMinor) && isAmount(riderPaysMinor) ? subsidyMinor + riderPaysMinor : 0;
  return [{ kind: "meter", amountMinor: isAmount(shown) ? shown : ZERO }];
}

/** What was shown, held to the fare: a subsidy above it was never money. */
function believablePresented(
  { presented }: QuarantinedSubmission,
  fareMinor: Minor,
): QuarantinedSubmission["presented"] {
  const shown = isAmount(presented.subsidyMinor) ? Math.min(presented.subsidyMinor, fareMinor) : 0;
  return { ...presented, subsidyMinor: minor(shown), riderPaysMinor: minor(fareMinor - shown) };
}
