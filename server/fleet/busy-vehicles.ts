import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEventType } from "#server/rides/ride-events.ts";
import type { Sql } from "#server/storage/database.ts";
import { readHead } from "#server/stream/event-log.ts";
import type { RecentEvents } from "#server/stream/recent-events.ts";
import { busyChange } from "./busy-projection.ts";
import type { BusyVehicles } from "./fleet-board.ts";

const BATCH = 2_000;
/** A laid card that was refused has no hold that runs out: its vehicle is taken for busy this long. */
const LONGEST_MS = 4 * 3_600_000;

interface UnderWay {
  readonly vehicleId: string;
  readonly sinceMs: number;
}

interface Book {
  cursor: number;
  head: number;
  readonly rides: Map<string, UnderWay>;
}

/** Follows the log in memory to know which vehicles have a ride under way. Starts from the rides begun in the ledger. */
export interface BusyTracker extends BusyVehicles {
  /** The log is said to end at a position now. */
  hint(municipality: MunicipalityId, position: number): void;
  /** Takes what the log has new. */
  advance(municipality: MunicipalityId): Promise<void>;
}

/** What a tracker reads. */
export interface BusyTrackerDeps {
  readonly sql: Sql;
  /** What this process has just written; without it everything is read back from the database. */
  readonly recent?: RecentEvents;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A tracker that has read nothing yet. */
export function createBusyTracker(deps: BusyTrackerDeps): BusyTracker {
  const { sql, now } = deps;
  const books = new Map<MunicipalityId, Book>();
  return {
    async advance(municipality) {
      let book = books.get(municipality);
      if (!book) {
        book = await openBook(sql, municipality, now() - LONGEST_MS);
        books.set(municipality, book);
      }
      takeRecent(deps, municipality, book);
      if (book.cursor < book.head || !deps.recent) while ((await takeBatch(sql, municipality, book)) === BATCH);
      book.head = Math.max(book.head, book.cursor);
    },
    hint(municipality, position) {
      const book = books.get(municipality);
      if (book) book.head = Math.max(book.head, position);
    },
    vehicles(municipality) {
      const book = books.get(municipality);
      // A card laid a moment ago in this process hides its vehicle at once, before any hint.
      if (book) takeRecent(deps, municipality, book);
      if (!book || book.cursor < book.head) return null;
      const longAgo = now() - LONGEST_MS;
      for (const [rideKey, ride] of book.rides) if (ride.sinceMs < longAgo) book.rides.delete(rideKey);
      return new Set([...book.rides.values()].map((ride) => ride.vehicleId));
    },
  };
}

/** Rides begun lately that have not ended, also those whose card was refused: the rider may have gone on at full fare. */
async function openBook(sql: Sql, municipality: MunicipalityId, sinceMs: number): Promise<Book> {
  const cursor = await readHead(sql, municipality);
  const rows = await sql.query<{ ride_key: string; vehicle_id: string; opened_at_ms: number }>(
    `SELECT r.ride_key, r.vehicle_id, r.opened_at_ms FROM ride_open r
     WHERE r.municipality = $1 AND r.opened_at_ms > $2
       AND NOT EXISTS (SELECT 1 FROM ride x WHERE x.municipality = $1 AND x.ride_key = r.ride_key)
       AND NOT EXISTS (SELECT 1 FROM ride_cancel x WHERE x.municipality = $1 AND x.ride_key = r.ride_key)
       AND NOT EXISTS (SELECT 1 FROM quarantine x WHERE x.municipality = $1 AND x.ride_key = r.ride_key)
       AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.municipality = $1 AND h.ride_key = r.ride_key
                         AND h.state <> 'placed')`,
    [municipality, sinceMs],
  );
  const rides = rows.map((row): [string, UnderWay] => [
    row.ride_key,
    { vehicleId: row.vehicle_id, sinceMs: row.opened_at_ms },
  ]);
  return { cursor, head: cursor, rides: new Map(rides) };
}

/** Takes what this process has written itself. */
function takeRecent({ recent }: BusyTrackerDeps, municipality: MunicipalityId, book: Book): void {
  for (const { position, atMs, type, rideKey, body } of recent?.after(municipality, book.cursor, Infinity) ?? []) {
    const vehicleId = "vehicleId" in body ? body.vehicleId : null;
    take(book, { position, at_ms: atMs, type, ride_key: rideKey, vehicle_id: vehicleId });
  }
}

interface EventRow {
  readonly position: number;
  readonly at_ms: number;
  readonly type: RideEventType;
  readonly ride_key: string;
  readonly vehicle_id: string | null;
}

function take(book: Book, row: EventRow): void {
  const change = busyChange({ type: row.type, rideKey: row.ride_key, vehicleId: row.vehicle_id });
  if (change?.kind === "begins") {
    book.rides.set(change.rideKey, { vehicleId: change.vehicleId, sinceMs: row.at_ms });
  } else if (change) book.rides.delete(change.rideKey);
  book.cursor = row.position;
}

async function takeBatch(sql: Sql, municipality: MunicipalityId, book: Book): Promise<number> {
  const rows = await sql.query<EventRow>(
    `SELECT position, at_ms, type, ride_key, body->>'vehicleId' AS vehicle_id FROM event
     WHERE municipality = $1 AND position > $2 ORDER BY position LIMIT $3`,
    [municipality, book.cursor, BATCH],
  );
  for (const row of rows) take(book, row);
  return rows.length;
}
