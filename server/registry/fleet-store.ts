import type { MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import type { CompanyEntry, TerminalEntry, VehicleEntry } from "./fleet-registry.ts";

/** Those of `ids` that are companies of the municipality. */
export async function findCompanies(sql: Sql, municipality: MunicipalityId, ids: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "SELECT company_id AS id FROM company WHERE municipality = $1 AND company_id = ANY($2::text[])",
    [municipality, ids],
  );
  return rows.map((row) => row.id);
}

/** Those of `ids` that are vehicles of the municipality. */
export async function findVehicles(sql: Sql, municipality: MunicipalityId, ids: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "SELECT vehicle_id AS id FROM vehicle WHERE municipality = $1 AND vehicle_id = ANY($2::text[])",
    [municipality, ids],
  );
  return rows.map((row) => row.id);
}

/** Writes companies, replacing those of the same id. */
export async function putCompanies(
  sql: Sql,
  municipality: MunicipalityId,
  companies: readonly CompanyEntry[],
): Promise<void> {
  if (companies.length === 0) return;
  await sql.query(
    `INSERT INTO company (municipality, company_id, name)
     SELECT $1, id, name FROM unnest($2::text[], $3::text[]) AS entry (id, name)
     ON CONFLICT (municipality, company_id) DO UPDATE SET name = excluded.name`,
    [municipality, companies.map((company) => company.id), companies.map((company) => company.name)],
  );
}

/** Writes vehicles, replacing those of the same id. */
export async function putVehicles(
  sql: Sql,
  municipality: MunicipalityId,
  vehicles: readonly VehicleEntry[],
): Promise<void> {
  if (vehicles.length === 0) return;
  await sql.query(
    `INSERT INTO vehicle (municipality, vehicle_id, company_id, label)
     SELECT $1, id, company_id, label FROM unnest($2::text[], $3::text[], $4::text[]) AS entry (id, company_id, label)
     ON CONFLICT (municipality, vehicle_id) DO UPDATE SET company_id = excluded.company_id, label = excluded.label`,
    [
      municipality,
      vehicles.map((vehicle) => vehicle.id),
      vehicles.map((vehicle) => vehicle.companyId),
      vehicles.map((vehicle) => vehicle.label),
    ],
  );
}

/** Writes terminals, replacing kind, vehicle and key of those of the same id; their state stays. */
export async function putTerminals(
  sql: Sql,
  municipality: MunicipalityId,
  terminals: readonly TerminalEntry[],
): Promise<void> {
  if (terminals.length === 0) return;
  await sql.query(
    `INSERT INTO terminal (municipality, terminal_id, kind, vehicle_id, public_key)
     SELECT $1, id, kind, vehicle_id, public_key
     FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS entry (id, kind, vehicle_id, public_key)
     ON CONFLICT (municipality, terminal_id) DO UPDATE
       SET kind = excluded.kind, vehicle_id = excluded.vehicle_id, public_key = excluded.public_key`,
    [
      municipality,
      terminals.map((terminal) => terminal.id),
      terminals.map((terminal) => terminal.kind),
      terminals.map((terminal) => terminal.vehicleId),
      terminals.map((terminal) => terminal.publicKey),
    ],
  );
}

/** Sets a terminal's state; false when there is none. */
export async function setTerminal(
  sql: Sql,
  change: { readonly municipality: MunicipalityId; readonly terminalId: string; readonly state: "active" | "stopped" },
): Promise<boolean> {
  const rows = await sql.query(
    "UPDATE terminal SET state = $3 WHERE municipality = $1 AND terminal_id = $2 RETURNING terminal_id",
    [change.municipality, change.terminalId, change.state],
  );
  return rows.length > 0;
}
