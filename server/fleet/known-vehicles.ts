import type { MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";

/** Which vehicles the registry knows, from memory: telemetry cannot wait for a database. */
export interface KnownVehicles {
  /** An unknown vehicle makes the list be read again, at most every few seconds; until then it stays unknown. */
  has(municipality: MunicipalityId, vehicleId: string): boolean;
}

const REREAD_MS = 3_000;

/** Vehicles as `sql` knows them. `onError` is told when they cannot be read. */
export function createKnownVehicles(
  sql: Sql,
  elapsedMs: () => number,
  onError: (error: unknown) => void,
): KnownVehicles {
  let vehicles: ReadonlySet<string> = new Set();
  let readAtMs = Number.NEGATIVE_INFINITY;
  const read = async (): Promise<void> => {
    const rows = await sql.query<{ municipality: string; vehicle_id: string }>(
      "SELECT municipality, vehicle_id FROM vehicle",
    );
    vehicles = new Set(rows.map((row) => `${row.municipality}/${row.vehicle_id}`));
  };
  return {
    has(municipality, vehicleId) {
      if (vehicles.has(`${municipality}/${vehicleId}`)) return true;
      if (elapsedMs() - readAtMs >= REREAD_MS) {
        readAtMs = elapsedMs();
        read().catch(onError);
      }
      return false;
    },
  };
}
