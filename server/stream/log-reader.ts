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

/** Takes the cursor for this transaction, so that two processes never apply the same events. */
export async function lockCursor(tx: Sql, reader: string, municipality: MunicipalityId): Promise<number> {
  const [row] = await tx.query<{ position: number }>(
    `INSERT INTO reader_cursor (municipality, reader, position) VALUES ($1, $2, 0)
     ON CONFLICT (municipality, reader) DO UPDATE SET position = reader_cursor.position RETURNING position`,
    [municipality, reader],
  );
  return row?.position ?? 0;
}

/** Moves the cursor. */
export function moveCursor(
  reader: string,
  at: { readonly municipality: MunicipalityId; readonly position: number },
): Statement {
  return {
    text: "UPDATE reader_cursor SET position = $3 WHERE municipality = $1 AND reader = $2",
    parameters: [at.municipality, reader, at.position],
  };
}

/** Forgets everything a reader made, so that it rebuilds itself from the log. */
export async function resetReader(tx: Sql, reader: LogReader, municipality: MunicipalityId): Promise<void> {
  await lockCursor(tx, reader.name, municipality);
  await reader.clear(tx, municipality);
  const { text, parameters } = moveCursor(reader.name, { municipality, position: 0 });
  await tx.query(text, parameters);
}
