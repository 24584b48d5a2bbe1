import type {
  EnrolResult,
  EntitlementInput,
  FleetInput,
  LinkCardInput,
  Municipality,
  SignInResult,
} from "../generated/graphql.ts";
import { ApiError } from "./api-error.ts";
import { createGraphqlClient, type GraphqlClient, type GraphqlClientOptions } from "./graphql-client.ts";

/** What the city's administrator does through the public API before taxis can run. Every call may be repeated. */
export interface CityDesk {
  enrolFleet(fleet: Omit<FleetInput, "municipality">): Promise<void>;
  registerEntitlements(entitlements: readonly EntitlementInput[]): Promise<void>;
  linkCards(links: readonly LinkCardInput[]): Promise<void>;
  /** True when the ledger holds a ride of this key. */
  hasRide(rideKey: string): Promise<boolean>;
  /** The verifier's public key, to which terminals seal evidence. */
  sealingKey(): Promise<{ readonly keyId: string; readonly publicKeySpki: Uint8Array }>;
}

/** How to reach the desk: login and password, or nothing for the one-click sign-in of demo mode. */
export interface DeskOptions extends Pick<GraphqlClientOptions, "serverUrl" | "signal" | "retryForMs"> {
  readonly municipality: string;
  readonly login?: { readonly name: string; readonly password: string };
}

const MOST_OF_EACH = 1_000;
const MOST_ENTITLEMENTS = 5_000;
const MOST_LINKS = 500;
const ENROLLED = "{ ok written error { code message path } }";

/**
 * Signs in as the city's administrator.
 * @throws ApiError REFUSED when the sign-in is refused
 */
export async function openCityDesk(options: DeskOptions): Promise<CityDesk> {
  const { municipality } = options;
  const token = await signIn(createGraphqlClient(options), options);
  const client = createGraphqlClient({ ...options, authorization: async () => `Bearer ${token}` });
  const enrol = async (name: string, query: string, variables: object): Promise<void> => {
    const data = await client.request<Record<string, EnrolResult>>(query, { municipality, ...variables });
    const error = data[name]?.error;
    if (error) throw new ApiError("REFUSED", `${name}: ${error.code} ${error.message}`, { serverCode: error.code });
  };
  return {
    async enrolFleet({ companies = [], vehicles = [], terminals = [] }) {
      const query = `mutation($input: FleetInput!) { enrolFleet(input: $input) ${ENROLLED} }`;
      const parts = Math.max(
        1,
        Math.ceil(Math.max(companies.length, vehicles.length, terminals.length) / MOST_OF_EACH),
      );
      // All companies before any vehicle, all vehicles before any terminal.
      for (const fleet of [{ companies }, { vehicles }, { terminals }]) {
        for (let part = 0; part < parts; part++) {
          const slice = Object.entries(fleet).map(([kind, all]) => [
            kind,
            all.slice(part * MOST_OF_EACH, (part + 1) * MOST_OF_EACH),
          ]);
          const input = { municipality, ...Object.fromEntries(slice) };
          if (slice.some(([, list]) => (list as unknown[]).length > 0)) await enrol("enrolFleet", query, { input });
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
    async hasRide(rideKey) {
      const query =
        "query($municipality: ID!, $rideKey: ID!) { ride(municipality: $municipality, rideKey: $rideKey) { rideKey } }";
      const { ride } = await client.request<{ ride: object | null }>(query, { municipality, rideKey });
      return ride !== null;
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

async function signIn(client: GraphqlClient, { municipality, login }: DeskOptions): Promise<string> {
  const fields = "{ ok token error }";
  const data = login
    ? await client.request<{ signIn: SignInResult }>(
        `mutation($login: String!, $password: String!) { signIn(login: $login, password: $password) ${fields} }`,
        { login: login.name, password: login.password },
      )
    : await client.request<{ signIn: SignInResult }>(
        `mutation($municipality: ID!) { signIn: demoSignIn(municipality: $municipality, role: CITY_ADMIN) ${fields} }`,
        { municipality },
      );
  const { token, error } = data.signIn;
  if (!token) {
    throw new ApiError("REFUSED", `sign-in refused: ${error ?? "no token"}`, { serverCode: error ?? "NO_TOKEN" });
  }
  return token;
}
