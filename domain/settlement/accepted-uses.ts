import type { EntitlementId } from "../ids.ts";
import { least, type Minor, sum, ZERO } from "../money/money.ts";
import { shrinkTo } from "../money/split.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";
import { decideGenerously, type FareOfRide } from "./most-grantable.ts";

/** A rider of a ride that a person accepts; null for somebody nobody knows. */
export interface AcceptedRider {
  readonly entitlement: EntitlementId | null;
  readonly usesChosen: number;
}

/** What an accepted ride takes from one rider. */
export interface AcceptedUse {
  readonly uses: number;
  readonly moneyMinor: Minor;
}

const NOTHING: AcceptedUse = { uses: 0, moneyMinor: ZERO };

/**
 * What a ride that a person accepts as shown takes from each of its riders: the uses the scheme takes for such a ride
 * when nothing stands against anybody, limits included: the person accepts knowingly. Of money at most what the scheme
 * could have paid. Nothing where the passenger was shown no subsidy: no use was taken then.
 */
export function acceptedUses(
  version: SchemeVersion | null,
  ride: FareOfRide & { readonly riders: readonly AcceptedRider[]; readonly shownMinor: Minor },
): readonly AcceptedUse[] {
  const { riders, shownMinor } = ride;
  if (!version || shownMinor === 0) return riders.map(() => NOTHING);
  const welcome = riders.map(({ entitlement, usesChosen }, index) => ({
    entitlement: entitlement ?? (`unknown rider ${index}` as EntitlementId),
    usesChosen,
  }));
  const decided = decideGenerously(version, ride, welcome).riders;
  const parts = decided.map((rider) => rider.subsidyMinor);
  const money = shrinkTo(least(shownMinor, sum(parts)), parts);
  return decided.map(({ uses }, index) => ({ uses, moneyMinor: money[index] as Minor }));
}
