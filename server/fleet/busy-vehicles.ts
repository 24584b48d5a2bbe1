import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEventType } from "#server/rides/ride-events.ts";
import type { Sql } from "#server/storage/database.ts";
import { readHead } from "#server/stream/event-log.ts";
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

/** Follows the log in memory to know which vehicles have a ride under way. Starts from the open holds in the ledger. */
export interface BusyTracker extends BusyVehicles {
  /** The log is said to end at a position now. */
  hint(municipality: MunicipalityId, position: number): void;
  /** Takes what the log has new. */
  advance(municipality: MunicipalityId): Promise<void>;
}

/** A tracker over `sql`; `now` in epoch ms. */
export function createBusyTracker(sql: Sql, now: () => number): BusyTracker {
  const books = new Map<MunicipalityId, Book>();
  return {
    async advance(municipality) {
      let book = books.get(municipality);
      if (!book) {
        book = await openBook(sql, municipality);
        books.set(municipality, book);
      }
      while ((await takeBatch(sql, municipality, book)) === BATCH);
      book.head = Math.max(book.head, book.cursor);
    },
    hint(municipality, position) {
      const book = books.get(municipality);
      if (book) book.head = Math.max(book.head, position);
    },
    vehicles(municipality) {
      const book = books.get(municipality);
      if (!book || book.cursor < book.head) return null;
      const longAgo = now() - LONGEST_MS;
      for (const [rideKey, ride] of book.rides) if (ride.sinceMs < longAgo) book.rides.delete(rideKey);
      return new Set([...book.rides.values()].map((ride) => ride.vehicleId));
    },
  };
}

async function openBook(sql: Sql, municipality: MunicipalityId): Promise<Book> {
  const cursor = await readHead(sql, municipality);
  const rows = await sql.query<{ ride_key: string; vehicle_id: string; opened_at_ms: number }>(
    `SELECT DISTINCT r.ride_key, r.vehicle_id, r.opened_at_ms FROM hold h
     JOIN ride_open r ON r.municipality = h.municipality AND r.ride_key = h.ride_key
     WHERE h.municipality = $1 AND h.state = 'placed'`,
    [municipality],
  );
  const rides = rows.map((row): [string, UnderWay] => [
    row.ride_key,
    { vehicleId: row.vehicle_id, sinceMs: row.opened_at_ms },
  ]);
  return { cursor, head: cursor, rides: new Map(rides) };
}

async function takeBatch(sql: Sql, municipality: MunicipalityId, book: Book): Promise<number> {
  const rows = await sql.query<{
    position: number;
    at_ms: number;
    type: RideEventType;
    ride_key: string;
    vehicle_id: string | null;
  }>(
    `SELECT position, at_ms, type, ride_key, body->>'vehicleId' AS vehicle_id FROM event
     WHERE municipality = $1 AND position > $2 ORDER BY position LIMIT $3`,
    [municipality, book.cursor, BATCH],
  );
  for (const row of rows) {
    const change = busyChange({ type: row.type, rideKey: row.ride_key, vehicleId: row.vehicle_id });
    if (change?.kind === "begins") {
      book.rides.set(change.rideKey, { vehicleId: change.vehicleId, sinceMs: row.at_ms });
    } else if (change) book.rides.delete(change.rideKey);
    book.cursor = row.position;
  }
  return rows.length;
}
