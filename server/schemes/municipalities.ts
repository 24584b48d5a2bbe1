import type { City } from "#domain/city/city.ts";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { cityDocumentText } from "#protocol/documents/city-document.ts";
import type { ServerKeys } from "#server/identity/keys.ts";
import type { Verifier } from "#server/registry/verifier-port.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { Sql } from "#server/storage/database.ts";

/** A municipality as every caller may see it. */
export interface ServedMunicipality {
  readonly city: City;
  readonly companies: readonly { readonly id: string; readonly name: string }[];
  readonly sealingKey: Verifier["sealingKey"];
  readonly receiptKeySpki: Uint8Array;
}

/** What a terminal needs to work, also without signal. */
export interface PackOfTerminal {
  readonly municipality: ServedMunicipality;
  readonly terminal: Extract<Viewer, { kind: "terminal" }>;
  readonly vehicleLabel: string | null;
  readonly companyName: string | null;
  readonly cityDocument: string;
  readonly serverTimeMs: number;
}

/** What the use-cases of municipalities need. */
export interface MunicipalitiesDeps {
  readonly sql: Sql;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly verifier: Verifier;
  readonly receiptKey: ServerKeys["receipt"];
  readonly now: () => number;
}

/** Use-cases about the municipalities served here. */
export function createMunicipalities(deps: MunicipalitiesDeps) {
  const { sql, cities } = deps;
  const documents = new Map([...cities].map(([id, city]) => [id, cityDocumentText(city)]));
  const served = (city: City, companies: ServedMunicipality["companies"]): ServedMunicipality => ({
    city,
    companies,
    sealingKey: deps.verifier.sealingKey,
    receiptKeySpki: deps.receiptKey.publicKeySpki,
  });
  return {
    /** All municipalities; open to everybody: screens need them before anyone signs in. */
    async list(_viewer: Viewer): Promise<readonly ServedMunicipality[]> {
      const companies = await listCompanies(sql);
      return [...cities.values()].map((city) => served(city, companies.get(city.id) ?? []));
    },
    /** @throws AccessError for everyone but terminals */
    async terminalPack(viewer: Viewer): Promise<PackOfTerminal> {
      if (viewer.kind !== "terminal") {
        const code = viewer.kind === "anonymous" ? "UNAUTHENTICATED" : "FORBIDDEN";
        throw new AccessError(code, "Only a terminal has a terminal pack.");
      }
      const city = cities.get(viewer.municipality);
      if (!city) throw new AccessError("UNKNOWN_MUNICIPALITY", "This server does not serve that municipality.");
      const companies = (await listCompanies(sql)).get(city.id) ?? [];
      return {
        municipality: served(city, companies),
        terminal: viewer,
        vehicleLabel: await findVehicleLabel(sql, viewer),
        companyName: companies.find((company) => company.id === viewer.companyId)?.name ?? null,
        cityDocument: documents.get(city.id) ?? cityDocumentText(city),
        serverTimeMs: deps.now(),
      };
    },
  };
}

/** Use-cases about municipalities. */
export type Municipalities = ReturnType<typeof createMunicipalities>;

async function listCompanies(sql: Sql): Promise<ReadonlyMap<string, { id: string; name: string }[]>> {
  const rows = await sql.query<{ municipality: string; company_id: string; name: string }>(
    "SELECT municipality, company_id, name FROM company ORDER BY municipality, company_id",
  );
  const companies = new Map<string, { id: string; name: string }[]>();
  for (const { municipality, company_id: id, name } of rows) {
    const list = companies.get(municipality) ?? [];
    companies.set(municipality, list);
    list.push({ id, name });
  }
  return companies;
}

async function findVehicleLabel(sql: Sql, viewer: PackOfTerminal["terminal"]): Promise<string | null> {
  if (viewer.vehicleId === null) return null;
  const [row] = await sql.query<{ label: string }>(
    "SELECT label FROM vehicle WHERE municipality = $1 AND vehicle_id = $2",
    [viewer.municipality, viewer.vehicleId],
  );
  return row?.label ?? null;
}
