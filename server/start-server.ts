import { join, resolve } from "node:path";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { DemoAddresses } from "#protocol/demo/control.ts";
import { createApp } from "./app.ts";
import { isLoopbackHost, type ServerConfig } from "./config.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { closeConnections, listen } from "./http/connections.ts";
import { addStaff, faultOfStaff, needsFirstStaff } from "./identity/add-staff.ts";
import { demoKeys, productionKeys, type ServerKeys } from "./identity/keys.ts";
import { deleteEndedSessions } from "./identity/staff-store.ts";
import type { Log } from "./log.ts";
import type { RideService } from "./rides/ride-service.ts";
import { loadCities } from "./schemes/load-cities.ts";
import { createServices } from "./services.ts";
import type { Database } from "./storage/database.ts";
import { migrate } from "./storage/migrate.ts";
import { openDatabase } from "./storage/open-database.ts";
import type { Live } from "./stream/live.ts";

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
  /** The database the settings name, being opened; the server closes it. Default: it is opened now. */
  readonly database?: Promise<Database>;
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
const HOLDS_EVERY_MS = 5_000;
const WEB_ROOT = resolve(import.meta.dirname, "../web/dist");

/**
 * Composition root: puts keys, cities, database and services together, and listens.
 * @throws StartError, KeysError, DocumentError, StorageError when something is missing or in use
 */
export async function startServer(config: ServerConfig, options: StartOptions): Promise<RunningServer> {
  const { log } = options;
  const realNow = options.realNow ?? Date.now;
  const now = (): number => realNow() + config.clockOffsetMs;
  let keys: ServerKeys;
  let cities: ReadonlyMap<MunicipalityId, City>;
  try {
    keys = openKeys(config);
    cities = await readCities(config.citiesDir);
  } catch (error) {
    await options.database?.then(
      (database) => database.close(),
      () => undefined,
    );
    throw error;
  }
  const database = await (options.database ??
    openDatabase(config, (error) => log.warn({ err: error }, "an idle connection was lost")));
  try {
    const applied = await migrate(database, now());
    if (applied.length > 0) log.info({ migrations: applied }, "database brought up to date");
    await makeFirstStaff(config, { database, cities, now, log });
  } catch (error) {
    await database.close();
    throw error;
  }
  return serve({ config, options, keys, cities, database, now });
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
  const { config, options, cities, database, now } = parts;
  const { log } = options;
  const services = createServices({ ...parts, log, aroundRides: options.aroundRides });
  const { live, rides } = services;
  let isStopping = false;
  const app = await createApp({
    ...services,
    log,
    introspection: config.mode === "demo",
    // Browsers take loopback for safe also without HTTPS.
    secureCookie: config.mode === "production" || !isLoopbackHost(config.host),
    trustedProxy: config.trustedProxy,
    readiness: { problems: () => readinessProblems({ database, live, isStopping: () => isStopping }) },
    webRoot: options.webRoot ?? WEB_ROOT,
    citiesDir: config.citiesDir,
    demo: demoAddressesOf(config),
    attachStream: live.attach,
    isStopping: () => isStopping,
  });
  const housekeeping = startHousekeeping({
    municipalities: [...cities.keys()],
    everyMs: HOLDS_EVERY_MS,
    expireHolds: (municipality) => rides.expireHolds(municipality, now()),
    forgetSessions: () => deleteEndedSessions(database, now()),
    log,
  });
  const shutDown = async (): Promise<void> => {
    isStopping = true;
    log.info({}, "stopping: no new requests are taken");
    await closeConnections(app);
    await housekeeping.stop();
    await rides.drain();
    await live.stop();
    await app.stop();
    await database.close();
    log.info({}, "stopped");
  };
  let port: number;
  try {
    port = await listen(app.httpServer, config);
  } catch (error) {
    await shutDown();
    throw error;
  }
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url, mode: config.mode, database: database.kind, cities: [...cities.keys()] }, "listening");
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
