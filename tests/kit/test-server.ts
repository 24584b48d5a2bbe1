import { generateKeyPairSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { io, type Socket } from "socket.io-client";
import { type ClientToServerEvents, LIVE_NAMESPACE, type ServerToClientEvents } from "#protocol/stream/events.ts";
import { readConfig } from "#server/config.ts";
import { createLog } from "#server/log.ts";
import { type RunningServer, startServer } from "#server/start-server.ts";

/** What GraphQL answered, with the status and headers of HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly data: any;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export type LiveClient = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A terminal that has been enrolled, with its own key. */
export interface TestTerminal {
  readonly id: string;
  readonly vehicleId: string | null;
  /** A fresh token; claims may be changed to break it. */
  token(change?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A whole server in this process, over an in-memory database unless told otherwise, spoken to by HTTP and sockets. */
export interface TestServer {
  readonly server: RunningServer;
  readonly url: string;
  now(): number;
  setNow(atMs: number): void;
  /** Everything the server logged, as text. */
  logged(): string;
  graphql(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Headers of a signed-in demo role. */
  as(role: string, companyId?: string, municipality?: string): Promise<Record<string, string>>;
  /** Enrols a company `c-<n>` with a vehicle and a terminal each. */
  enrol(kind: "CAB" | "MIGRATION", name: string, companyId?: string, municipality?: string): Promise<TestTerminal>;
  /** A socket of the live stream; closed with the server. */
  connect(auth: Readonly<Record<string, string>>): LiveClient;
  stop(): Promise<void>;
}

/** The municipality of these tests. */
export const TEST_CITY = "maebashi";
/** A Monday, 11:00 in Tokyo. */
export const TEST_NOW = Date.UTC(2026, 10, 23, 2, 0);
const YEAR_MS = 365 * 86_400_000;

/** Starts the server with settings on top of a demo in memory. */
export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const read = readConfig({ NOTTE_MODE: "demo", DATA_DIR: "memory://", PORT: "0", LOG_LEVEL: "info", ...settings });
  if (!read.ok) throw new Error(read.problems.join(" "));
  const lines: string[] = [];
  let nowMs = TEST_NOW;
  const log = createLog(read.config.logLevel, { write: (line: string) => void lines.push(line) });
  const server = await startServer(read.config, { log, realNow: () => nowMs });
  const sockets: LiveClient[] = [];

  const graphql: TestServer["graphql"] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data?: unknown; errors?: Answer["errors"] };
    return { status: response.status, headers: response.headers, data: body.data, errors: body.errors ?? [] };
  };
  const as: TestServer["as"] = async (role, companyId, municipality = TEST_CITY) => {
    const { data } = await graphql(
      "mutation ($m: ID!, $r: StaffRole!, $c: ID) { demoSignIn(municipality: $m, role: $r, companyId: $c) { token error } }",
      { m: municipality, r: role, c: companyId ?? null },
    );
    if (!data.demoSignIn.token) throw new Error(`no demo sign-in: ${data.demoSignIn.error}`);
    return { authorization: `Bearer ${data.demoSignIn.token}` };
  };

  return {
    server,
    url: server.url,
    now: () => nowMs,
    setNow(atMs) {
      nowMs = atMs;
    },
    logged: () => lines.join(""),
    graphql,
    as,
    async enrol(kind, name, companyId = "c-1", municipality = TEST_CITY) {
      const keys = generateKeyPairSync("ed25519");
      const vehicleId = kind === "CAB" ? `v-${name}` : null;
      const { data, errors } = await graphql(
        "mutation ($input: FleetInput!) { enrolFleet(input: $input) { ok error { code message } } }",
        {
          input: {
            municipality,
            companies: [{ id: companyId, name: `Company ${companyId}` }],
            vehicles: [{ id: `v-${name}`, companyId, label: name }],
            terminals: [
              {
                id: `t-${name}`,
                kind,
                vehicleId,
                publicKey: keys.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
                validUntil: kind === "MIGRATION" ? TEST_NOW + YEAR_MS : null,
              },
            ],
          },
        },
        await as("CITY_ADMIN", undefined, municipality),
      );
      if (!data?.enrolFleet.ok) throw new Error(`not enrolled: ${JSON.stringify(data?.enrolFleet ?? errors)}`);
      const id = `t-${name}`;
      return {
        id,
        vehicleId,
        token(change = {}) {
          const iat = Math.floor(nowMs / 1000);
          const claims = { municipality, sub: id, aud: "notte-server", iat, exp: iat + 600, ...change };
          return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid: id }).sign(keys.privateKey);
        },
      };
    },
    connect(auth) {
      const socket: LiveClient = io(`${server.url}${LIVE_NAMESPACE}`, {
        auth,
        transports: ["websocket"],
        forceNew: true,
        reconnectionDelay: 20,
        reconnectionDelayMax: 50,
      });
      sockets.push(socket);
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.close();
      await server.stop();
    },
  };
}

/** A ride of a registered person as a migration terminal sends it. */
export function rideInput(nowMs: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    rideId: randomUUID(),
    boardedAt: nowMs - 900_000,
    alightedAt: nowMs - 60_000,
    distanceM: 3_000,
    components: [{ kind: "METER", amountMinor: 1_070 }],
    riders: [{ credentialId: "cred-1" }],
    erasable: { salt: Buffer.alloc(16, 7).toString("base64"), boarding: { latE6: 36_389_500, lngE6: 139_063_400 } },
    ...change,
  };
}

/** Registers people `ent-<n>` with credentials `cred-<n>`. */
export async function registerPeople(test: TestServer, count: number, municipality = TEST_CITY): Promise<void> {
  const input = Array.from({ length: count }, (_, index) => ({
    id: `ent-${index + 1}`,
    credentialId: `cred-${index + 1}`,
    validFrom: "2020-04-01",
    validTo: "2030-03-31",
  }));
  const { data, errors } = await test.graphql(
    "mutation ($m: ID!, $input: [EntitlementInput!]!) { registerEntitlements(municipality: $m, input: $input) { ok error { code } } }",
    { m: municipality, input },
    await test.as("CITY_ADMIN", undefined, municipality),
  );
  if (!data?.registerEntitlements.ok) throw new Error(`not registered: ${JSON.stringify(data ?? errors)}`);
}

/** The mutation that records rides, with everything tests look at. */
export const RECORD = `mutation ($input: [RideInput!]!) {
  recordRides(input: $input) {
    outcomes { rideId status replayed rideKey position error { code path } decision { subsidyMinor riderPaysMinor } }
    receipt { digest firstPosition lastPosition }
    error { code }
  }
}`;
