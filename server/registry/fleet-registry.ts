import { createPublicKey } from "node:crypto";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { bumpFleetVersion } from "#server/fleet/fleet-version.ts";
import { requirePermission } from "#server/identity/require.ts";
import type { Database } from "#server/storage/database.ts";
import { type Enrolled, enrolled, refused, refuseIds } from "./enrolled.ts";
import { findCompanies, findVehicles, putCompanies, putTerminals, putVehicles, setTerminal } from "./fleet-store.ts";

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

/** Use-cases of the fleet's registry. `changed` is told after every change, so that nothing stale is remembered here. */
export function createFleetRegistry(database: Database, changed: () => void) {
  return {
    /**
     * Upserts by id; all or nothing. A stopped terminal stays stopped.
     * @throws AccessError
     */
    async enrol(viewer: Viewer, entries: FleetEntries): Promise<Enrolled> {
      const { municipality, companies, vehicles, terminals } = entries;
      requirePermission(viewer, "fleet:write", municipality);
      const faulty = refuseEntries(entries);
      if (faulty) return faulty;
      const result = await database.transaction(async (tx): Promise<Enrolled> => {
        const missing =
          refuseMissing("vehicles", vehicles, {
            referenceOf: (vehicle) => vehicle.companyId,
            known: new Set([
              ...companies.map((company) => company.id),
              ...(await findCompanies(tx, municipality, [...new Set(vehicles.map((vehicle) => vehicle.companyId))])),
            ]),
          }) ??
          refuseMissing("terminals", terminals, {
            referenceOf: (terminal) => terminal.vehicleId,
            known: new Set([
              ...vehicles.map((vehicle) => vehicle.id),
              ...(await findVehicles(tx, municipality, [...new Set(terminals.flatMap((t) => t.vehicleId ?? []))])),
            ]),
          });
        if (missing) return missing;
        await putCompanies(tx, municipality, companies);
        await putVehicles(tx, municipality, vehicles);
        await putTerminals(tx, municipality, terminals);
        await bumpFleetVersion(tx, municipality);
        return enrolled(companies.length + vehicles.length + terminals.length);
      });
      changed();
      return result;
    },
    /**
     * Stops or frees a terminal.
     * @throws AccessError
     */
    async setTerminalState(
      viewer: Viewer,
      change: {
        readonly municipality: MunicipalityId;
        readonly terminalId: string;
        readonly state: "active" | "stopped";
      },
    ): Promise<Enrolled> {
      requirePermission(viewer, "fleet:write", change.municipality);
      const found = await database.transaction(async (tx) => {
        const isKnown = await setTerminal(tx, change);
        if (isKnown) await bumpFleetVersion(tx, change.municipality);
        return isKnown;
      });
      changed();
      return found ? enrolled(1) : refused("UNKNOWN_TERMINAL", "terminalId", "there is no such terminal");
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
  return undefined;
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
