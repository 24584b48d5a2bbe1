import type { LedgerLine, RideLine } from "#protocol/stream/events.ts";

/** The newest rides a pane has room for; the ride with the tag stays on top however many came after it. */
export function paneRides(rides: readonly RideLine[], tag: string | null, room: number): readonly RideLine[] {
  const marked = tag === null ? undefined : rides.find((ride) => ride.tag === tag);
  const newest = rides.slice(0, room);
  if (!marked || newest.includes(marked)) return newest;
  return [marked, ...newest.slice(0, room - 1)];
}

const RIDE_ENTRIES = new Set(["ride.recorded", "ride.refused"]);

/** The entry the ledger pane shows: the tagged ride's own, else the newest that moved money. */
export function ledgerEntryOf(entries: readonly LedgerLine[], tag: string | null): LedgerLine | null {
  const ofTag = tag === null ? undefined : entries.find((entry) => entry.tag === tag && RIDE_ENTRIES.has(entry.type));
  return ofTag ?? entries.find((entry) => entry.postings.length > 0) ?? null;
}
