import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import type { Viewer } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, type MunicipalityId, type TerminalId, type VehicleId } from "#domain/ids.ts";
import { ok } from "#domain/result.ts";
import { readConfig } from "#server/config.ts";
import { createCabDirectory } from "#server/fleet/cab-directory.ts";
import { createFleetVersion } from "#server/fleet/fleet-version.ts";
import { createLog } from "#server/log.ts";
import type { Verifier } from "#server/registry/verifier-port.ts";
import { createRideService } from "#server/rides/create-ride-service.ts";
import type { RecordedBatch, RideService } from "#server/rides/ride-service.ts";
import { loadCities } from "#server/schemes/load-cities.ts";
import { startServer } from "#server/start-server.ts";
import type { Database } from "#server/storage/database.ts";
import { startPostgresCluster } from "#tests/kit/postgres-cluster.ts";

/** Cabs and people of the benched city. */
export const CABS = 300;
export const PEOPLE = 30_000;
const CITY = "maebashi";
const SCHEME = "mytaxi";

export type TerminalViewer = Extract<Viewer, { kind: "terminal" }>;

/** The real server with a fleet and people, and beside its write path one that does nothing. */
export interface BenchServer {
  readonly kind: Database["kind"];
  readonly port: number;
  readonly municipality: MunicipalityId;
  readonly database: Database;
  /** The server's clock, epoch ms: 17:30 in the city when the bench began. */
  now(): number;
  /** Authorization of a terminal; those that begin with `empty` reach the path that does nothing. */
  authorization(terminalId: string): Promise<string>;
  viewer(terminalId: string): TerminalViewer;
  /** A second ride service on the same database whose verifier opens {@link benchEvidence}. */
  readonly opener: RideService;
  /** What the path that does nothing answers, per number of rides. */
  setEmptyAnswer(rides: number, answer: RecordedBatch): void;
  stop(): Promise<void>;
}

/** Evidence of the n-th person, as the bench's own verifier opens it. */
export function benchEvidence(person: number): Uint8Array {
  return Buffer.from(String(person), "utf8");
}

function tokenOf(person: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`bench ${person}`).digest());
}

const KEY_VERSION = 1_000_000;
const benchVerifier: Verifier = {
  sealingKey: { keyId: "bench", publicKeySpki: new Uint8Array() },
  open: async (_municipality, sealed, atMs) => {
    const token = tokenOf(Buffer.from(sealed).toString("utf8"));
    const validUntilMs = atMs + 1e9;
    return ok({ token, keyVersion: KEY_VERSION, readAtMs: atMs, validUntilMs, assurance: "identified", card: "good" });
  },
  tokenOf: () => {
    throw new Error("no cards are linked in a bench");
  },
};

