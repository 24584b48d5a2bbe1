import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import type { Sql, Statement } from "#server/storage/database.ts";

/** A reader of the event log: keeps tables of its own, which follow from the log alone. */
export interface LogReader {
  /** Name of its cursor. */
  readonly name: string;
  /** What follows from events, in log order; carried out in the transaction that moves the cursor. */
  statements(municipality: MunicipalityId, events: readonly RideEvent[]): readonly Statement[];
  /** Empties its tables. */
  clear(tx: Sql, municipality: MunicipalityId): Promise<void>;
}

/** How far a reader has read; 0 before it began. */
export async function readCursor(sql: Sql, reader: string, municipality: MunicipalityId): Promise<number> {
  const [row] = await sql.query<{ position: number }>(
    "SELECT position FROM reader_cursor WHERE municipality = $1 AND reader = $2",
    [municipality, reader],
  );
  return row?.position ?? 0;
}

/**
 * Moves the cursor, and breaks the transaction (no position: CONSTRAINT) when it does not stand where the reader thought:
 * another process has taken the same events.
 */
export function moveCursor(
  reader: string,
  move: { readonly municipality: MunicipalityId; readonly from: number; readonly to: number },
): Statement {
  return {
    text: `INSERT INTO reader_cursor AS known (municipality, reader, position)
     SELECT $1, $2, CASE WHEN $3 = 0 OR EXISTS (
       SELECT FROM reader_cursor c WHERE c.municipality = $1 AND c.reader = $2) THEN $4::bigint END
     ON CONFLICT (municipality, reader)
     DO UPDATE SET position = CASE WHEN known.position = $3::bigint THEN excluded.position END`,
    parameters: [move.municipality, reader, move.from, move.to],
  };
}

/** Forgets everything a reader made, so that it rebuilds itself from the log. */
export async function resetReader(tx: Sql, reader: LogReader, municipality: MunicipalityId): Promise<void> {
  await tx.query(
    `INSERT INTO reader_cursor (municipality, reader, position) VALUES ($1, $2, 0)
     ON CONFLICT (municipality, reader) DO UPDATE SET position = 0`,
    [municipality, reader.name],
  );
  await reader.clear(tx, municipality);
}
