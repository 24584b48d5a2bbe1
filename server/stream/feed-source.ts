import type { MunicipalityId } from "#domain/ids.ts";
import type { Feed, FeedChanges, JoinReply } from "#protocol/stream/events.ts";
import type { Sql } from "#server/storage/database.ts";

export type FeedSnapshot = NonNullable<Extract<JoinReply, { ok: true }>["snapshot"]>;

/** One feed that several sockets may share. */
export interface FeedKey {
  readonly feed: Feed;
  readonly municipality: MunicipalityId;
  /** Of feed `company` only. */
  readonly companyId: string | null;
}

/**
 * Where a feed comes from. All calls of one reading happen in one consistent view of the database, so that a snapshot
 * and the changes up to the same position fit together.
 */
export interface FeedSource {
  /** Name of the reader whose progress moves the feed; null for the log itself. */
  readonly reader: string | null;
  /** Position up to which the feed can be read now. */
  position(sql: Sql, key: FeedKey): Promise<number>;
  /** What everything before and at the position adds up to. */
  snapshot(sql: Sql, key: FeedKey): Promise<FeedSnapshot>;
  /** What a snapshot is of, e.g. a day: once it changes everybody needs a new one. */
  epoch(key: FeedKey): string;
  /** False when a client that stopped at `from` needs a snapshot: too far back, or from an earlier epoch. */
  canResume(sql: Sql, key: FeedKey, range: FeedRange): Promise<boolean>;
  /** What changed in (from, to]. */
  changes(sql: Sql, key: FeedKey, range: FeedRange): Promise<FeedChanges>;
  /** True when two changes in a row show the same: the second need not be sent. */
  isIdle(changes: FeedChanges, last: FeedChanges | null): boolean;
}

/** `to` is the position of the reading. */
export interface FeedRange {
  readonly from: number;
  readonly to: number;
}

/** A client further back than this gets a snapshot. */
export const RETENTION = 5_000;

/** True when changes of this range cannot be told one by one any more. */
export function isTooOld({ from, to }: FeedRange): boolean {
  return from > to || to - from > RETENTION;
}
