import { decideRide } from "../decision/decide.ts";
import type { DecisionInput, RiderStanding } from "../decision/decision.ts";
import type { EntitlementId } from "../ids.ts";
import { type Minor, most, ZERO } from "../money/money.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";

/** A ride as far as its fare and its registered riders go. */
export interface GrantableRide extends Pick<DecisionInput, "boarding" | "alighting" | "components"> {
  /** Uses each rider chose; riders nobody registered are left out. */
  readonly usesChosen: readonly number[];
}

/**
 * Most a version could have paid for a ride if nothing had stood against any registered rider: no limit, hour or area,
 * every card good, together or one of them alone. A cab without signal that keeps to the scheme shows no more.
 */
export function mostGrantable(version: SchemeVersion | null, ride: GrantableRide): Minor {
  if (!version) return ZERO;
  const generous: SchemeVersion = { ...version, hours: null, area: "anywhere", limits: [] };
  const { boarding, alighting, components } = ride;
  const riders = ride.usesChosen.map(
    (usesChosen, index): RiderStanding => ({
      entitlement: String(index) as EntitlementId,
      validFromDay: boarding.day,
      validToDay: boarding.day,
      card: "good",
      assurance: "possession",
      used: [],
      usesChosen,
    }),
  );
  const ends = { boarding, alighting, boardingInArea: null, alightingInArea: null };
  return [riders, ...riders.map((rider) => [rider])]
    .map((together) => decideRide(generous, { ...ends, components, riders: together }).subsidyMinor)
    .reduce(most, ZERO);
}
