import { decideRide } from "../decision/decide.ts";
import type { DecisionInput, RideDecision, RiderStanding } from "../decision/decision.ts";
import type { EntitlementId } from "../ids.ts";
import { type Minor, most, ZERO } from "../money/money.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";

/** The ends and the fare of a ride. */
export type FareOfRide = Pick<DecisionInput, "boarding" | "alighting" | "components">;

/** A ride as far as its fare and its registered riders go. */
export interface GrantableRide extends FareOfRide {
  /** Uses each rider chose; riders nobody registered are left out. */
  readonly usesChosen: readonly number[];
}

/** A rider against whom nothing is held; `entitlement` only tells persons apart. */
export interface WelcomeRider {
  readonly entitlement: EntitlementId;
  readonly usesChosen: number;
}

/** What a version pays when nothing stands against any rider: no limit, hour or area, every card good. */
export function decideGenerously(
  version: SchemeVersion,
  { boarding, alighting, components }: FareOfRide,
  riders: readonly WelcomeRider[],
): RideDecision {
  const generous: SchemeVersion = { ...version, hours: null, area: "anywhere", limits: [] };
  const standings = riders.map(
    (rider): RiderStanding => ({
      ...rider,
      validFromDay: boarding.day,
      validToDay: boarding.day,
      card: "good",
      assurance: "possession",
      used: [],
    }),
  );
  const ends = { boarding, alighting, boardingInArea: null, alightingInArea: null };
  return decideRide(generous, { ...ends, components, riders: standings });
}

/**
 * Most a version could have paid for a ride if nothing had stood against any registered rider, together or one of them
 * alone. A cab without signal that keeps to the scheme shows no more.
 */
export function mostGrantable(version: SchemeVersion | null, ride: GrantableRide): Minor {
  if (!version) return ZERO;
  const riders = ride.usesChosen.map(
    (usesChosen, index): WelcomeRider => ({ entitlement: String(index) as EntitlementId, usesChosen }),
  );
  return [riders, ...riders.map((rider) => [rider])]
    .map((together) => decideGenerously(version, ride, together).subsidyMinor)
    .reduce(most, ZERO);
}
