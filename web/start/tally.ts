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
  state: Pick<DemoState, "journal" | "lastRide">,
  rides: readonly RideLine[],
  base: TallyBase,
): TallyView {
  const terminal = terminalOf(state.lastRide?.rideId ?? null, rides);
  const own = rides.filter(
    (ride) => terminal !== null && ride.position > base.position && ride.rideKey.startsWith(terminal),
  );
  const ledger = { rides: own.length, subsidyMinor: own.reduce((sum, ride) => sum + ride.subsidyMinor, 0) };
  const journal = {
    rides: state.journal.confirmed - base.journal.rides,
    subsidyMinor: state.journal.subsidyMinor - base.journal.subsidyMinor,
  };
  const { waiting } = state.journal;
  const agree = waiting === 0 && journal.rides === ledger.rides && journal.subsidyMinor === ledger.subsidyMinor;
  return { journal, ledger, waiting, agree };
}

/** Beginning of the keys of one terminal's rides, found by a ride whose id is known; null before there is one. */
function terminalOf(rideId: string | null, rides: readonly RideLine[]): string | null {
  if (rideId === null) return null;
  for (const ride of rides) {
    const at = ride.rideKey.indexOf(rideId);
    if (at > 0) return ride.rideKey.slice(0, at);
  }
  // The newest ride may still wait in the cab; an earlier one of the same cab has the same beginning.
  return null;
}
