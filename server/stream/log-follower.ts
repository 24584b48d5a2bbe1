import { setTimeout as delay } from "node:timers/promises";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Log } from "#server/log.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import type { Database, Sql } from "#server/storage/database.ts";
import { readEvents, readHead } from "./event-log.ts";
import { type LogReader, moveCursor, readCursor } from "./log-reader.ts";
import type { RecentEvents } from "./recent-events.ts";

/** Moves readers along the log of one municipality. */
export interface LogFollower {
  /** The log is said to end at a position now: a hint that saves waiting. */
  hint(position: number): void;
  /** Events each reader is behind the newest position known. */
  lag(): ReadonlyMap<string, number>;
  /** Since when the readers fail, on the monotonic clock, or null. */
  failingSinceMs(): number | null;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
}

export interface LogFollowerOptions {
  readonly database: Database;
  /** What this process has just written; without it everything is read back from the database. */
  readonly recent?: RecentEvents;
  readonly municipality: MunicipalityId;
  readonly readers: readonly LogReader[];
  readonly log: Log;
  /** Told after a reader's batch is committed. */
  readonly onAdvanced: (reader: string, position: number) => void;
  readonly elapsedMs: () => number;
}

/** How often the log is looked at without a hint: other processes write too. */
const POLL_MS = 200;
/** Rest after having caught up: under load readers take many events at a time instead of competing with the write path. */
const SETTLE_MS = 100;
/** Wait after a failure. */
const RETRY_MS = 1_000;
/** On the embedded database a batch keeps everybody waiting, on PostgreSQL only its own connection. */
const BATCH = { pglite: 500, postgres: 2_000 } as const;

/** Starts to follow. Readers take turns, batch by batch; between batches others get the database and the event loop. */
export function followLog(options: LogFollowerOptions): LogFollower {
  const { database, municipality, readers, elapsedMs } = options;
  const log = options.log.child({ municipality });
  const cursors = new Map(readers.map((reader) => [reader.name, 0]));
  /** Those whose cursor has been read. */
  const begun = new Set<string>();
  const batches = createBatchMemory(options, BATCH[database.kind]);
  const waking = new AbortController();
  let head = 0;
  let wake: (() => void) | undefined;
  let failingSince: number | null = null;

  const standingOf = async (reader: LogReader): Promise<number> => {
    const known = cursors.get(reader.name);
    return begun.has(reader.name) && known !== undefined ? known : readCursor(database, reader.name, municipality);
  };

  /** Everything goes to the database in one message: readers never hold a transaction while this process thinks. */
  const advance = async (reader: LogReader): Promise<boolean> => {
    const from = await standingOf(reader);
    const events = await batches.read(database, from);
    let to = events.at(-1)?.position ?? from;
    if (to > from) {
      const statements = [
        moveCursor(reader.name, { municipality, from, to }),
        ...reader.statements(municipality, events),
      ];
      try {
        await database.transaction((tx) => tx.finish(statements));
      } catch (error) {
        to = await readCursor(database, reader.name, municipality);
        if (to === from) throw error;
      }
    }
    begun.add(reader.name);
    const hasMoved = to !== cursors.get(reader.name);
    cursors.set(reader.name, to);
    head = Math.max(head, to);
    if (hasMoved) options.onAdvanced(reader.name, to);
    return hasMoved;
  };

  const round = async (): Promise<boolean> => {
    const isBehind = [...cursors.values()].some((cursor) => cursor < head);
    if (!isBehind) head = Math.max(head, await readHead(database, municipality));
    let hasMoved = false;
    for (const reader of readers) {
      if (waking.signal.aborted) return false;
      if ((cursors.get(reader.name) ?? 0) >= head) continue;
      hasMoved = (await advance(reader)) || hasMoved;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return hasMoved;
  };

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    while (!waking.signal.aborted) {
      try {
        const hasMoved = await round();
        const isBehind = [...cursors.values()].some((cursor) => cursor < head);
        if (!hasMoved) await rest(POLL_MS);
        else if (!isBehind) await delay(SETTLE_MS, undefined, { signal: waking.signal });
        failingSince = null;
      } catch (error) {
        if (waking.signal.aborted) return;
        failingSince ??= elapsedMs();
        log.error({ err: error }, "a reader of the log failed; it will try again");
        await delay(RETRY_MS, undefined, { signal: waking.signal }).catch(() => undefined);
      }
    }
  };
  const running = run();

  return {
    hint(position) {
      if (position <= head) return;
      head = position;
      wake?.();
    },
    lag: () => new Map([...cursors].map(([name, cursor]) => [name, Math.max(0, head - cursor)])),
    failingSinceMs: () => failingSince,
    async stop() {
      waking.abort();
      wake?.();
      await running;
    },
  };
}

/** Readers mostly stand at the same place: a batch read for one serves the others. The log never changes. */
function createBatchMemory({ municipality, recent }: LogFollowerOptions, limit: number) {
  let start = -1;
  let events: readonly RideEvent[] = [];
  return {
    async read(sql: Sql, after: number): Promise<readonly RideEvent[]> {
      const known = recent?.after(municipality, after, limit) ?? [];
      if (known.length > 0) return known;
      if (start === after && events.length > 0) return events;
      const batch = await readEvents(sql, municipality, { after, limit });
      start = after;
      events = batch;
      return batch;
    },
  };
}
