import type {
  BookTotals,
  CompanyDay,
  LedgerEntry,
  Municipality,
  QuarantinedRide,
  ResolveQuarantineResult,
  SignInResult,
  StaffRole,
  Viewer,
} from "#ui/generated/graphql.ts";
import { callApi } from "./graphql-client.ts";

/** A municipality as the screens need it. */
export type CityInfo = Pick<
  Municipality,
  "id" | "name" | "currencyCode" | "currencyMinorDigits" | "zone" | "locale" | "telephone" | "companies"
>;

/** Who asks, and what the server serves. */
export interface Surroundings {
  readonly viewer: Viewer;
  readonly cities: readonly CityInfo[];
  /** The server's clock minus this machine's, in ms: screens tell the ledger's time. */
  readonly clockOffsetMs: number;
}

const VIEWER = "kind name municipality roles companyId terminalId demo serverTime";
const STEPS = "steps { code rider amountMinor refusal parameters { name value } }";
const STANDING = "paidMinor fromCityMinor cityBearsMinor companyBearsMinor";
const RIDE = `rideKey tag position recordedAt boardedAt alightedAt distanceM vehicleLabel companyId status reversed
  fareMinor subsidyMinor riderPaysMinor ${STANDING} fromQuarantine riderCount uses refusal schemeVersion ${STEPS} components { kind amountMinor }`;
const TOTALS = `totals { rides refused reversed fareMinor subsidyMinor riderPaysMinor ${STANDING} }`;

/** Who is asking and which cities there are. @throws ApiError */
export async function fetchSurroundings(token: string | null, signal: AbortSignal): Promise<Surroundings> {
  const data = await callApi<{ viewer: Viewer; municipalities: CityInfo[] }>({
    query: `query Surroundings { viewer { ${VIEWER} } municipalities {
      id name { ja easy en } currencyCode currencyMinorDigits zone locale telephone companies { id name }
    } }`,
    token,
    signal,
  });
  const { serverTime } = data.viewer;
  return {
    viewer: data.viewer,
    cities: data.municipalities,
    clockOffsetMs: typeof serverTime === "number" ? serverTime - Date.now() : 0,
  };
}

/** A page of a company's rides of one local day. */
export interface CompanyDayQuery {
  readonly municipality: string;
  readonly companyId: string | null;
  /** Null = today. */
  readonly day: string | null;
  readonly first: number;
  /** Rides recorded before this log position. */
  readonly before: number | null;
  readonly token: string | null;
}

/** A page of rides, newest first, with the day's totals. @throws ApiError */
export async function fetchCompanyDay(page: CompanyDayQuery, signal?: AbortSignal): Promise<CompanyDay> {
  const { token, ...variables } = page;
  const data = await callApi<{ companyDay: CompanyDay }>({
    query: `query CompanyDay($municipality: ID!, $companyId: ID, $day: LocalDate, $first: Int, $before: Position) {
      companyDay(municipality: $municipality, companyId: $companyId, day: $day, first: $first, before: $before) {
        day company { id name } ${TOTALS} rides { ${RIDE} } } }`,
    variables,
    token,
    ...(signal ? { signal } : {}),
  });
  return data.companyDay;
}

/** Older ledger entries, newest first. @throws ApiError */
export async function fetchLedger(
  page: { readonly municipality: string; readonly first: number; readonly before: number | null },
  token: string | null,
): Promise<readonly LedgerEntry[]> {
  const data = await callApi<{ ledger: LedgerEntry[] }>({
    query: `query Ledger($municipality: ID!, $first: Int, $before: Position) {
      ledger(municipality: $municipality, first: $first, before: $before) {
        position at type rideKey tag postings { account amountMinor } balanceMinor uses usesLeft refusal schemeVersion
        ${STEPS} } }`,
    variables: page,
    token,
  });
  return data.ledger;
}

/** What the whole book adds up to. @throws ApiError */
export async function fetchBookTotals(municipality: string, token: string | null): Promise<BookTotals> {
  const data = await callApi<{ bookTotals: BookTotals }>({
    query: `query BookTotals($municipality: ID!) { bookTotals(municipality: $municipality) {
      lastPosition eventCount rides decidedSubsidyMinor postedSubsidyMinor eventSubsidyMinor quarantined openHolds } }`,
    variables: { municipality },
    token,
  });
  return data.bookTotals;
}

/** Rides that wait for a person. @throws ApiError */
export async function fetchQuarantine(municipality: string, token: string | null): Promise<readonly QuarantinedRide[]> {
  const data = await callApi<{ quarantine: QuarantinedRide[] }>({
    query: `query Quarantine($municipality: ID!) { quarantine(municipality: $municipality) {
      rideKey receivedAt reason companyId shownSubsidyMinor fareMinor knownRiders otherRideKey } }`,
    variables: { municipality },
    token,
  });
  return data.quarantine;
}

/** A person's decision about a ride held back. @throws ApiError */
export async function resolveQuarantine(
  input: {
    readonly municipality: string;
    readonly rideKey: string;
    readonly accept: boolean;
    readonly reason: string;
  },
  token: string | null,
): Promise<ResolveQuarantineResult> {
  const data = await callApi<{ resolveQuarantine: ResolveQuarantineResult }>({
    query: `mutation Resolve($input: ResolveQuarantineInput!) { resolveQuarantine(input: $input) {
      ok position error { code message path } } }`,
    variables: { input },
    token,
  });
  return data.resolveQuarantine;
}

const SIGNED_IN = `ok token error viewer { ${VIEWER} }`;

/** Staff sign-in; the answer sets the session cookie. @throws ApiError */
export async function signIn(login: string, password: string): Promise<SignInResult> {
  const data = await callApi<{ signIn: SignInResult }>({
    query: `mutation SignIn($login: String!, $password: String!) { signIn(login: $login, password: $password) { ${SIGNED_IN} } }`,
    variables: { login, password },
  });
  return data.signIn;
}

/** One-click sign-in of a demo role. @throws ApiError */
export async function demoSignIn(
  who: { readonly municipality: string; readonly role: StaffRole; readonly companyId?: string | null },
  /** `pane`: only a token for this page's memory; `browser`: the session cookie is set too. */
  where: "pane" | "browser",
): Promise<SignInResult> {
  const data = await callApi<{ demoSignIn: SignInResult }>({
    query: `mutation DemoSignIn($municipality: ID!, $role: StaffRole!, $companyId: ID) {
      demoSignIn(municipality: $municipality, role: $role, companyId: $companyId) { ${SIGNED_IN} } }`,
    variables: { municipality: who.municipality, role: who.role, companyId: who.companyId ?? null },
    anonymous: where === "pane",
  });
  return data.demoSignIn;
}

/** Ends the session of this browser. @throws ApiError */
export async function signOut(): Promise<void> {
  await callApi<{ signOut: boolean }>({ query: "mutation SignOut { signOut }" });
}
