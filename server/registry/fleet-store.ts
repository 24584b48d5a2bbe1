import type { MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import type { CompanyEntry, TerminalEntry, VehicleEntry } from "./fleet-registry.ts";

/** Those of `ids` that are companies of the municipality, by id. */
export async function readCompanies(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CompanyEntry>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<CompanyEntry>(
    "SELECT company_id AS id, name FROM company WHERE municipality = $1 AND company_id = ANY($2::text[])",
    [municipality, ids],
  );
  return byId(rows);
}

/** Those of `ids` that are vehicles of the municipality, by id. */
export async function readVehicles(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VehicleEntry>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<VehicleEntry>(
    `SELECT vehicle_id AS id, company_id AS "companyId", label FROM vehicle
     WHERE municipality = $1 AND vehicle_id = ANY($2::text[])`,
    [municipality, ids],
  );
  return byId(rows);
}

/** Those of `ids` that are terminals of the municipality, by id. */
export async function readTerminals(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TerminalEntry>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<TerminalEntry>(
    `SELECT terminal_id AS id, kind, vehicle_id AS "vehicleId", public_key AS "publicKey",
            valid_until_ms AS "validUntilMs"
     FROM terminal WHERE municipality = $1 AND terminal_id = ANY($2::text[])`,
    [municipality, ids],
  );
  return byId(rows);
}

/** The state of a terminal, or undefined when there is none. */
export async function readTerminalState(
  sql: Sql,
  municipality: MunicipalityId,
  terminalId: string,
): Promise<"active" | "stopped" | undefined> {
  const [row] = await sql.query<{ state: "active" | "stopped" }>(
    "SELECT state FROM terminal WHERE municipality = $1 AND terminal_id = $2",
    [municipality, terminalId],
  );
  return row?.state;
}

function byId<Entry extends { readonly id: string }>(rows: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(rows.map((row) => [row.id, row]));
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

/** Writes terminals, replacing kind, vehicle, key and end of those of the same id; their state stays. */
export async function putTerminals(
  sql: Sql,
  municipality: MunicipalityId,
  terminals: readonly TerminalEntry[],
): Promise<void> {
  if (terminals.length === 0) return;
  await sql.query(
    `INSERT INTO terminal (municipality, terminal_id, kind, vehicle_id, public_key, valid_until_ms)
     SELECT $1, id, kind, vehicle_id, public_key, valid_until_ms
     FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[])
       AS entry (id, kind, vehicle_id, public_key, valid_until_ms)
     ON CONFLICT (municipality, terminal_id) DO UPDATE
       SET kind = excluded.kind, vehicle_id = excluded.vehicle_id, public_key = excluded.public_key,
           valid_until_ms = excluded.valid_until_ms`,
    [
      municipality,
      terminals.map((terminal) => terminal.id),
      terminals.map((terminal) => terminal.kind),
      terminals.map((terminal) => terminal.vehicleId),
      terminals.map((terminal) => terminal.publicKey),
      terminals.map((terminal) => terminal.validUntilMs),
    ],
  );
}

/** Sets a terminal's state. */
export async function setTerminal(
  sql: Sql,
  change: { readonly municipality: MunicipalityId; readonly terminalId: string; readonly state: "active" | "stopped" },
): Promise<void> {
  await sql.query("UPDATE terminal SET state = $3 WHERE municipality = $1 AND terminal_id = $2", [
    change.municipality,
    change.terminalId,
    change.state,
  ]);
}
