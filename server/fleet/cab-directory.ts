import type { CompanyId, MunicipalityId, VehicleId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import type { FleetVersion } from "./fleet-version.ts";

/** A vehicle and the company it drives for. */
export interface Cab {
  readonly vehicleId: VehicleId;
  readonly companyId: CompanyId | null;
}

/** Finds cabs by vehicle; remembered for one version of the fleet. */
export interface CabDirectory {
  /** Those of the ids that are vehicles of the municipality. */
  find(municipality: MunicipalityId, ids: ReadonlySet<VehicleId>): Promise<ReadonlyMap<VehicleId, Cab>>;
}

const MAX_REMEMBERED = 50_000;

/** A directory over `sql`. */
export function createCabDirectory(sql: Sql, fleetVersion: FleetVersion): CabDirectory {
  const remembered = new Map<string, Cab>();
  let rememberedOf = -1;
  return {
    async find(municipality, ids) {
      const asked = await fleetVersion.current();
      if (asked !== rememberedOf) remembered.clear();
      rememberedOf = asked;
      const found = new Map<VehicleId, Cab>();
      const missing: VehicleId[] = [];
      for (const id of ids) {
        const cab = remembered.get(`${municipality}/${id}`);
        if (cab) found.set(id, cab);
        else missing.push(id);
      }
      if (missing.length === 0) return found;
      const rows = await sql.query<{ vehicle_id: VehicleId; company_id: CompanyId | null }>(
        "SELECT vehicle_id, company_id FROM vehicle WHERE municipality = $1 AND vehicle_id = ANY ($2::text[])",
        [municipality, missing],
      );
      if (remembered.size + rows.length > MAX_REMEMBERED) remembered.clear();
      for (const { vehicle_id: vehicleId, company_id: companyId } of rows) {
        const cab = { vehicleId, companyId };
        found.set(vehicleId, cab);
        // Read for a version that has been left meanwhile, it counts for this call only.
        if (rememberedOf === asked) remembered.set(`${municipality}/${vehicleId}`, cab);
      }
      return found;
    },
  };
}
