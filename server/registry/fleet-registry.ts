import { createPublicKey } from "node:crypto";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { bumpFleetVersion } from "#server/fleet/fleet-version.ts";
import { requirePermission } from "#server/identity/require.ts";
import type { Database, Sql } from "#server/storage/database.ts";
import { appendChanges, lockRegistry } from "./change-store.ts";
import { type Enrolled, enrolled, refused, refuseIds } from "./enrolled.ts";
import { differences, ofCompany, ofTerminal, ofVehicle } from "./fleet-changes.ts";
import {
  putCompanies,
  putTerminals,
  putVehicles,
  readCompanies,
  readTerminalState,
  readTerminals,
  readVehicles,
  setTerminal,
} from "./fleet-store.ts";
import { nameInRecord, type RegistryChange } from "./registry-change.ts";

export interface CompanyEntry {
  readonly id: string;
  readonly name: string;
}
export interface VehicleEntry {
  readonly id: string;
  readonly companyId: string;
  /** Number painted on the cab. */
  readonly label: string;
}
export interface TerminalEntry {
  readonly id: string;
  readonly kind: "cab" | "migration";
  readonly vehicleId: string | null;
  /** SPKI (DER) of the terminal's Ed25519 key. */
  readonly publicKey: Uint8Array;
  /** Its calls are refused from this instant (epoch ms) on; null when it has no end. */
  readonly validUntilMs: number | null;
}

/** Companies, vehicles and terminals to be enrolled together. */
export interface FleetEntries {
  readonly municipality: MunicipalityId;
  readonly companies: readonly CompanyEntry[];
  readonly vehicles: readonly VehicleEntry[];
  readonly terminals: readonly TerminalEntry[];
}

const MOST = 1_000;
const NAME_MAX = 100;

/** What the fleet's registry needs. */
export interface FleetRegistryDeps {
  readonly database: Database;
  readonly now: () => number;
  /** Told after every change, so that nothing stale is remembered in this process. */
  readonly changed: () => void;
}

/** Use-cases of the fleet's registry. Every change stands in the record; what changes nothing does not. */
export function createFleetRegistry({ database, now, changed }: FleetRegistryDeps) {
  const change = async (
    viewer: Viewer,
    municipality: MunicipalityId,
    work: (tx: Sql) => Promise<{ readonly answer: Enrolled; readonly changes: readonly RegistryChange[] }>,
  ): Promise<Enrolled> => {
    const answer = await database.transaction(async (tx) => {
      await lockRegistry(tx, municipality);
      const done = await work(tx);
      if (done.changes.length > 0) {
        await appendChanges(tx, { municipality, atMs: now(), by: nameInRecord(viewer), reason: null }, done.changes);
        await bumpFleetVersion(tx, municipality);
      }
      return done.answer;
    });
    changed();
    return answer;
  };
  return {
    /**
     * Upserts by id; all or nothing. A stopped terminal stays stopped.
     * @throws AccessError
     */
    async enrol(viewer: Viewer, entries: FleetEntries): Promise<Enrolled> {
      const { municipality } = entries;
      requirePermission(viewer, "fleet:write", municipality);
      const faulty = refuseEntries(entries);
      if (faulty) return faulty;
      return change(viewer, municipality, async (tx) => {
        const stored = await readStored(tx, entries);
        const missing = refuseUnknown(entries, stored);
        if (missing) return { answer: missing, changes: [] };
        const companies = differences("company", entries.companies, { stored: stored.companies, recordOf: ofCompany });
        const vehicles = differences("vehicle", entries.vehicles, { stored: stored.vehicles, recordOf: ofVehicle });
        const terminals = differences("terminal", entries.terminals, {
          stored: stored.terminals,
          recordOf: ofTerminal,
        });
        await putCompanies(tx, municipality, companies.written);
        await putVehicles(tx, municipality, vehicles.written);
        await putTerminals(tx, municipality, terminals.written);
        return {
          answer: enrolled(entries.companies.length + entries.vehicles.length + entries.terminals.length),
          changes: [...companies.changes, ...vehicles.changes, ...terminals.changes],
        };
      });
    },
    /**
     * Stops or frees a terminal.
     * @throws AccessError
     */
    async setTerminalState(
      viewer: Viewer,
      wanted: {
        readonly municipality: MunicipalityId;
        readonly terminalId: string;
        readonly state: "active" | "stopped";
      },
    ): Promise<Enrolled> {
      const { municipality, terminalId, state } = wanted;
      requirePermission(viewer, "fleet:write", municipality);
      return change(viewer, municipality, async (tx) => {
        const was = await readTerminalState(tx, municipality, terminalId);
        if (was === undefined) {
          return { answer: refused("UNKNOWN_TERMINAL", "terminalId", "there is no such terminal"), changes: [] };
        }
        if (was === state) return { answer: enrolled(1), changes: [] };
        await setTerminal(tx, wanted);
        const kind = state === "stopped" ? "terminal-stopped" : "terminal-resumed";
        const changes = [{ kind, subjectId: terminalId, before: { state: was }, after: { state } }] as const;
        return { answer: enrolled(1), changes };
      });
    },
  };
}

