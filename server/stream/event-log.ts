import { assert } from "#domain/assert.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import type { Sql } from "#server/storage/database.ts";

interface EventRow {
  position: number;
  at_ms: number;
  type: string;
  ride_key: string | null;
  body: unknown;
}

/** The body's form is the write path's own (`ride-events.ts`); the log holds nothing else. */
function eventOf(row: EventRow): RideEvent {
  return {
    position: row.position,
    atMs: row.at_ms,
    rideKey: row.ride_key ?? "",
    type: row.type,
    body: row.body,
  } as RideEvent;
}

/** Events after a position in log order, at most `limit`. Positions are dense: a gap is a broken invariant. */
export async function readEvents(
  sql: Sql,
  municipality: MunicipalityId,
  range: { readonly after: number; readonly limit: number },
): Promise<readonly RideEvent[]> {
  const rows = await sql.query<EventRow>(
    `SELECT position, at_ms, type, ride_key, body FROM event
     WHERE municipality = $1 AND position > $2 ORDER BY position LIMIT $3`,
    [municipality, range.after, range.limit],
  );
  for (const [index, row] of rows.entries()) {
    assert(row.position === range.after + index + 1, `gap in the log of ${municipality} at ${range.after + index + 1}`);
  }
  return rows.map(eventOf);
}

/** The newest events up to and including a position, newest first. */
export async function readNewestEvents(
  sql: Sql,
  municipality: MunicipalityId,
  range: { readonly upTo: number; readonly limit: number },
): Promise<readonly RideEvent[]> {
  const rows = await sql.query<EventRow>(
    `SELECT position, at_ms, type, ride_key, body FROM event
     WHERE municipality = $1 AND position <= $2 ORDER BY position DESC LIMIT $3`,
    [municipality, range.upTo, range.limit],
  );
  return rows.map(eventOf);
}

/** The last position of a municipality's log; 0 when it is empty. */
export async function readHead(sql: Sql, municipality: MunicipalityId): Promise<number> {
  const [row] = await sql.query<{ last_position: number }>(
    "SELECT last_position FROM log_head WHERE municipality = $1",
    [municipality],
  );
  return row?.last_position ?? 0;
}

/** When the event at a position was written (epoch ms), or undefined. */
export async function readEventTime(
  sql: Sql,
  municipality: MunicipalityId,
  position: number,
): Promise<number | undefined> {
  const [row] = await sql.query<{ at_ms: number }>(
    "SELECT at_ms FROM event WHERE municipality = $1 AND position = $2",
    [municipality, position],
  );
  return row?.at_ms;
}
