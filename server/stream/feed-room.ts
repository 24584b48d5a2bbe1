import type { FeedChanges, JoinReply } from "#protocol/stream/events.ts";
import type { Log } from "#server/log.ts";
import type { Database, Sql } from "#server/storage/database.ts";
import { type FeedKey, type FeedSnapshot, type FeedSource, isTooOld } from "./feed-source.ts";

/** A place to which changes of a feed are sent: one socket. */
export interface Member {
  /** Sends changes; false when the member is too slow and must join again later. */
  send(changes: FeedChanges): boolean;
  /** Tells the member to join again. */
  rejoin(): void;
}

/** One feed shared by the sockets that joined it: read once, sent to all. */
export interface FeedRoom {
  /** Adds a member at a consistent position and returns what it missed, or a snapshot. */
  join(member: Member, cursor: number | null): Promise<Extract<JoinReply, { ok: true }>>;
  leave(member: Member): void;
  isEmpty(): boolean;
  /** True while somebody is being let in. */
  isBusy(): boolean;
  /** Something may have changed; sends soon, at most about five times a second. */
  touch(): void;
  close(): void;
}

/** Least time between two messages of a room. */
const SPACING_MS = 200;

interface Reading {
  readonly position: number;
  readonly epoch: string;
  /** What the members have not been told yet; null when there are none or they need snapshots. */
  readonly changes: FeedChanges | null;
}

/** Opens a room. Everything it reads is read in turn, so that positions of its messages never overlap. */
export function openFeedRoom(deps: {
  readonly database: Database;
  readonly key: FeedKey;
  readonly source: FeedSource;
  readonly log: Log;
  /** A monotonic clock. */
  readonly elapsedMs: () => number;
}): FeedRoom {
  const { database, key, source } = deps;
  const members = new Set<Member>();
  let position = 0;
  let epoch = "";
  let last: FeedChanges | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let joining = 0;
  let isTouched = false;
  let flushedAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const consistently = <T>(work: (tx: Sql) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      return work(tx);
    });

  const readOn = async (tx: Sql): Promise<Reading> => {
    const range = { from: position, to: await source.position(tx, key) };
    const now = source.epoch(key);
    const needsSnapshot = members.size === 0 || now !== epoch || isTooOld(range);
    const changes = needsSnapshot ? null : await source.changes(tx, key, range);
    return { position: range.to, epoch: now, changes };
  };
  const tell = ({ position: to, epoch: now, changes }: Reading, always: boolean): void => {
    // Quiet stretches are told together with the next change.
    if (changes !== null && !always && source.isIdle(changes, last)) return;
    // What only time has changed (a day, a quarter) has no position of its own: it needs a new snapshot.
    if (members.size > 0 && (changes === null || to === position)) {
      for (const member of members) member.rejoin();
      members.clear();
    } else if (changes !== null) {
      for (const member of members) if (!member.send(changes)) members.delete(member);
      last = changes;
    }
    position = to;
    epoch = now;
  };
  const flush = (): Promise<void> =>
    inTurn(async () => {
      if (members.size === 0 || isClosed) return;
      tell(await consistently(readOn), false);
    });

  const schedule = (): void => {
    const waitMs = Math.max(0, flushedAtMs + SPACING_MS - deps.elapsedMs());
    timer = setTimeout(() => {
      timer = undefined;
      isTouched = false;
      flushedAtMs = deps.elapsedMs();
      flush()
        .catch((error) => deps.log.warn({ err: error, feed: key.feed }, "a feed could not be read; it will be again"))
        .finally(() => {
          if (isTouched && !isClosed && timer === undefined) schedule();
        });
    }, waitMs);
  };

  return {
    join: (member, cursor) => {
      joining += 1;
      return inTurn(async (): Promise<Extract<JoinReply, { ok: true }>> => {
        const reading = await consistently(async (tx) => {
          const forAll = await readOn(tx);
          const range = { from: cursor ?? 0, to: forAll.position };
          const canResume = cursor !== null && (await source.canResume(tx, key, range));
          const changes = canResume ? await source.changes(tx, key, range) : null;
          const snapshot = changes === null ? await source.snapshot(tx, key) : null;
          return { forAll, changes, snapshot };
        });
        if (reading.forAll.position !== position || reading.forAll.changes === null) tell(reading.forAll, true);
        if (members.size === 0) last = reading.changes ?? shownBy(reading.snapshot);
        members.add(member);
        return {
          ok: true,
          cursor: reading.forAll.position,
          snapshot: reading.snapshot,
          changes: reading.changes,
        };
      }).finally(() => {
        joining -= 1;
      });
    },
    leave: (member) => void members.delete(member),
    isEmpty: () => members.size === 0,
    isBusy: () => joining > 0,
    touch() {
      isTouched = true;
      if (timer === undefined && !isClosed) schedule();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      members.clear();
    },
  };
}

/** A snapshot in the form of changes, where a feed is always sent whole. */
function shownBy(snapshot: FeedSnapshot | null): FeedChanges | null {
  if (snapshot?.feed !== "picture") return null;
  return { feed: "picture", fromPosition: 0, toPosition: 0, picture: snapshot };
}
