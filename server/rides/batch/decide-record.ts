import { decideRide } from "#domain/decision/decide.ts";
import type { RideDecision } from "#domain/decision/decision.ts";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import { type Minor, minor, most } from "#domain/money/money.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { mostGrantable } from "#domain/settlement/most-grantable.ts";
import { differencePostings, type Posting, postingsOf } from "#domain/settlement/postings.ts";
import type { RideBody, RideMark } from "../ride-events.ts";
import type { LimitBalance, Presented } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import type { CountedRider, LoadedQuarantine, LoadedRide } from "./loaded.ts";
import type { PreparedRide, RecordOperation, Settled } from "./operation.ts";
import { keyBesideOther } from "./quarantined.ts";
import { outcomeOf, setAside } from "./set-aside.ts";
import { balancesOf, countersOf, endHold, type KnownRider, knownRider, usedUnder } from "./standings.ts";

/** Cards that no city would have paid for: what was shown all the same is for a person to judge. */
const NEEDS_A_PERSON: readonly RefusalCode[] = ["CARD_STOPPED", "NOT_REGISTERED"];

/** Why a ride waits in quarantine whose id another ride has. */
const OTHER_FACTS = "OTHER_FACTS";

/** True when a rider was refused for a reason for which nothing that was shown goes without a person's judgement. */
export function needsAPerson(refusal: RefusalCode | null): boolean {
  return refusal !== null && NEEDS_A_PERSON.includes(refusal);
}

/** Decides one ride and adds its rows to the batch. */
export function decideRecord(batch: Batch, operation: RecordOperation): Settled<"record"> {
  const known = batch.loaded.rides.get(operation.rideKey);
  const quarantined = batch.loaded.quarantined.get(operation.rideKey);
  const standing = known ?? quarantined;
  if (standing && !isSame(standing.factsHash, operation.factsHash)) return besideOther(batch, operation);
  if (known) return answerAgain(operation, known);
  if (quarantined) return stillHeldBack(operation, quarantined);
  if (!operation.ride.ok) return setAside(batch, operation, operation.ride.error);
  const ride = operation.ride.value;
  const riders: KnownRider[] = [];
  for (const rider of ride.riders) {
    const found = knownRider(batch, operation.rideKey, rider, ride.boarding.local.day);
    if (!found.ok) return setAside(batch, operation, found.error);
    riders.push(found.value);
  }
  return decideKnown(batch, operation, ride, riders);
}

function decideKnown(
  batch: Batch,
  operation: RecordOperation,
  ride: PreparedRide,
  riders: readonly KnownRider[],
): Settled<"record"> {
  const at = ride.boarding.local;
  const version = batch.context.versionOn(at.day);
  const decision = decideRide(version, {
    boarding: at,
    alighting: ride.alighting.local,
    boardingInArea: ride.boarding.inArea,
    alightingInArea: ride.alighting.inArea,
    components: ride.components,
    riders: riders.map(({ standing, hold }) => ({
      ...standing,
      used: version ? usedUnder(batch, version, { entitlement: standing.entitlement, hold }, at) : [],
    })),
  });
  const { presented } = operation;
  if (presented && presented.subsidyMinor > decision.subsidyMinor) {
    const refusal = decision.riders.find((rider) => needsAPerson(rider.refusal))?.refusal;
    if (refusal) return setAside(batch, operation, inputError("NOT_PROCESSABLE", refusal));
  }
  const marks = marksOf(batch, operation.rideKey, ride, riders);
  for (const hold of batch.loaded.holdsOfRide.get(operation.rideKey) ?? []) endHold(batch, hold, "consumed");
  const counted = countUsage(batch, ride, riders, decision);
  const limits = riders.map(({ standing, hold }) =>
    version && standing.entitlement !== null
      ? balancesOf(version, usedUnder(batch, version, { entitlement: standing.entitlement, hold }, at))
      : [],
  );
  return enter(batch, operation, { ride, riders, version, decision, marks, counted, limits });
}

interface Decided {
  readonly ride: PreparedRide;
  readonly riders: readonly KnownRider[];
  readonly version: SchemeVersion | null;
  readonly decision: RideDecision;
  readonly marks: readonly RideMark[];
  readonly counted: readonly CountedRider[];
  readonly limits: readonly (readonly LimitBalance[])[];
}

