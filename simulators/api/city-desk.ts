import type { EnrolResult, EntitlementInput, FleetInput, LinkCardInput, Municipality } from "../generated/graphql.ts";
import { ApiError } from "./api-error.ts";
import { openStaffClient, type StaffOptions } from "./staff-client.ts";

/** What the city's administrator does through the public API before taxis can run. Every call may be repeated. */
export interface CityDesk {
  enrolFleet(fleet: Omit<FleetInput, "municipality">): Promise<void>;
  registerEntitlements(entitlements: readonly EntitlementInput[]): Promise<void>;
  linkCards(links: readonly LinkCardInput[]): Promise<void>;
  /** The verifier's public key, to which terminals seal evidence. */
  sealingKey(): Promise<{ readonly keyId: string; readonly publicKeySpki: Uint8Array }>;
}

const MOST_OF_EACH = 1_000;
const MOST_ENTITLEMENTS = 5_000;
const MOST_LINKS = 500;
const ENROLLED = "{ ok written error { code message path } }";

/**
 * Signs in as the city's administrator.
 * @throws ApiError REFUSED when the sign-in is refused
 */
export async function openCityDesk(options: StaffOptions): Promise<CityDesk> {
  const { municipality } = options;
  const client = await openStaffClient(options, "CITY_ADMIN");
  const enrol = async (name: string, query: string, variables: object): Promise<void> => {
    const data = await client.request<Record<string, EnrolResult>>(query, { municipality, ...variables });
    const error = data[name]?.error;
    if (error) throw new ApiError("REFUSED", `${name}: ${error.code} ${error.message}`, { serverCode: error.code });
  };
  return {
    async enrolFleet({ companies = [], vehicles = [], terminals = [] }) {
      const query = `mutation($input: FleetInput!) { enrolFleet(input: $input) ${ENROLLED} }`;
      // Companies, vehicles and terminals go in one after the other: each refers to the one before.
      for (const [kind, list] of Object.entries({ companies, vehicles, terminals })) {
        for (let at = 0; at < list.length; at += MOST_OF_EACH) {
          const input = { municipality, [kind]: list.slice(at, at + MOST_OF_EACH) };
          await enrol("enrolFleet", query, { input });
        }
      }
    },
    async registerEntitlements(entitlements) {
      const query = `mutation($municipality: ID!, $input: [EntitlementInput!]!) {
        registerEntitlements(municipality: $municipality, input: $input) ${ENROLLED} }`;
      for (let at = 0; at < entitlements.length; at += MOST_ENTITLEMENTS) {
        await enrol("registerEntitlements", query, { input: entitlements.slice(at, at + MOST_ENTITLEMENTS) });
      }
    },
    async linkCards(links) {
      const query = `mutation($municipality: ID!, $input: [LinkCardInput!]!) {
        linkCards(municipality: $municipality, input: $input) ${ENROLLED} }`;
      for (let at = 0; at < links.length; at += MOST_LINKS) {
        await enrol("linkCards", query, { input: links.slice(at, at + MOST_LINKS) });
      }
    },
    async sealingKey() {
      const query = "query { municipalities { id verifierSealingKey verifierKeyId } }";
      const { municipalities } = await client.request<{ municipalities: readonly Municipality[] }>(query, {});
      const found = municipalities.find((one) => one.id === municipality);
      if (!found) throw new ApiError("REFUSED", `the server does not serve ${municipality}`);
      return {
        keyId: found.verifierKeyId,
        publicKeySpki: new Uint8Array(Buffer.from(found.verifierSealingKey, "base64")),
      };
    },
  };
}
