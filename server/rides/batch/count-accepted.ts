import type { EntitlementId } from "#domain/ids.ts";
import type { Minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { acceptedUses } from "#domain/settlement/accepted-uses.ts";
import type { RideEnd, RiderInEvent } from "../ride-events.ts";
import type { Batch } from "./batch.ts";
import type { CountedRider, LoadedQuarantine } from "./loaded.ts";
import { ridersOf } from "./quarantined.ts";
import { balancesOf, countersOf, usedUnder } from "./standings.ts";

/** What an accepted ride took, for its row and its event. */
export interface Taken {
  readonly counted: readonly CountedRider[];
  readonly riders: readonly RiderInEvent[];
  readonly uses: number;
  /** True when somebody has now used more than a limit allows. */
  readonly isBeyondLimit: boolean;
}

/** Of a ride that was dismissed. */
export const NOTHING_TAKEN: Taken = { counted: [], riders: [], uses: 0, isBeyondLimit: false };

/** A quarantined ride as it enters the ledger. */
export interface AcceptedRide {
  readonly version: SchemeVersion | null;
  readonly boarding: RideEnd;
  readonly alighting: RideEnd;
  readonly components: readonly FareComponent[];
  readonly shownMinor: Minor;
}

/**
 * Counts the uses of the riders that are known, in the period of the ride. A person has accepted it knowingly: a limit
 * that is used up is passed, and the rider's next ride finds nothing left.
 */
export function countAccepted(batch: Batch, held: LoadedQuarantine, ride: AcceptedRide): Taken {
  const { version, boarding, alighting, components, shownMinor } = ride;
  const { rideKey } = held;
  const named = ridersOf(batch.context, held, batch.loaded.credentialsById);
  const fare = { boarding: boarding.local, alighting: alighting.local, components };
  const parts = acceptedUses(version, { ...fare, riders: named, shownMinor });
  const counted: CountedRider[] = [];
  for (const [index, { entitlement, credential }] of named.entries()) {
    const { uses, moneyMinor } = parts[index] ?? { uses: 0, moneyMinor: 0 };
    if (entitlement === null || credential === null || uses === 0) continue;
    const keys = countersOf(batch, entitlement, boarding.local);
    for (const key of keys) batch.loaded.usage.add(key, { uses, moneyMinor });
    const periods = keys.map(({ kind, key }) => [kind, key] as const);
    counted.push({ entitlementId: entitlement, credentialId: credential.credentialId, uses, moneyMinor, periods });
  }
  const people = new Set(named.flatMap(({ entitlement }) => (entitlement === null ? [] : [entitlement])));
  const span = { boardedAtMs: boarding.atMs, alightedAtMs: alighting.atMs };
  for (const entitlementId of people) batch.writes.people.push({ entitlementId, rideKey, ...span });
  return {
    counted,
    riders: named.map(({ entitlement, usesChosen }) => riderInEvent(batch, ride, entitlement, usesChosen)),
    uses: counted.reduce((total, rider) => total + rider.uses, 0),
    isBeyondLimit: counted.some(({ entitlementId }) => isBeyond(batch, ride, entitlementId)),
  };
}

function riderInEvent(
  batch: Batch,
  { version, boarding }: AcceptedRide,
  entitlement: EntitlementId | null,
  usesChosen: number,
): RiderInEvent {
  const isCounted = version !== null && entitlement !== null;
  return {
    person: entitlement === null ? null : batch.loaded.personKey(entitlement),
    // Nothing of a card is held against a ride a person accepts; how well it was read was not kept.
    assurance: "presented",
    usesChosen,
    limits: isCounted
      ? balancesOf(version, usedUnder(batch, version, { entitlement, hold: null }, boarding.local))
      : [],
  };
}

function isBeyond(batch: Batch, { version, boarding }: AcceptedRide, entitlement: EntitlementId): boolean {
  if (!version) return false;
  const used = usedUnder(batch, version, { entitlement, hold: null }, boarding.local);
  return version.limits.some((limit, index) => (used[index] ?? 0) > limit.amount);
}
