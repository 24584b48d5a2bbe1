import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { type Calendar, createCalendar } from "#domain/time/calendar.ts";
import type { DemoAddresses } from "#protocol/demo/control.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { type App, createApp } from "./app.ts";
import { createBookQueries } from "./books/book-queries.ts";
import { bookResolvers } from "./books/resolvers.ts";
import { isLoopbackHost, type ServerConfig } from "./config.ts";
import type { Resolvers } from "./generated/graphql.ts";
import { createMetrics } from "./http/metrics.ts";
import { addStaff, faultOfStaff, needsFirstStaff } from "./identity/add-staff.ts";
import { createAuthenticator } from "./identity/authenticator.ts";
import { demoKeys, productionKeys, type ServerKeys } from "./identity/keys.ts";
import { identityResolvers } from "./identity/resolvers.ts";
import { createSessions } from "./identity/sessions.ts";
import { createSignIn } from "./identity/sign-in.ts";
import { deleteEndedSessions } from "./identity/staff-store.ts";
import { createTerminalDirectory } from "./identity/terminal-directory.ts";
import { createTerminalTokens } from "./identity/terminal-tokens.ts";
import type { Log } from "./log.ts";
import { createCardRegistry } from "./registry/card-registry.ts";
import { createFleetRegistry } from "./registry/fleet-registry.ts";
import { createReloadingVerifier } from "./registry/reloading-verifier.ts";
import { registryResolvers } from "./registry/resolvers.ts";
import { loadTrustAnchors } from "./registry/trust-anchors.ts";
import { createVerifier } from "./registry/verifier.ts";
import type { Verifier } from "./registry/verifier-port.ts";
import { createRideService } from "./rides/create-ride-service.ts";
import { rideResolvers } from "./rides/resolvers.ts";
import type { RideService } from "./rides/ride-service.ts";
import { loadCities } from "./schemes/load-cities.ts";
import { createMunicipalities } from "./schemes/municipalities.ts";
import { schemeResolvers } from "./schemes/resolvers.ts";
import type { Database } from "./storage/database.ts";
import { migrate } from "./storage/migrate.ts";
import { openDatabase } from "./storage/open-database.ts";
import { type Live, startLive } from "./stream/live.ts";

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops intake, lets gathered work commit, closes sockets and database. Safe to call again. */
  stop(): Promise<void>;
}

/** What a start may be given instead of the usual. */
export interface StartOptions {
  readonly log: Log;
  /** Real time, epoch ms; the demo's offset is added. */
  readonly realNow?: () => number;
  /** Directory of the built web app. */
  readonly webRoot?: string;
  /** Puts something around the write path; benches compare it with one that does nothing. */
  readonly aroundRides?: (rides: RideService, database: Database) => RideService;
}

/** A start that cannot go on; the message is one clear sentence. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const IN_MEMORY = "memory://";
const WEB_ROOT = resolve(import.meta.dirname, "../web/dist");

/**
 * Composition root: puts keys, cities, database and services together, and listens.
 * @throws StartError, KeysError, DocumentError, StorageError when something is missing or in use
 */
