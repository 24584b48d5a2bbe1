import type { DemoState } from "#protocol/demo/control.ts";
import type { LedgerLine } from "#protocol/stream/events.ts";
import { postedTo } from "../city/ledger-words.ts";

/** What the comparison reads of a ledger entry. */
export type TallyEntry = Pick<LedgerLine, "position" | "rideKey" | "type" | "postings">;

/** Events that stand for a ride a passenger was told about. */
const RIDE_EVENTS: readonly string[] = ["ride.recorded", "ride.refused", "ride.quarantined"];

/** Accounts that bear what the passenger was shown: the city's part, and the difference where the cab had shown another. */
const SHOWN_ACCOUNTS = ["city-subsidy", "difference-city", "difference-company"] as const;

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
export function tallyBase(state: Pick<DemoState, "journal">, entries: readonly TallyEntry[]): TallyBase | null {
  const { confirmed, waiting, subsidyMinor } = state.journal;
  if (waiting > 0) return null;
  return { journal: { rides: confirmed, subsidyMinor }, position: entries[0]?.position ?? 0 };
}

/** What the cab confirmed to passengers against what the ledger holds of that cab, since `base`. */
export function tally(
  state: Pick<DemoState, "journal">,
  entries: readonly TallyEntry[],
  { base, cab }: { readonly base: TallyBase; readonly cab: CabPrefix },
): TallyView {
  const own = entries.filter(
    ({ position, rideKey }) => cab !== null && position > base.position && rideKey?.startsWith(cab) === true,
  );
  const ledger = {
    rides: own.filter(({ type }) => RIDE_EVENTS.includes(type)).length,
    subsidyMinor: own.reduce(
      (sum, entry) => sum + SHOWN_ACCOUNTS.reduce((part, account) => part + postedTo(entry, account), 0),
      0,
    ),
  };
  const journal = {
    rides: state.journal.confirmed - base.journal.rides,
    subsidyMinor: state.journal.subsidyMinor - base.journal.subsidyMinor,
  };
  const { waiting } = state.journal;
  const agree = waiting === 0 && journal.rides === ledger.rides && journal.subsidyMinor === ledger.subsidyMinor;
  return { journal, ledger, waiting, agree };
}

/**
 * Finds the cab's rides in the ledger by its last ride. While that one still waits in the cab it is not in the
 * ledger yet: what was known before stays.
 */
export function cabPrefix(
  state: Pick<DemoState, "lastRide">,
  entries: readonly TallyEntry[],
  known: CabPrefix,
): CabPrefix {
  const rideId = state.lastRide?.rideId;
  if (rideId === undefined) return known;
  for (const { rideKey } of entries) {
    const at = rideKey?.indexOf(rideId) ?? -1;
    if (rideKey !== null && at > 0) return rideKey.slice(0, at);
  }
  return known;
}
