import { decideRide } from "#domain/decision/decide.ts";
import type { RiderStanding } from "#domain/decision/decision.ts";
import type { EntitlementId } from "#domain/ids.ts";
import { type Minor, minor } from "#domain/money/money.ts";
import type { Formula, SchemeVersion } from "#domain/scheme/scheme.ts";
import { lastDayOfFiscalYear } from "#domain/time/local.ts";
import type { TouchBody } from "../ride-events.ts";
import type { InputError, OpenedRide } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import { touchKey } from "./loaded.ts";
import type { OpenOperation, Settled } from "./operation.ts";
import { balancesOf, countersOf, placedHolds, riderOfCard, usedUnder } from "./standings.ts";

const MS_PER_MINUTE = 60_000;

/** Decides whether a laid card may be used and holds its uses. */
export function decideOpen(batch: Batch, operation: OpenOperation): Settled<"open"> {
  const earlier = batch.loaded.touches.get(touchKey(operation.terminalId, operation.touchId));
  if (earlier) {
    const isSame = Buffer.compare(earlier.factsHash, operation.factsHash) === 0;
    if (isSame && earlier.body) return { event: null, result: openedRide(operation, earlier.body, true) };
    return notTaken(operation, inputError("BAD_ID", "the touchId was used for another touch", "touchId"));
  }
  const { rideKey } = operation;
  if (batch.loaded.rides.has(rideKey) || batch.loaded.quarantined.has(rideKey)) {
    return notTaken(operation, inputError("ALREADY_RECORDED", "the ride has been recorded", "rideId"));
  }
  if (batch.loaded.cancelled.has(rideKey)) {
    return notTaken(operation, inputError("ALREADY_RECORDED", "the ride was cancelled; begin a new one", "rideId"));
  }
  return openNew(batch, operation);
}

function openNew(batch: Batch, operation: OpenOperation): Settled<"open"> {
  const { context, writes } = batch;
  const { rideKey, boarding, usesChosen } = operation;
  const at = boarding.local;
  const version = context.versionOn(at.day);
  const rider = riderOfCard(batch, operation.card, { day: at.day, usesChosen });
  const { entitlement } = rider.standing;
  const used = version ? usedUnder(batch, version, { entitlement, hold: null }, at) : [];
  const decision = decideRide(version, {
    boarding: at,
    alighting: null,
    boardingInArea: boarding.inArea,
    alightingInArea: null,
    // The fare is not known yet: nobody is refused for its being low.
    components: [{ kind: "meter", amountMinor: minor(context.city.absurdFareMinor) }],
    riders: [...othersAboard(batch, operation), { ...rider.standing, used }],
  });
  const verdict = decision.riders.at(-1);
  const isUsable = verdict?.granted === true;
  const holdMs = (version?.holdMinutes ?? 0) * MS_PER_MINUTE;
  const body: TouchBody = {
    rideKey,
    tag: operation.tag,
    terminalId: operation.terminalId,
    vehicleId: operation.vehicleId,
    companyId: operation.companyId,
    boarding,
    person: entitlement === null ? null : batch.loaded.personKey(entitlement),
    refusal: verdict?.refusal ?? null,
    holdId: isUsable ? operation.newHoldId : null,
    uses: verdict?.uses ?? 0,
    expiresAtMs: isUsable ? batch.nowMs + holdMs : null,
    schemeVersion: decision.schemeVersion,
    limits: version && entitlement !== null ? balancesOf(version, used) : [],
    usableUntilDay: entitlement === null ? null : usableUntil(batch, rider.standing.validToDay, at.fiscalYear),
    capMinor: version ? capOfOneUse(version) : null,
  };
  const event = writes.event({ type: isUsable ? "touch.held" : "touch.refused", rideKey, body });
  const { terminalId, touchId, factsHash } = operation;
  writes.touches.push({ event, terminalId, touchId, rideKey, factsHash, entitlementId: entitlement });
  const { vehicleId, companyId } = operation;
  writes.openings.push({ rideKey, boardedAtMs: boarding.atMs, vehicleId, companyId });
  if (isUsable) placeHold(batch, operation, { rider, body });
  return { event, result: openedRide(operation, body, false) };
}

interface Accepted {
  readonly rider: ReturnType<typeof riderOfCard>;
  readonly body: TouchBody;
}

function placeHold(batch: Batch, operation: OpenOperation, { rider, body }: Accepted): void {
  const { entitlement, validFromDay, validToDay, assurance } = rider.standing;
  if (entitlement === null || rider.credentialId === null || body.expiresAtMs === null) return;
  const { day, month, fiscalYear } = operation.boarding.local;
  for (const key of countersOf(batch, entitlement, operation.boarding.local)) {
    batch.loaded.usage.add(key, { heldUses: body.uses });
  }
  batch.writes.newHolds.push({
    holdId: operation.newHoldId,
    rideKey: operation.rideKey,
    entitlementId: entitlement,
    credentialId: rider.credentialId,
    validFromDay,
    validToDay,
    assurance,
    uses: body.uses,
    expiresAtMs: body.expiresAtMs,
    at: { day, month, fiscalYear },
  });
}

/** Persons already aboard, so that the same one is noticed and riders are counted; their own limits do not matter here. */
function othersAboard(batch: Batch, operation: OpenOperation): readonly RiderStanding[] {
  const people = new Set<EntitlementId>(placedHolds(batch, operation.rideKey).map((hold) => hold.entitlementId));
  for (const companion of operation.companions) {
    const touch = batch.loaded.touches.get(touchKey(operation.terminalId, companion));
    if (touch?.entitlementId && touch.rideKey === operation.rideKey) people.add(touch.entitlementId);
  }
  const { day } = operation.boarding.local;
  return [...people].map((entitlement) => ({
    entitlement,
    validFromDay: day,
    validToDay: day,
    card: "good",
    assurance: "possession",
    used: [],
    usesChosen: 1,
  }));
}

function usableUntil(batch: Batch, validToDay: number, fiscalYear: number): number {
  return Math.min(validToDay, lastDayOfFiscalYear(fiscalYear, batch.context.city.fiscalYearStart));
}

/** Most the city pays for one use alone, if the rule says so. */
function capOfOneUse(version: SchemeVersion): Minor | null {
  const [option] = version.solo.toSorted((a, b) => a.uses - b.uses);
  return option ? capOf(option.formula) : null;
}

function capOf(formula: Formula): Minor | null {
  return formula.kind === "fixed" ? formula.amountMinor : formula.capMinor;
}

function openedRide({ touchId }: OpenOperation, body: TouchBody, replayed: boolean): OpenedRide {
  return {
    touchId,
    usable: body.refusal === null,
    refusal: body.refusal,
    replayed,
    holdId: body.holdId,
    holdExpiresAtMs: body.expiresAtMs,
    schemeVersion: body.schemeVersion,
    limits: body.limits,
    usableUntilDay: body.usableUntilDay,
    capMinor: body.capMinor,
    error: null,
  };
}

/** An answer for a touch that could not be taken; nothing is written. */
export function touchNotTaken(touchId: OpenedRide["touchId"], error: InputError): OpenedRide {
  return {
    touchId,
    usable: false,
    refusal: null,
    replayed: false,
    holdId: null,
    holdExpiresAtMs: null,
    schemeVersion: null,
    limits: [],
    usableUntilDay: null,
    capMinor: null,
    error,
  };
}

function notTaken({ touchId }: OpenOperation, error: InputError): Settled<"open"> {
  return { event: null, result: touchNotTaken(touchId, error) };
}
