import { randomBytes, randomUUID } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { type Calendar, createCalendar } from "#domain/time/calendar.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { createBookQueries } from "./books/book-queries.ts";
import { bookResolvers } from "./books/resolvers.ts";
import type { ServerConfig } from "./config.ts";
import { createCabDirectory } from "./fleet/cab-directory.ts";
import { createFleetVersion } from "./fleet/fleet-version.ts";
import type { Resolvers } from "./generated/graphql.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { type Authenticator, createAuthenticator } from "./identity/authenticator.ts";
import type { ServerKeys } from "./identity/keys.ts";
import { identityResolvers } from "./identity/resolvers.ts";
import { createSessions } from "./identity/sessions.ts";
import { createSignIn } from "./identity/sign-in.ts";
import { createTerminalDirectory } from "./identity/terminal-directory.ts";
import { createTerminalTokens } from "./identity/terminal-tokens.ts";
import type { Log } from "./log.ts";
import { createCardRegistry } from "./registry/card-registry.ts";
import { createChangeReader } from "./registry/change-reader.ts";
import { createFleetRegistry } from "./registry/fleet-registry.ts";
import { createReloadingVerifier } from "./registry/reloading-verifier.ts";
import { registryResolvers } from "./registry/resolvers.ts";
import { loadTrustAnchors } from "./registry/trust-anchors.ts";
import { createVerifier } from "./registry/verifier.ts";
import type { Verifier } from "./registry/verifier-port.ts";
import { createRideService } from "./rides/create-ride-service.ts";
import { rideResolvers } from "./rides/resolvers.ts";
import type { RideService } from "./rides/ride-service.ts";
import { createMunicipalities } from "./schemes/municipalities.ts";
import { schemeResolvers } from "./schemes/resolvers.ts";
import type { Database } from "./storage/database.ts";
import { type Live, startLive } from "./stream/live.ts";
import { createRecentEvents } from "./stream/recent-events.ts";

/** What the services are made of. */
export interface ServicesDeps {
  readonly config: ServerConfig;
  readonly keys: ServerKeys;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  /** Migrated. */
  readonly database: Database;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
  /** Puts something around the write path, or undefined. */
  readonly aroundRides: ((rides: RideService, database: Database) => RideService) | undefined;
}

/** Everything behind the HTTP surface. */
export interface Services {
  readonly resolvers: Resolvers;
  readonly authenticator: Authenticator;
  readonly live: Live;
  readonly rides: RideService;
  readonly metrics: Metrics;
}

/** Builds the services of one server and starts the readers of the log. */
export function createServices(deps: ServicesDeps): Services {
  const { config, keys, cities, database, now, log } = deps;
  const elapsedMs = (): number => performance.now();
  const demoMode = config.mode === "demo";
  const calendars = new Map<MunicipalityId, Calendar>(
    [...cities].map(([id, city]) => [id, createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes)]),
  );
  const verifier = createReloadingVerifier(() => verifierOf(config, keys), elapsedMs);
  const metrics = createMetrics();

  const sessions = createSessions({ sql: database, now, demoMode });
  const signIn = createSignIn({ sql: database, sessions, now, demoMode, municipalities: cities });
  const fleetVersion = createFleetVersion(database, elapsedMs);
  const directory = createTerminalDirectory(database, fleetVersion);
  const authenticator = createAuthenticator(sessions, createTerminalTokens(directory, now));
  const secret = keys.token.key;
  const recent = createRecentEvents();
  const live = startLive({ database, recent, cities, calendars, authenticator, secret, now, elapsedMs, log });
  const rides = createRideService({
    database,
    cities,
    cabs: createCabDirectory(database, fleetVersion),
    verifier,
    clock: now,
    newId: randomUUID,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    signing: keys.receipt,
    log,
    onEvents: recent.add,
    onCommitted: live.onCommitted,
  });
  metrics.watchReaderLag(live.lag);
  metrics.watchSockets(live.sockets);

  const resolvers = combine([
    identityResolvers(signIn, now),
    schemeResolvers(createMunicipalities({ sql: database, cities, verifier, receiptKey: keys.receipt, now })),
    registryResolvers({
      fleet: createFleetRegistry({ database, now, changed: fleetVersion.doubt }),
      cards: createCardRegistry({ database, cities, calendars, verifier, now }),
      changes: createChangeReader(database),
    }),
    rideResolvers(deps.aroundRides?.(rides, database) ?? rides, metrics),
    bookResolvers(createBookQueries({ database, cities, calendars, now, freeTaxis: live.freeTaxis })),
  ]);
  return { resolvers, authenticator, live, rides, metrics };
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