/** Starts the real server on a fresh database of a kind, in a directory of its own. */
export async function startBenchServer(kind: Database["kind"]): Promise<BenchServer> {
  const directory = await mkdtemp(path.join(tmpdir(), "notte-bench-"));
  const cluster = kind === "postgres" ? await startPostgresCluster() : undefined;
  const databaseUrl = await cluster?.createDatabase("bench");
  const read = readConfig({
    NOTTE_MODE: "demo",
    PORT: "0",
    LOG_LEVEL: "error",
    DATA_DIR: directory,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  });
  if (!read.ok) throw new Error(read.problems.join(" "));
  const beganMs = performance.now();
  const startMs = Date.UTC(2026, 10, 20, 8, 30);
  const now = (): number => Math.floor(startMs + performance.now() - beganMs);
  const emptyAnswers = new Map<number, RecordedBatch>();
  const parts: { database?: Database; rides?: RideService } = {};
  const log = createLog("error");
  const server = await startServer(read.config, {
    log,
    realNow: now,
    aroundRides(rides, database) {
      parts.database = database;
      parts.rides = rides;
      return withEmptyPath(rides, emptyAnswers);
    },
  });
  const { database } = parts;
  if (!database) throw new Error("the server did not show its database");
  const keys = generateKeyPairSync("ed25519");
  const municipality = asId<MunicipalityId>(CITY);
  await seedRegistry(database, municipality, keys.publicKey);
  let ids = 0;
  const opener = createRideService({
    database,
    cities: await loadCities(read.config.citiesDir),
    cabs: createCabDirectory(
      database,
      createFleetVersion(database, () => performance.now()),
    ),
    verifier: benchVerifier,
    clock: now,
    newId: () => `hold-${++ids}`,
    randomBytes: (count) => new Uint8Array(count).fill(1),
    signing: { keyId: "bench", privateKey: generateKeyPairSync("ed25519").privateKey },
    log,
    onCommitted: () => {},
  });
  return {
    kind,
    port: server.port,
    municipality,
    database,
    now,
    opener,
    authorization: tokenMaker(municipality, keys.privateKey, now),
    viewer: (terminalId) => viewerOf(municipality, terminalId),
    setEmptyAnswer: (rides, answer) => void emptyAnswers.set(rides, answer),
    async stop() {
      await opener.drain();
      await server.stop();
      await cluster?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The same use-case signature with nothing behind it, for terminals that begin with `empty`. */
function withEmptyPath(rides: RideService, answers: ReadonlyMap<number, RecordedBatch>): RideService {
  return {
    ...rides,
    async record(viewer, input) {
      const answer = answers.get(input.length);
      const isEmpty = viewer.kind === "terminal" && viewer.terminalId.startsWith("empty");
      return isEmpty && answer ? answer : rides.record(viewer, input);
    },
  };
}

function viewerOf(municipality: MunicipalityId, terminalId: string): TerminalViewer {
  const isMigration = terminalId.includes("migration");
  return {
    kind: "terminal",
    terminalId: terminalId as TerminalId,
    municipality,
    terminalKind: isMigration ? "migration" : "cab",
    companyId: isMigration ? null : ("bench" as CompanyId),
    vehicleId: isMigration ? null : (`v-${terminalId}` as VehicleId),
  };
}

const TOKEN_LIFE_S = 600;

function tokenMaker(municipality: string, key: KeyObject, now: () => number): BenchServer["authorization"] {
  const made = new Map<string, { text: string; iat: number }>();
  return async (terminalId) => {
    const iat = Math.floor(now() / 1000);
    const known = made.get(terminalId);
    if (known && iat - known.iat < TOKEN_LIFE_S / 3) return known.text;
    const claims = { municipality, sub: terminalId, aud: "notte-server", iat, exp: iat + TOKEN_LIFE_S };
    const jwt = await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid: terminalId }).sign(key);
    const text = `Terminal ${jwt}`;
    made.set(terminalId, { text, iat });
    return text;
  };
}

/** A company, cabs for both paths, a migration terminal for both paths, people with a card each. */
async function seedRegistry(database: Database, municipality: MunicipalityId, publicKey: KeyObject): Promise<void> {
  const cabs = ["cab", "empty"].flatMap((path) => Array.from({ length: CABS }, (_, i) => `${path}-${i}`));
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const people = Array.from({ length: PEOPLE }, (_, i) => String(i));
  await database.query("INSERT INTO company VALUES ($1, 'bench', 'Bench')", [municipality]);
  await database.query(
    `INSERT INTO vehicle (municipality, vehicle_id, company_id, label)
     SELECT $1, 'v-' || c, 'bench', c FROM unnest($2::text[]) c`,
    [municipality, cabs],
  );
  await database.query(
    `INSERT INTO terminal (municipality, terminal_id, kind, vehicle_id, public_key)
     SELECT $1, c, 'cab', 'v-' || c, $3::bytea FROM unnest($2::text[]) c`,
    [municipality, cabs, spki],
  );
  await database.query(
    `INSERT INTO terminal (municipality, terminal_id, kind, vehicle_id, public_key, valid_until_ms)
     SELECT $1, c, 'migration', NULL, $3::bytea, $4::bigint FROM unnest($2::text[]) c`,
    [municipality, ["migration", "empty-migration"], spki, Number.MAX_SAFE_INTEGER],
  );
  await database.query(
    `INSERT INTO entitlement (municipality, entitlement_id, scheme_id, valid_from_day, valid_to_day)
     SELECT $1, 'e-' || p, $3::text, 0, 40000 FROM unnest($2::text[]) p`,
    [municipality, people, SCHEME],
  );
  await database.query(
    `INSERT INTO credential (municipality, credential_id, entitlement_id, token, key_version)
     SELECT $1, 'c-' || p, 'e-' || p, t, $4::int FROM unnest($2::text[], $3::bytea[]) AS x(p, t)`,
    [municipality, people, people.map(tokenOf), KEY_VERSION],
  );
}
