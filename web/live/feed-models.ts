import {
  type CompanySnapshot,
  type FeedChanges,
  LEDGER_FEED_KEEPS,
  type LedgerLine,
  type PictureSnapshot,
  type RideLine,
  type Totals,
} from "#protocol/stream/events.ts";
import type { FeedModel, FeedSnapshot } from "./feed-state.ts";

/** Rides of one company on one local day, newest (highest position) first. */
export interface CompanyView {
  readonly day: string;
  readonly company: CompanySnapshot["company"];
  readonly totals: Totals;
  readonly rides: readonly RideLine[];
}

/** The newest ledger entries, newest first. */
export interface LedgerView {
  readonly entries: readonly LedgerLine[];
}

/** The company's rides of today. */
export const companyModel: FeedModel<CompanyView> = {
  feed: "company",
  fromSnapshot(snapshot: FeedSnapshot): CompanyView | null {
    if (snapshot.feed !== "company") return null;
    const { day, company, totals, rides } = snapshot;
    return { day, company, totals, rides: mergeRides([], rides) };
  },
  apply(view: CompanyView, changes: FeedChanges): CompanyView {
    if (changes.feed !== "company") return view;
    return { ...view, totals: changes.totals, rides: mergeRides(view.rides, changes.rides) };
  },
};

/** The city's ledger. */
export const ledgerModel: FeedModel<LedgerView> = {
  feed: "ledger",
  fromSnapshot(snapshot: FeedSnapshot): LedgerView | null {
    return snapshot.feed === "ledger" ? { entries: mergeEntries([], snapshot.entries) } : null;
  },
  apply(view: LedgerView, changes: FeedChanges): LedgerView {
    return changes.feed === "ledger" ? { entries: mergeEntries(view.entries, changes.entries) } : view;
  },
};

/** The planner's picture: always sent whole. */
export const pictureModel: FeedModel<PictureSnapshot> = {
  feed: "picture",
  fromSnapshot: (snapshot) => (snapshot.feed === "picture" ? snapshot : null),
  apply: (view, changes) => (changes.feed === "picture" ? changes.picture : view),
};

/** Adds or replaces rides by key, newest first. A ride taken back comes again with the same key. */
export function mergeRides(known: readonly RideLine[], added: readonly RideLine[]): readonly RideLine[] {
  if (added.length === 0) return known;
  const byKey = new Map(known.map((ride) => [ride.rideKey, ride]));
  let sorted = true;
  let newest = known[0]?.position ?? -1;
  const fresh: RideLine[] = [];
  for (const ride of added) {
    if (byKey.has(ride.rideKey)) sorted = false;
    else {
      if (ride.position <= newest) sorted = false;
      newest = Math.max(newest, ride.position);
      fresh.push(ride);
    }
    byKey.set(ride.rideKey, ride);
  }
  // The usual case, one new ride at the end of the log, must not sort thousands of lines.
  if (sorted) return [...fresh.reverse(), ...known];
  return [...byKey.values()].sort((a, b) => b.position - a.position || (a.rideKey < b.rideKey ? -1 : 1));
}

function mergeEntries(known: readonly LedgerLine[], added: readonly LedgerLine[]): readonly LedgerLine[] {
  const byPosition = new Map(known.map((entry) => [entry.position, entry]));
  for (const entry of added) byPosition.set(entry.position, entry);
  return [...byPosition.values()].sort((a, b) => b.position - a.position).slice(0, LEDGER_FEED_KEEPS);
}
