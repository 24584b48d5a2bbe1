import type { Server } from "socket.io";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import type { FreeTaxis } from "#protocol/stream/events.ts";
import { createBusyTracker } from "#server/fleet/busy-vehicles.ts";
import { createFleetBoard } from "#server/fleet/fleet-board.ts";
import { createKnownVehicles } from "#server/fleet/known-vehicles.ts";
import type { Authenticator } from "#server/identity/authenticator.ts";
import type { Log } from "#server/log.ts";
import type { Database } from "#server/storage/database.ts";
import { companyDayReader } from "./company-day-reader.ts";
import { createCompanyFeed } from "./company-feed.ts";
import { type FeedRoom, openFeedRoom } from "./feed-room.ts";
import type { FeedKey, FeedSource } from "./feed-source.ts";
import { attachGateway, type Gateway } from "./gateway.ts";
import { ledgerFeed } from "./ledger-feed.ts";
import { followLog, type LogFollower } from "./log-follower.ts";
import { createPictureFeed } from "./picture-feed.ts";
import { pictureReader } from "./picture-reader.ts";
import type { RecentEvents } from "./recent-events.ts";

/** What the live side of the server needs. */
export interface LiveDeps {
  readonly database: Database;
  /** What this process has just written. */
  readonly recent: RecentEvents;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly calendars: ReadonlyMap<MunicipalityId, Calendar>;
  readonly authenticator: Authenticator;
  /** Keys the taxi keys. */
  readonly secret: Uint8Array;
  readonly now: () => number;
  readonly elapsedMs: () => number;
  readonly log: Log;
}

/** Readers of the log, the feeds made of them, and the fleet. */
export interface Live {
  /** A hint from the write path: the log of a municipality now ends at a position. */
  onCommitted(municipality: MunicipalityId, position: number): void;
  attach(io: Server): void;
  freeTaxis(municipality: MunicipalityId): FreeTaxis | null;
  /** Events each reader of each municipality is behind. */
  lag(): ReadonlyMap<string, number>;
  /** Municipalities whose readers have failed for a while. */
  stuck(): readonly MunicipalityId[];
  sockets(): number;
  stop(): Promise<void>;
}

/** Readers failing longer than this make the server not ready. */
const STUCK_MS = 30_000;

/** Starts the readers. */
export function startLive(deps: LiveDeps): Live {
  const { database, recent, calendars, cities, now, elapsedMs, log } = deps;
  const today = (municipality: MunicipalityId): number => calendars.get(municipality)?.local(now()).day ?? 0;
  const busy = createBusyTracker({ sql: database, recent, now });
  const vehicles = createKnownVehicles(database, elapsedMs, (error) =>
    log.warn({ err: error }, "the list of vehicles could not be read"),
  );
  const board = createFleetBoard({ busy, isVehicle: vehicles.has, now, today, secret: deps.secret });
  const rooms = createRooms(deps, today);
  const followBusy = createBusyFollower(busy.advance, log);

  const followers = new Map<MunicipalityId, LogFollower>();
  for (const municipality of cities.keys()) {
    followBusy(municipality);
    const onAdvanced = (reader: string, position: number): void => {
      busy.hint(municipality, position);
      followBusy(municipality);
      rooms.touch(municipality, reader);
    };
    const readers = [companyDayReader, pictureReader];
    followers.set(municipality, followLog({ database, recent, municipality, readers, log, onAdvanced, elapsedMs }));
  }
  let gateway: Gateway | undefined;

  return {
    onCommitted(municipality, position) {
      busy.hint(municipality, position);
      followBusy(municipality);
      followers.get(municipality)?.hint(position);
      rooms.touch(municipality, null);
    },
    attach(io) {
      gateway = attachGateway(io, {
        authenticator: deps.authenticator,
        municipalities: cities,
        roomOf: rooms.roomOf,
        takePositions: board.take,
        freeTaxis: board.free,
        log,
      });
    },
    freeTaxis: board.free,
    lag: () =>
      new Map(
        [...followers].flatMap(([municipality, follower]) =>
          [...follower.lag()].map(([reader, lag]): [string, number] => [`${municipality}/${reader}`, lag]),
        ),
      ),
    stuck: () =>
      [...followers].flatMap(([municipality, follower]) => {
        const since = follower.failingSinceMs();
        return since !== null && elapsedMs() - since > STUCK_MS ? [municipality] : [];
      }),
    sockets: () => gateway?.sockets() ?? 0,
    async stop() {
      gateway?.close();
      rooms.close();
      await Promise.all([...followers.values()].map((follower) => follower.stop()));
      await followBusy.idle();
    },
  };
}

function createRooms(deps: LiveDeps, today: (municipality: MunicipalityId) => number) {
  const { database, log, elapsedMs } = deps;
  const sources: Readonly<Record<FeedKey["feed"], FeedSource>> = {
    company: createCompanyFeed(today, deps.calendars),
    ledger: ledgerFeed,
    picture: createPictureFeed(deps),
  };
  const rooms = new Map<string, { readonly key: FeedKey; readonly room: FeedRoom }>();
  return {
    roomOf(key: FeedKey): FeedRoom {
      const name = `${key.feed}/${key.municipality}/${key.companyId ?? ""}`;
      const known = rooms.get(name);
      if (known) return known.room;
      // Rooms nobody is in any more are cleared away when another one opens.
      for (const [other, { room }] of rooms) if (room.isEmpty() && !room.isBusy()) rooms.delete(other);
      const room = openFeedRoom({ database, key, source: sources[key.feed], log, elapsedMs });
      rooms.set(name, { key, room });
      return room;
    },
    /** Something moved: a reader of a municipality, or (null) its log. */
    touch(municipality: MunicipalityId, reader: string | null): void {
      for (const { key, room } of rooms.values()) {
        if (key.municipality !== municipality || room.isEmpty()) continue;
        const { reader: own } = sources[key.feed];
        if (own === reader || own === null) room.touch();
      }
    },
    close(): void {
      for (const { room } of rooms.values()) room.close();
      rooms.clear();
    },
  };
}

/** Runs `advance` for a municipality once at a time, and once more when it was asked for meanwhile. */
function createBusyFollower(advance: (municipality: MunicipalityId) => Promise<void>, log: Log) {
  const running = new Map<MunicipalityId, Promise<void>>();
  const wanted = new Set<MunicipalityId>();
  const follow = (municipality: MunicipalityId): void => {
    wanted.add(municipality);
    if (running.has(municipality)) return;
    const run = async (): Promise<void> => {
      while (wanted.delete(municipality)) await advance(municipality);
    };
    const ended = run()
      .catch((error) => log.warn({ err: error, municipality }, "rides under way could not be read"))
      .finally(() => running.delete(municipality));
    running.set(municipality, ended);
  };
  return Object.assign(follow, {
    idle: async (): Promise<void> => {
      await Promise.all(running.values());
    },
  });
}
