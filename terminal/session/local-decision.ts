import { decideRide } from "#domain/decision/decide.ts";
import type { DecisionInput, RideDecision, RiderStanding } from "#domain/decision/decision.ts";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import { isInside, type Point } from "#domain/geo/point.ts";
import { asId, type EntitlementId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { type SchemeVersion, versionOn } from "#domain/scheme/scheme.ts";
import { parseDay } from "#domain/time/local.ts";
import { periodKey } from "#domain/usage/balance.ts";
import type { Amounts, CardKnowledge, LimitBalance, Ride, SessionRules, Standing, Touch } from "./state.ts";
import { UNKNOWN_RIDES_OFFLINE } from "./state.ts";

const FOREVER = 2_000_000;

/** The scheme version in force on the local day of an instant, or null. */
export function versionAt(rules: SessionRules, atMs: number): SchemeVersion | null {
  const scheme = rules.city.schemes.find((candidate) => candidate.id === rules.city.schemeId);
  return scheme ? (versionOn(scheme, rules.calendar.local(atMs).day) ?? null) : null;
}

/**
 * Decides a ride in the cab, with the same function as the server and the balances known here.
 * @param usesChosen uses each rider wants to spend
 */
export function decideLocally(rules: SessionRules, ride: Ride, usesChosen: number): RideDecision {
  const version = versionAt(rules, ride.boardedAtMs);
  const decision = decideRide(version, inputOf(rules, ride, usesChosen, version));
  const riders = decision.riders.map((rider, index) => honest(rider, ride.touches[index]));
  return { ...decision, riders, steps: withReasons(decision.steps, riders) };
}

/** The steps that say "refused" give the same reason as the riders. */
function withReasons(steps: RideDecision["steps"], riders: RideDecision["riders"]): RideDecision["steps"] {
  return steps.map((step) =>
    step.code === "REFUSED" && step.rider !== null ? { ...step, refusal: riders[step.rider]?.refusal ?? null } : step,
  );
}

/** A refusal that stands keeps its own reason; a card nothing can be said about is not called "not registered". */
function honest(rider: RideDecision["riders"][number], touch: Touch | undefined): RideDecision["riders"][number] {
  const standing = touch?.standing;
  return standing && !rider.granted && stands(standing) ? { ...rider, refusal: standing.refusal } : rider;
}

/** True when a refusal at boarding holds for the whole ride. Area and fare are only known at its end. */
function stands(standing: Standing): boolean {
  return !standing.usable && standing.refusal !== "OUTSIDE_AREA" && standing.refusal !== "FARE_TOO_LOW";
}

/** A decision with the balances after it. @param offline true when the cab decided alone */
export function amountsOf(
  decision: RideDecision,
  offline: boolean,
  limitsAfter: (rider: number) => readonly LimitBalance[],
): Amounts {
  return {
    fareMinor: decision.fareMinor,
    subsidyMinor: decision.subsidyMinor,
    riderPaysMinor: decision.riderPaysMinor,
    offline,
    uses: decision.riders.reduce((total, rider) => total + rider.uses, 0),
    riders: decision.riders.map((rider, index) => ({ ...rider, limitsAfter: limitsAfter(index) })),
    steps: decision.steps,
  };
}

/** The cab's own decision about a ride, ready to be shown. */
export function decideAlone(rules: SessionRules, ride: Ride): Amounts {
  const decision = decideLocally(rules, ride, ride.usesChosen ?? 1);
  return amountsOf(decision, true, (index) => {
    const rider = decision.riders[index];
    return (ride.touches[index]?.standing?.limits ?? []).map((limit) => ({
      ...limit,
      left: Math.max(0, limit.left - (limit.unit === "uses" ? (rider?.uses ?? 0) : (rider?.subsidyMinor ?? 0))),
    }));
  });
}

/** Full fare for everybody: what is shown when the ride cannot enter the book as it is. */
export function fullFare(rules: SessionRules, ride: Ride): Amounts {
  const decision = decideRide(null, inputOf(rules, ride, 1, null));
  const riders = decision.riders.map((rider, index) => ({
    ...rider,
    refusal: ride.touches[index]?.standing?.refusal ?? null,
  }));
  return amountsOf(
    { ...decision, riders, steps: withReasons(decision.steps, riders) },
    true,
    (index) => ride.touches[index]?.standing?.limits ?? [],
  );
}

/** The choices of uses on this ride, with what each costs; one or none means nothing is to be chosen. */
export function choicesOf(
  rules: SessionRules,
  ride: Ride,
): readonly { readonly uses: number; readonly riderPaysMinor: number; readonly subsidyMinor: number }[] {
  const version = versionAt(rules, ride.boardedAtMs);
  if (!version || !ride.fare) return [];
  const offered = new Set([...version.solo, ...(version.shared ?? [])].map((option) => option.uses));
  const choices = [...offered]
    .toSorted((a, b) => a - b)
    .map((uses) => ({ uses, decision: decideLocally(rules, ride, uses) }))
    .filter(({ uses, decision }) => decision.riders.some((rider) => rider.granted && rider.uses === uses))
    .map(({ uses, decision }) => ({
      uses,
      riderPaysMinor: decision.riderPaysMinor,
      subsidyMinor: decision.subsidyMinor,
    }));
  return choices.filter((choice, index) => index === 0 || choice.subsidyMinor > (choices[0]?.subsidyMinor ?? 0));
}

/**
 * What the cab says about a card when the server does not answer. A card with an entry is decided by its balances and
 * the scheme's offline allowance; a card without one is honoured a few times between two contacts with the server
 * (docs/decisions/0010), otherwise it cannot be found out.
 */
export function standingWithoutServer(
  rules: SessionRules,
  context: {
    readonly ride: Ride;
    readonly touch: Touch;
    readonly known: CardKnowledge | undefined;
    readonly unknownGranted: number;
  },
): Standing {
  const { ride, touch, known, unknownGranted } = context;
  const entry = known?.entry ?? null;
  const version = versionAt(rules, ride.boardedAtMs);
  const base: Standing = {
    source: entry ? "entry" : "unknown",
    asOfMs: entry?.asOfMs ?? touch.touchedAtMs,
    usable: true,
    refusal: entry?.refusal ?? null,
    holdId: null,
    limits: entry ? forPeriod(rules, entry.limits, entry.asOfMs, ride.boardedAtMs) : [],
    usableUntil: entry?.usableUntil ?? null,
    capMinor: entry?.capMinor ?? null,
  };
  if (isStanding(base.refusal)) return { ...base, usable: false };
  const allowance = version?.offlineAllowanceUses ?? 0;
  const spent = (known?.offlineUses ?? 0) >= allowance;
  if (spent || (!entry && unknownGranted >= UNKNOWN_RIDES_OFFLINE)) return { ...base, usable: false, refusal: null };
  const probe: Ride = {
    ...ride,
    fare: null,
    touches: [
      ...ride.touches.filter((other) => other.touchId !== touch.touchId),
      { ...touch, standing: { ...base, refusal: null, usable: true } },
    ],
  };
  const mine = decideLocally(rules, probe, 1).riders.at(-1);
  const refusal = mine?.refusal === "FARE_TOO_LOW" ? null : (mine?.refusal ?? null);
  return { ...base, usable: refusal === null, refusal };
}

/** Refusals that concern the person or the card and stay true whatever the hour; all others are decided anew. */
function isStanding(refusal: RefusalCode | null): boolean {
  return (
    refusal === "NOT_REGISTERED" ||
    refusal === "NOT_YET_VALID" ||
    refusal === "ENTITLEMENT_EXPIRED" ||
    refusal === "CARD_STOPPED" ||
    refusal === "CARD_NEEDS_RENEWAL" ||
    refusal === "ASSURANCE_TOO_LOW" ||
    refusal === "SAME_PERSON_TWICE"
  );
}

/** Balances of an earlier moment as they stand at a later one: a new day, month or year begins full. */
function forPeriod(
  rules: SessionRules,
  limits: readonly LimitBalance[],
  asOfMs: number,
  atMs: number,
): readonly LimitBalance[] {
  const then = rules.calendar.local(asOfMs);
  const now = rules.calendar.local(atMs);
  return limits.map((limit) => {
    if (limit.per === "ride") return limit;
    return periodKey(limit.per, then) === periodKey(limit.per, now) ? limit : { ...limit, left: limit.amount };
  });
}

function inputOf(rules: SessionRules, ride: Ride, usesChosen: number, version: SchemeVersion | null): DecisionInput {
  const inArea = (place: Point | null): boolean | null => (place ? isInside(place, rules.city.border) : null);
  return {
    boarding: rules.calendar.local(ride.boardedAtMs),
    alighting: ride.fare ? rules.calendar.local(ride.fare.alightedAtMs) : null,
    boardingInArea: inArea(ride.boardingPlace),
    alightingInArea: ride.fare ? inArea(ride.fare.place) : null,
    components: ride.fare?.components ?? [{ kind: "meter", amountMinor: minor(0) }],
    riders: ride.touches.map((touch, index) => riderStanding(touch, index, { usesChosen, version })),
  };
}

function riderStanding(
  touch: Touch,
  index: number,
  { usesChosen, version }: { readonly usesChosen: number; readonly version: SchemeVersion | null },
): RiderStanding {
  const standing = touch.standing;
  return {
    // The pseudonym is not known in the cab; any name that differs per person gives the same totals. Who was refused
    // for good has none, so that no rule of the ride can grant them anything after all.
    entitlement: standing === null || stands(standing) ? null : asId<EntitlementId>(`rider-${index}`),
    validFromDay: 0,
    validToDay: lastDay(standing?.usableUntil ?? null),
    card: "good",
    assurance: "possession",
    used: (version?.limits ?? []).map((limit) => {
      const balance = standing?.limits.find((known) => known.unit === limit.unit && known.per === limit.per);
      return balance ? balance.amount - balance.left : 0;
    }),
    usesChosen,
  };
}

function lastDay(usableUntil: string | null): number {
  return usableUntil === null ? FOREVER : (parseDay(usableUntil) ?? FOREVER);
}
