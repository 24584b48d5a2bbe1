import type { DemoState } from "#protocol/demo/control.ts";
import type { RideLine } from "#protocol/stream/events.ts";

/** Rides and what the city pays for them, on one side of the comparison. */
export interface Tally {
  readonly rides: number;
  readonly subsidyMinor: number;
}

/** Where counting began: the journal's sums and the ledger's position then. */
export interface TallyBase {
  readonly journal: Tally;
  readonly position: number;
}

/** Beginning of the keys of the cab's rides, once one of its rides has been seen in the ledger. */
export type CabPrefix = string | null;

/** The cab's journal beside the ledger, since counting began. */
export interface TallyView {
  readonly journal: Tally;
  readonly ledger: Tally;
  readonly waiting: number;
  readonly agree: boolean;
}

/** Begins to count once nothing of the journal is on its way; null before. */
export function tallyBase(state: Pick<DemoState, "journal">, rides: readonly RideLine[]): TallyBase | null {
  const { confirmed, waiting, subsidyMinor } = state.journal;
  if (waiting > 0) return null;
  return { journal: { rides: confirmed, subsidyMinor }, position: rides[0]?.position ?? 0 };
}

/** What the cab confirmed to passengers against what the ledger holds of that cab, since `base`. */
export function tally(
  state: Pick<DemoState, "journal">,
  rides: readonly RideLine[],
  { base, cab }: { readonly base: TallyBase; readonly cab: CabPrefix },
): TallyView {
  const own = rides.filter((ride) => cab !== null && ride.position > base.position && ride.rideKey.startsWith(cab));
  const ledger = { rides: own.length, subsidyMinor: own.reduce((sum, ride) => sum + ride.subsidyMinor, 0) };
  const journal = {
    rides: state.journal.confirmed - base.journal.rides,
    subsidyMinor: state.journal.subsidyMinor - base.journal.subsidyMinor,
  };
  const { waiting } = state.journal;
  const agree = waiting === 0 && journal.rides === ledger.rides && journal.subsidyMinor === ledger.subsidyMinor;
  return { journal, ledger, waiting, agree };
}

/**
 * Finds the cab's rides among the company's by its last ride. While that one still waits in the cab it is not in the
 * ledger yet: what was known before stays.
 */
export function cabPrefix(state: Pick<DemoState, "lastRide">, rides: readonly RideLine[], known: CabPrefix): CabPrefix {
  const rideId = state.lastRide?.rideId;
  if (rideId === undefined) return known;
  for (const ride of rides) {
    const at = ride.rideKey.indexOf(rideId);
    if (at > 0) return ride.rideKey.slice(0, at);
  }
  return known;
}
