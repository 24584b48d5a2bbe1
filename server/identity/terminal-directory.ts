import type { Viewer } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, type VehicleId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";

/** An enrolled terminal, active or stopped, as kept in memory. */
export interface KnownTerminal {
  readonly viewer: TerminalViewer;
  /** SPKI (DER) of its Ed25519 key. */
  readonly publicKeySpki: Uint8Array;
  /** Grows with every change of the fleet; a verified token counts for one version only. */
  readonly fleetVersion: number;
}

/** A terminal as it may act now. */
export type TerminalViewer = Extract<Viewer, { kind: "terminal" | "stopped-terminal" }>;

/** Finds terminals; a stopped or changed one is noticed within {@link FRESH_MS}, also when another process changed it. */
export interface TerminalDirectory {
  /** An enrolled terminal, or undefined. */
  find(municipality: string, terminalId: string): Promise<KnownTerminal | undefined>;
  /** Asks the database at the next call whether the fleet changed. */
  doubt(): void;
}

/** How long what is remembered counts without asking the database whether the fleet changed. */
export const FRESH_MS = 500;
const MAX_REMEMBERED = 50_000;

interface TerminalRow {
  kind: "cab" | "migration";
  state: "active" | "stopped";
  vehicle_id: string | null;
  company_id: string | null;
  public_key: Uint8Array;
}

/** A directory over `sql`. `elapsedMs` is a monotonic clock. */
export function createTerminalDirectory(sql: Sql, elapsedMs: () => number): TerminalDirectory {
  const remembered = new Map<string, KnownTerminal>();
  let version = -1;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | undefined;

  const check = async (): Promise<void> => {
    const at = elapsedMs();
    const [row] = await sql.query<{ version: number }>(
      "SELECT coalesce(sum(version), 0)::bigint AS version FROM fleet_version",
    );
    const found = row?.version ?? 0;
    if (found !== version) remembered.clear();
    version = found;
    checkedAt = at;
  };
  const refresh = async (): Promise<void> => {
    if (elapsedMs() - checkedAt < FRESH_MS) return;
    checking ??= check().finally(() => {
      checking = undefined;
    });
    await checking;
  };

  return {
    doubt() {
      checkedAt = Number.NEGATIVE_INFINITY;
    },
    async find(municipality, terminalId) {
      await refresh();
      const key = `${municipality}/${terminalId}`;
      const known = remembered.get(key);
      if (known) return known;
      const asked = version;
      const terminal = await readTerminal(sql, municipality, terminalId);
      if (!terminal) return undefined;
      const fresh = { ...terminal, fleetVersion: asked };
      if (asked === version) {
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.set(key, fresh);
      }
      return fresh;
    },
  };
}

async function readTerminal(
  sql: Sql,
  municipality: string,
  terminalId: string,
): Promise<Omit<KnownTerminal, "fleetVersion"> | undefined> {
  const [row] = await sql.query<TerminalRow>(
    `SELECT t.kind, t.state, t.vehicle_id, v.company_id, t.public_key
     FROM terminal t LEFT JOIN vehicle v ON v.municipality = t.municipality AND v.vehicle_id = t.vehicle_id
     WHERE t.municipality = $1 AND t.terminal_id = $2`,
    [municipality, terminalId],
  );
  if (!row) return undefined;
  return {
    publicKeySpki: row.public_key,
    viewer: {
      kind: row.state === "active" ? "terminal" : "stopped-terminal",
      terminalId: asId(terminalId),
      municipality: asId(municipality),
      terminalKind: row.kind,
      companyId: row.company_id === null ? null : asId<CompanyId>(row.company_id),
      vehicleId: row.vehicle_id === null ? null : asId<VehicleId>(row.vehicle_id),
    },
  };
}

/** Tells every process that the fleet of a municipality changed. Part of the transaction that changes it. */
export async function bumpFleetVersion(sql: Sql, municipality: string): Promise<void> {
  await sql.query(
    `INSERT INTO fleet_version (municipality, version) VALUES ($1, 1)
     ON CONFLICT (municipality) DO UPDATE SET version = fleet_version.version + 1`,
    [municipality],
  );
}