/** The fleet's registry. */
export type FleetRegistry = ReturnType<typeof createFleetRegistry>;

function refuseEntries({ companies, vehicles, terminals }: FleetEntries): Enrolled | undefined {
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map((entry) => entry.id);
  return (
    refuseIds("companies", ids(companies), MOST) ??
    refuseIds("vehicles", ids(vehicles), MOST) ??
    refuseIds("terminals", ids(terminals), MOST) ??
    refuseColons(ids(terminals)) ??
    refuseNames(
      "companies",
      "name",
      companies.map((company) => company.name),
    ) ??
    refuseNames(
      "vehicles",
      "label",
      vehicles.map((vehicle) => vehicle.label),
    ) ??
    refuseKeys(terminals)
  );
}

/** A ride's key is terminal and ride id with a colon between: with one inside, a terminal could name another's rides. */
function refuseColons(terminalIds: readonly string[]): Enrolled | undefined {
  const bad = terminalIds.findIndex((id) => id.includes(":"));
  return bad < 0 ? undefined : refused("BAD_ID", `terminals.${bad}.id`, "a terminal's id has no colon");
}

function refuseNames(list: string, field: string, names: readonly string[]): Enrolled | undefined {
  const bad = names.findIndex((name) => name.trim() === "" || name.length > NAME_MAX);
  return bad < 0 ? undefined : refused("BAD_NAME", `${list}.${bad}.${field}`, `1-${NAME_MAX} characters are needed`);
}

function refuseKeys(terminals: readonly TerminalEntry[]): Enrolled | undefined {
  const bad = terminals.findIndex((terminal) => !isEd25519(terminal.publicKey));
  if (bad >= 0) return refused("KEY_UNREADABLE", `terminals.${bad}.publicKey`, "not the SPKI (DER) of an Ed25519 key");
  const loose = terminals.findIndex((terminal) => terminal.kind === "cab" && terminal.vehicleId === null);
  if (loose >= 0)
    return refused("UNKNOWN_VEHICLE", `terminals.${loose}.vehicleId`, "a cab's terminal needs its vehicle");
  const endless = terminals.findIndex((terminal) => terminal.kind === "migration" && terminal.validUntilMs === null);
  if (endless >= 0) {
    return refused("VALID_UNTIL_MISSING", `terminals.${endless}.validUntil`, "a migration terminal needs its end");
  }
  return undefined;
}

interface StoredFleet {
  readonly companies: ReadonlyMap<string, CompanyEntry>;
  readonly vehicles: ReadonlyMap<string, VehicleEntry>;
  readonly terminals: ReadonlyMap<string, TerminalEntry>;
}

/** What is stored under the ids that are to be written or referred to. */
async function readStored(
  tx: Sql,
  { municipality, companies, vehicles, terminals }: FleetEntries,
): Promise<StoredFleet> {
  const all = (ids: readonly (string | null)[]): string[] => [...new Set(ids.flatMap((id) => id ?? []))];
  const companyIds = all([...companies.map(({ id }) => id), ...vehicles.map(({ companyId }) => companyId)]);
  const vehicleIds = all([...vehicles.map(({ id }) => id), ...terminals.map(({ vehicleId }) => vehicleId)]);
  return {
    companies: await readCompanies(tx, municipality, companyIds),
    vehicles: await readVehicles(tx, municipality, vehicleIds),
    terminals: await readTerminals(tx, municipality, all(terminals.map(({ id }) => id))),
  };
}

function refuseUnknown({ companies, vehicles, terminals }: FleetEntries, stored: StoredFleet): Enrolled | undefined {
  const given = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
  return (
    refuseMissing("vehicles", vehicles, {
      referenceOf: (vehicle) => vehicle.companyId,
      known: new Set([...given(companies), ...stored.companies.keys()]),
    }) ??
    refuseMissing("terminals", terminals, {
      referenceOf: (terminal) => terminal.vehicleId,
      known: new Set([...given(vehicles), ...stored.vehicles.keys()]),
    })
  );
}

function isEd25519(spki: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

function refuseMissing<Entry>(
  list: "vehicles" | "terminals",
  entries: readonly Entry[],
  { referenceOf, known }: { referenceOf(entry: Entry): string | null; readonly known: ReadonlySet<string> },
): Enrolled | undefined {
  const bad = entries.findIndex((entry) => {
    const reference = referenceOf(entry);
    return reference !== null && !known.has(reference);
  });
  if (bad < 0) return undefined;
  return list === "vehicles"
    ? refused("UNKNOWN_COMPANY", `vehicles.${bad}.companyId`, "there is no such company")
    : refused("UNKNOWN_VEHICLE", `terminals.${bad}.vehicleId`, "there is no such vehicle");
}