export async function startServer(config: ServerConfig, options: StartOptions): Promise<RunningServer> {
  const { log } = options;
  const realNow = options.realNow ?? Date.now;
  const now = (): number => realNow() + config.clockOffsetMs;
  const keys = openKeys(config);
  const cities = await readCities(config.citiesDir);
  const database = await openDatabase(config, (error) => log.warn({ err: error }, "an idle connection was lost"));
  try {
    const applied = await migrate(database, now());
    if (applied.length > 0) log.info({ migrations: applied }, "database brought up to date");
    await makeFirstStaff(config, { database, cities, now, log });
    return await serve({ config, options, keys, cities, database, now });
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openKeys(config: ServerConfig): ServerKeys {
  if (config.mode === "production") return productionKeys(config.keysDir ?? config.dataDir);
  return demoKeys(config.dataDir.startsWith(IN_MEMORY) ? null : join(config.dataDir, "keys"));
}

async function readCities(directory: string): Promise<ReadonlyMap<MunicipalityId, City>> {
  let cities: ReadonlyMap<MunicipalityId, City>;
  try {
    cities = await loadCities(directory);
  } catch (cause) {
    throw new StartError(`The cities in ${resolve(directory)} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  if (cities.size === 0) throw new StartError(`There is no city in ${resolve(directory)}; set CITIES_DIR.`);
  return cities;
}

interface Parts {
  readonly config: ServerConfig;
  readonly options: StartOptions;
  readonly keys: ServerKeys;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly database: Database;
  readonly now: () => number;
}

async function makeFirstStaff(
  { admin }: ServerConfig,
  { database, cities, now, log }: Pick<Parts, "database" | "cities" | "now"> & { readonly log: Log },
): Promise<void> {
  if (!admin || !(await needsFirstStaff(database))) return;
  const [only] = cities.keys();
  const municipality = admin.municipality ?? (cities.size === 1 ? only : undefined);
  if (!municipality) throw new StartError("Several cities are served: name one with NOTTE_ADMIN_MUNICIPALITY.");
  const staff = {
    municipality,
    login: admin.login,
    password: admin.password,
    name: "First administrator",
    roles: ["city-admin"],
    companyId: null,
  };
  const fault = faultOfStaff(staff, cities);
  if (fault) throw new StartError(fault);
  await addStaff(database, staff, now());
  log.info({ municipality }, "first administrator made");
}

async function serve(parts: Parts): Promise<RunningServer> {
  const { config, options, keys, cities, database, now } = parts;
  const { log } = options;
  const elapsedMs = (): number => performance.now();
  const demoMode = config.mode === "demo";
  const calendars = new Map<MunicipalityId, Calendar>(
    [...cities].map(([id, city]) => [id, createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes)]),
  );
  const verifier = createReloadingVerifier(() => verifierOf(config, keys), elapsedMs);
  const metrics = createMetrics();

  const sessions = createSessions({ sql: database, now, demoMode });
  const signIn = createSignIn({ sql: database, sessions, now, demoMode, municipalities: cities });
  const directory = createTerminalDirectory(database, elapsedMs);
  const authenticator = createAuthenticator(sessions, createTerminalTokens(directory, now));
  const live = startLive({
    database,
    cities,
    calendars,
    authenticator,
    secret: keys.token.key,
    now,
    elapsedMs,
    log,
  });
  const rides = createRideService({
    database,
    cities,
    verifier,
    clock: now,
    newId: randomUUID,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    signing: keys.receipt,
    log,
    onCommitted: live.onCommitted,
  });
  metrics.watchReaderLag(live.lag);
  metrics.watchSockets(live.sockets);

  const resolvers = combine([
    identityResolvers(signIn, now),
    schemeResolvers(createMunicipalities({ sql: database, cities, verifier, receiptKey: keys.receipt, now })),
    registryResolvers(
      createFleetRegistry(database, directory.doubt),
      createCardRegistry({ database, cities, calendars, verifier }),
    ),
    rideResolvers(options.aroundRides?.(rides, database) ?? rides, metrics),
    bookResolvers(createBookQueries({ database, cities, calendars, now, freeTaxis: live.freeTaxis })),
  ]);
  let isStopping = false;
  const app = await createApp({
    resolvers,
    authenticator,
    log,
    introspection: demoMode,
    secureCookie: !isLoopbackHost(config.host),
    readiness: { problems: () => readinessProblems({ database, live, isStopping: () => isStopping }) },
    metrics,
    webRoot: options.webRoot ?? WEB_ROOT,
    citiesDir: config.citiesDir,
    demo: demoAddressesOf(config),
    attachStream: live.attach,
    isStopping: () => isStopping,
  });
  const housekeeping = startHousekeeping({ rides, database, cities, now, log });
  const port = await listen(app, config);
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url, mode: config.mode, database: database.kind, cities: [...cities.keys()] }, "listening");

  const shutDown = async (): Promise<void> => {
    isStopping = true;
    log.info({}, "stopping: no new requests are taken");
    clearInterval(housekeeping);
    await closeConnections(app);
    await rides.drain();
    await live.stop();
    await app.stop();
    await database.close();
    log.info({}, "stopped");
  };
  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    stop() {
      stopping ??= shutDown();
      return stopping;
    },
  };
}

interface ResolverGroup {
  readonly query?: Resolvers["Query"];
  readonly mutation?: Resolvers["Mutation"];
}

function combine(groups: readonly ResolverGroup[]): Resolvers {
  return {
    Query: Object.assign({}, ...groups.map((group) => group.query)),
    Mutation: Object.assign({}, ...groups.map((group) => group.mutation)),
  };
}

function verifierOf(config: ServerConfig, keys: ServerKeys): Verifier {
  return createVerifier({
    anchors: loadTrustAnchors(config.trustAnchorsDir),
    mode: config.mode,
    sealingKeys: [keys.verifier],
    tokenKeys: [keys.token],
  });
}

function demoAddressesOf({ mode, kioskUrl, demo }: ServerConfig): DemoAddresses | null {
  return mode === "demo" && kioskUrl !== null && demo !== null ? { kioskUrl, ...demo } : null;
}

async function readinessProblems(parts: {
  readonly database: Database;
  readonly live: Live;
  readonly isStopping: () => boolean;
}): Promise<readonly string[]> {
  const problems = parts.isStopping() ? ["stopping"] : parts.live.stuck().map((id) => `readers of ${id} are stuck`);
  try {
    await parts.database.query("SELECT 1");
  } catch {
    problems.push("database");
  }
  return problems;
}

const HOLDS_EVERY_MS = 5_000;

/** Releases holds that ran out and forgets sessions that are over. */
function startHousekeeping(parts: {
  readonly rides: RideService;
  readonly database: Database;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly now: () => number;
  readonly log: Log;
}): NodeJS.Timeout {
  const tidy = async (): Promise<void> => {
    for (const municipality of parts.cities.keys()) await parts.rides.expireHolds(municipality, parts.now());
    await deleteEndedSessions(parts.database, parts.now());
  };
  return setInterval(() => {
    tidy().catch((error: unknown) => parts.log.warn({ err: error }, "housekeeping failed; it will be tried again"));
  }, HOLDS_EVERY_MS);
}

async function listen({ httpServer }: App, { port, host }: ServerConfig): Promise<number> {
  httpServer.listen(port, host);
  try {
    await once(httpServer, "listening");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      const advice = "end the other program or choose another with PORT";
      throw new StartError(`Port ${port} on ${host} is already in use; ${advice}.`, { cause });
    }
    throw new StartError(`The server cannot listen on ${host}:${port} (${code}).`, { cause });
  }
  return (httpServer.address() as AddressInfo).port;
}

const CLOSE_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 25;

/** Takes no new connections, lets requests under way end, then closes what is left. */
async function closeConnections({ httpServer, io }: App): Promise<void> {
  let isClosed = false;
  httpServer.close(() => {
    isClosed = true;
  });
  io.disconnectSockets(true);
  io.engine.close();
  const deadline = performance.now() + CLOSE_WITHIN_MS;
  while (!isClosed && performance.now() < deadline) {
    httpServer.closeIdleConnections();
    await delay(LOOK_EVERY_MS);
  }
  httpServer.closeAllConnections();
}
