import type { Viewer } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, type VehicleId } from "#domain/ids.ts";
import type { FleetVersion } from "#server/fleet/fleet-version.ts";
import type { Sql } from "#server/storage/database.ts";

/** An enrolled terminal, active or stopped, as kept in memory. */
export interface KnownTerminal {
  readonly viewer: TerminalViewer;
  /** SPKI (DER) of its Ed25519 key. */
  readonly publicKeySpki: Uint8Array;
  /** From this instant on it is refused; null when it has no end. */
  readonly validUntilMs: number | null;
  /** Grows with every change of the fleet; a verified token counts for one version only. */
  readonly fleetVersion: number;
}

/** A terminal as it may act now. */
export type TerminalViewer = Extract<Viewer, { kind: "terminal" | "stopped-terminal" }>;

/** Finds terminals; remembered for one version of the fleet. */
export interface TerminalDirectory {
  /** An enrolled terminal, or undefined. */
  find(municipality: string, terminalId: string): Promise<KnownTerminal | undefined>;
}

const MAX_REMEMBERED = 50_000;

interface TerminalRow {
  kind: "cab" | "migration";
  state: "active" | "stopped";
  vehicle_id: string | null;
  company_id: string | null;
  public_key: Uint8Array;
  valid_until_ms: number | null;
}

/** A directory over `sql`. */
export function createTerminalDirectory(sql: Sql, fleetVersion: FleetVersion): TerminalDirectory {
  const remembered = new Map<string, KnownTerminal>();
  let rememberedOf = -1;

  return {
    async find(municipality, terminalId) {
      const asked = await fleetVersion.current();
      if (asked !== rememberedOf) remembered.clear();
      rememberedOf = asked;
      const key = `${municipality}/${terminalId}`;
      const known = remembered.get(key);
      if (known) return known;
      const terminal = await readTerminal(sql, municipality, terminalId);
      if (!terminal) return undefined;
      const fresh = { ...terminal, fleetVersion: asked };
      if (asked === rememberedOf) {
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
    `SELECT t.kind, t.state, t.vehicle_id, v.company_id, t.public_key, t.valid_until_ms
     FROM terminal t LEFT JOIN vehicle v ON v.municipality = t.municipality AND v.vehicle_id = t.vehicle_id
     WHERE t.municipality = $1 AND t.terminal_id = $2`,
    [municipality, terminalId],
  );
  if (!row) return undefined;
  return {
    publicKeySpki: row.public_key,
    validUntilMs: row.valid_until_ms,
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