/** Adds a decided ride to the ledger. */
function enter(batch: Batch, operation: RecordOperation, decided: Decided): Settled<"record"> {
  const { ride, decision, limits } = decided;
  const { presented, rideKey } = operation;
  const isMore = presented !== null && presented.subsidyMinor > decision.subsidyMinor;
  const upToMinor = isMore ? mostOf(decided) : decision.subsidyMinor;
  const difference = differenceOf(presented, decision, { version: decided.version, upToMinor });
  const postings = joined(postingsOf(decision, ride.components), difference.postings);
  const body: RideBody = {
    ...cabOf(operation, ride),
    boarding: ride.boarding,
    alighting: ride.alighting,
    distanceM: ride.distanceM,
    components: ride.components,
    decision,
    riders: decided.riders.map(({ standing }, index) => ({
      person: standing.entitlement === null ? null : batch.loaded.personKey(standing.entitlement),
      assurance: standing.assurance,
      usesChosen: standing.usesChosen,
      limits: limits[index] ?? [],
    })),
    uses: decision.riders.reduce((total, rider) => total + rider.uses, 0),
    postings,
    presented,
    differenceMinor: difference.minor,
    marks: decided.marks,
    commitment: operation.commitment,
  };
  const isGranted = decision.riders.some((rider) => rider.granted);
  const { writes } = batch;
  const event = writes.event({ type: isGranted ? "ride.recorded" : "ride.refused", rideKey, body });
  writes.rides.push({
    event,
    rideKey,
    factsHash: operation.factsHash,
    status: isGranted ? "recorded" : "refused",
    vehicleId: ride.vehicleId,
    companyId: ride.companyId,
    boardedAtMs: ride.boarding.atMs,
    alightedAtMs: ride.alighting.atMs,
    boardingDay: ride.boarding.local.day,
    fareMinor: decision.fareMinor,
    subsidyMinor: decision.subsidyMinor,
    riderPaysMinor: decision.riderPaysMinor,
    uses: body.uses,
    schemeVersion: decision.schemeVersion,
    riders: decided.counted,
  });
  writes.post(event, postings, ride.companyId);
  writes.erasables.push({ rideKey, ...operation.erasable });
  if (presented) writes.presented.push({ event, rideKey, seq: 1, ...presented });
  const status = isGranted ? "RECORDED" : "REFUSED";
  return { event, result: { ...outcomeOf(operation, status, {}), decision, riderLimits: limits } };
}

/** Most the scheme could have paid for the ride's registered riders. */
function mostOf({ ride, riders, version }: Decided): Minor {
  const registered = riders.filter(({ standing }) => standing.entitlement !== null);
  return mostGrantable(version, {
    boarding: ride.boarding.local,
    alighting: ride.alighting.local,
    components: ride.components,
    usesChosen: registered.map(({ standing }) => standing.usesChosen),
  });
}

function cabOf(
  operation: RecordOperation,
  ride: PreparedRide,
): Pick<RideBody, "rideKey" | "tag" | "terminalId" | "vehicleId" | "companyId"> {
  const { rideKey, tag, terminalId } = operation;
  return { rideKey, tag, terminalId, vehicleId: ride.vehicleId, companyId: ride.companyId };
}

function marksOf(
  batch: Batch,
  rideKey: string,
  ride: PreparedRide,
  riders: readonly KnownRider[],
): readonly RideMark[] {
  const marks: RideMark[] = [];
  const span = { fromMs: ride.boarding.atMs, toMs: ride.alighting.atMs };
  if (batch.overlapsVehicle(rideKey, ride.vehicleId, span)) marks.push("vehicle-overlap");
  const people = new Set(
    riders.flatMap(({ standing }) => (standing.entitlement === null ? [] : [standing.entitlement])),
  );
  // Every person is asked, so that each one's span is noted for the rest of the batch.
  const overlapping = [...people].filter((person) => batch.overlapsPerson(rideKey, person, span));
  if (overlapping.length > 0) marks.push("person-overlap");
  for (const person of people) {
    batch.writes.people.push({ entitlementId: person, boardedAtMs: span.fromMs, rideKey, alightedAtMs: span.toMs });
  }
  if (batch.loaded.cancelled.has(rideKey)) marks.push("after-cancel");
  if (riders.some(({ hold }) => hold?.state === "expired")) marks.push("hold-expired");
  return marks;
}

