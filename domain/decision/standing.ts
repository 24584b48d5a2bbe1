import { assuranceRank, isAtLeast } from "../card/assurance.ts";
import type { AreaRule, HoursRule, SchemeVersion } from "../scheme/scheme.ts";
import type { LocalMoment } from "../time/local.ts";
import type { DecisionInput, RiderStanding } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";

/**
 * Riders in an order that depends on who they are, not on who laid the card first: by entitlement, then the layings of
 * one person with the most proof and the most uses chosen first. Layings that agree in all of it are interchangeable.
 */
export function canonicalOrder(riders: readonly RiderStanding[]): number[] {
  const compare = (a: RiderStanding, b: RiderStanding): number => {
    const [one, other] = [a.entitlement ?? "", b.entitlement ?? ""];
    if (one !== other) return one < other ? -1 : 1;
    const proof = assuranceRank(b.assurance) - assuranceRank(a.assurance);
    return proof === 0 ? b.usesChosen - a.usesChosen : proof;
  };
  return riders
    .map((rider, index) => ({ rider, index }))
    .sort((a, b) => compare(a.rider, b.rider))
    .map(({ index }) => index);
}

/**
 * Why each rider cannot ride on the scheme, limits and fare aside; null = nothing against it. A person who laid two
 * cards is refused once: the second time among the layings that are good.
 */
export function standingRefusals(
  version: SchemeVersion,
  input: DecisionInput,
  order: readonly number[],
): (RefusalCode | null)[] {
  const ofRide = refusalOfRide(version, input);
  const refusals = input.riders.map((rider) => refusalOfPerson(version, input, rider));
  const seen = new Set<string>();
  for (const index of order) {
    const { entitlement } = input.riders[index] as RiderStanding;
    if (refusals[index] || entitlement === null) continue;
    if (seen.has(entitlement)) refusals[index] = "SAME_PERSON_TWICE";
    seen.add(entitlement);
  }
  return refusals.map((refusal) => refusal ?? ofRide);
}

/** Refusals that concern one person, in the order in which they are told. */
function refusalOfPerson(version: SchemeVersion, input: DecisionInput, rider: RiderStanding): RefusalCode | null {
  if (rider.card === "stopped") return "CARD_STOPPED";
  if (rider.card === "needs-renewal") return "CARD_NEEDS_RENEWAL";
  if (rider.entitlement === null) return "NOT_REGISTERED";
  if (!isAtLeast(rider.assurance, version.minimumAssurance)) return "ASSURANCE_TOO_LOW";
  if (input.boarding.day < rider.validFromDay) return "NOT_YET_VALID";
  if (input.boarding.day > rider.validToDay) return "ENTITLEMENT_EXPIRED";
  return null;
}

/** Refusals that concern the ride as a whole. */
function refusalOfRide(version: SchemeVersion, input: DecisionInput): RefusalCode | null {
  if (version.hours && !isWithinHours(version.hours, input.boarding, input.alighting)) return "OUTSIDE_HOURS";
  if (!isWithinArea(version.area, input)) return "OUTSIDE_AREA";
  return null;
}

/** True when the moments the rule names fall into a window; an unknown alighting is not held against the rider yet. */
function isWithinHours(rule: HoursRule, boarding: LocalMoment, alighting: LocalMoment | null): boolean {
  const covered = (at: LocalMoment): boolean =>
    rule.windows.some(
      (window) =>
        at.minute >= window.fromMinute &&
        (at.minute < window.toMinute || (window.toInclusive && at.minute === window.toMinute)),
    );
  if (rule.by !== "alighting" && !covered(boarding)) return false;
  return rule.by === "boarding" || alighting === null || covered(alighting);
}

/** True unless the known ends of the ride break the rule: an end without a position is not held against the rider. */
function isWithinArea(rule: AreaRule, input: DecisionInput): boolean {
  const from = input.boardingInArea ?? true;
  const to = input.alightingInArea ?? true;
  switch (rule) {
    case "anywhere":
      return true;
    case "boarding":
      return from;
    case "alighting":
      return to;
    case "boarding-or-alighting":
      return from || to;
    case "both":
      return from && to;
  }
}