/** Counts what the granted riders took. The holds have ended before, also those of riders who were refused or left out. */
function countUsage(
  batch: Batch,
  ride: PreparedRide,
  riders: readonly KnownRider[],
  decision: RideDecision,
): readonly CountedRider[] {
  const counted: CountedRider[] = [];
  for (const [index, { granted, uses, subsidyMinor }] of decision.riders.entries()) {
    const { standing, credentialId, hold } = riders[index] as KnownRider;
    if (!granted || standing.entitlement === null || credentialId === null) continue;
    const keys = countersOf(batch, standing.entitlement, ride.boarding.local);
    for (const key of keys) batch.loaded.usage.add(key, { uses, moneyMinor: subsidyMinor });
    const periods = keys.map(({ kind, key }) => [kind, key] as const);
    const named = hold ? { holdId: hold.holdId } : {};
    const taken = { uses, moneyMinor: subsidyMinor, periods };
    counted.push({ entitlementId: standing.entitlement, credentialId, ...named, ...taken });
  }
  return counted;
}

/**
 * What must be posted because the passenger was shown something else: what was shown stands. The bearer of the scheme
 * bears it up to `upToMinor`: a terminal cannot make the city owe more than its scheme could ever have paid.
 */
export function differenceOf(
  presented: Presented | null,
  decided: { readonly subsidyMinor: Minor },
  bearing: { readonly version: SchemeVersion | null; readonly upToMinor: Minor },
): { readonly minor: Minor; readonly postings: readonly Posting[] } {
  if (!presented) return { minor: minor(0), postings: [] };
  const bearer = bearing.version?.overGrantBearer ?? "company";
  const upToMinor = most(decided.subsidyMinor, bearing.upToMinor);
  const postings = differencePostings(presented.subsidyMinor, decided.subsidyMinor, { bearer, upToMinor });
  return { minor: minor(presented.subsidyMinor - decided.subsidyMinor), postings };
}

/** Postings of one event, one line per account. */
export function joined(...parts: readonly (readonly Posting[])[]): readonly Posting[] {
  const byAccount = new Map<Posting["account"], number>();
  for (const { account, amountMinor } of parts.flat()) {
    byAccount.set(account, (byAccount.get(account) ?? 0) + amountMinor);
  }
  return [...byAccount]
    .filter(([, amount]) => amount !== 0)
    .map(([account, amount]) => ({ account, amountMinor: minor(amount) }));
}

/**
 * The id is taken by a ride with other facts. What a passenger was shown is kept for a person all the same, once, under a
 * key of its own, and answered so for ever; without that it is a conflict.
 */
function besideOther(batch: Batch, operation: RecordOperation): Settled<"record"> {
  if (!operation.presented) return { event: null, result: outcomeOf(operation, "CONFLICT", {}) };
  const own = { ...operation, rideKey: keyBesideOther(operation) };
  const held = batch.loaded.quarantined.get(own.rideKey);
  return held ? stillHeldBack(own, held) : setAside(batch, own, inputError("NOT_PROCESSABLE", OTHER_FACTS));
}

function stillHeldBack(operation: RecordOperation, { reason, position }: LoadedQuarantine): Settled<"record"> {
  const error = inputError("NOT_PROCESSABLE", reason);
  return { event: null, result: outcomeOf(operation, "QUARANTINED", { replayed: true, position, error }) };
}

/** The first answer, marked as replayed. */
function answerAgain(operation: RecordOperation, known: LoadedRide): Settled<"record"> {
  const { decision, riders } = known.body;
  const status = known.status === "recorded" ? "RECORDED" : "REFUSED";
  const result = outcomeOf(operation, status, { replayed: true, position: known.position });
  return { event: null, result: { ...result, decision, riderLimits: riders.map((rider) => rider.limits) } };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
