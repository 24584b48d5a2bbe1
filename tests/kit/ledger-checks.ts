import { expect } from "vitest";
import type { RideState } from "#domain/ride/ride-state.ts";
import { rideStateAfter, type StoryEvent } from "#server/rides/ride-story.ts";
import type { Sql } from "#server/storage/database.ts";

/** What a whole book adds up to. */
export interface BookSums {
  readonly lastPosition: number;
  readonly events: number;
  readonly rides: number;
  readonly decidedMinor: number;
  readonly postedMinor: number;
  readonly inEventsMinor: number;
}

/** Reads the sums of a book as three independent columns. Reversed rides count in none of them. */
export async function bookSums(sql: Sql, municipality: string): Promise<BookSums> {
  const [row] = await sql.query<BookSums>(
    `SELECT
       (SELECT last_position FROM log_head WHERE municipality = $1) AS "lastPosition",
       (SELECT count(*) FROM event WHERE municipality = $1) AS events,
       (SELECT count(*) FROM ride WHERE municipality = $1) AS rides,
       (SELECT coalesce(sum(subsidy_minor), 0) FROM ride r WHERE municipality = $1
           AND NOT EXISTS (SELECT 1 FROM reversal v WHERE v.municipality = $1 AND v.ride_key = r.ride_key)) AS "decidedMinor",
       (SELECT coalesce(sum(amount_minor), 0) FROM posting WHERE municipality = $1 AND account = 'city-subsidy') AS "postedMinor",
       (SELECT coalesce(sum(CASE type WHEN 'ride.reversed' THEN -(body->>'subsidyMinor')::bigint
                                      ELSE (body->'decision'->>'subsidyMinor')::bigint END), 0)
          FROM event WHERE municipality = $1 AND type IN ('ride.recorded', 'ride.refused', 'ride.reversed')) AS "inEventsMinor"`,
    [municipality],
  );
  if (!row) throw new Error("no sums");
  return row;
}

/** Positions are dense, every entry balances, decisions = postings = events, counters = rides, holds = held uses. */
export async function expectBooksBalance(sql: Sql, municipality: string): Promise<BookSums> {
  const sums = await bookSums(sql, municipality);
  expect(sums.postedMinor).toBe(sums.decidedMinor);
  expect(sums.inEventsMinor).toBe(sums.decidedMinor);
  expect(sums.events).toBe(sums.lastPosition);
  const [positions] = await sql.query(
    "SELECT min(position) AS first, max(position) AS last FROM event WHERE municipality = $1",
    [municipality],
  );
  expect(positions).toEqual({ first: sums.lastPosition === 0 ? null : 1, last: sums.lastPosition || null });
  const unbalanced = await sql.query(
    "SELECT position FROM posting WHERE municipality = $1 GROUP BY position HAVING sum(amount_minor) <> 0",
    [municipality],
  );
  expect(unbalanced).toEqual([]);
  const drifted = await sql.query(
    `WITH taken AS (
       SELECT x->>'entitlementId' AS entitlement_id, p->>0 AS kind, (p->>1)::int AS key,
              sum((x->>'uses')::int) AS uses, sum((x->>'moneyMinor')::bigint) AS money
         FROM ride r, json_array_elements(r.riders) x, json_array_elements(x->'periods') p
        WHERE r.municipality = $1
          AND NOT EXISTS (SELECT 1 FROM reversal v WHERE v.municipality = $1 AND v.ride_key = r.ride_key)
        GROUP BY 1, 2, 3)
     SELECT u.entitlement_id, u.period_kind, u.uses, t.uses AS taken
       FROM usage_counter u
       LEFT JOIN taken t ON t.entitlement_id = u.entitlement_id AND t.kind = u.period_kind AND t.key = u.period_key
      WHERE u.municipality = $1 AND (u.uses <> coalesce(t.uses, 0) OR u.money_minor <> coalesce(t.money, 0))`,
    [municipality],
  );
  expect(drifted).toEqual([]);
  const [held] = await sql.query<{ counted: number; placed: number }>(
    `SELECT (SELECT coalesce(sum(held_uses), 0) FROM usage_counter WHERE municipality = $1 AND period_kind = 'day') AS counted,
            (SELECT coalesce(sum(uses), 0) FROM hold WHERE municipality = $1 AND state = 'placed') AS placed`,
    [municipality],
  );
  expect(held?.counted).toBe(held?.placed);
  await expectStoriesAllowed(sql, municipality);
  return sums;
}

/** Every ride's entries follow one another as the table of ride states allows. */
async function expectStoriesAllowed(sql: Sql, municipality: string): Promise<void> {
  const entries = await sql.query<{ type: StoryEvent["type"]; ride_key: string; body: StoryEvent["body"] }>(
    `SELECT type, ride_key, json_build_object('accepted', body->'accepted', 'withdrawn', body->'withdrawn') AS body
       FROM event WHERE municipality = $1 ORDER BY position`,
    [municipality],
  );
  const states = new Map<string, RideState | null>();
  const broken: object[] = [];
  for (const { type, ride_key: rideKey, body } of entries) {
    const state = states.get(rideKey) ?? null;
    const next = rideStateAfter(state, { type, rideKey, body });
    if (next === undefined) broken.push({ rideKey, state, type });
    else states.set(rideKey, next);
  }
  expect(broken).toEqual([]);
}

/** Uses and held uses of the day with the most of them. */
export async function usedBy(sql: Sql, entitlementId: string): Promise<{ uses: number; held: number }> {
  const [row] = await sql.query<{ uses: number; held: number }>(
    `SELECT coalesce(max(uses), 0) AS uses, coalesce(max(held_uses), 0) AS held
       FROM usage_counter WHERE entitlement_id = $1 AND period_kind = 'day'`,
    [entitlementId],
  );
  return row ?? { uses: 0, held: 0 };
}

/** One event of a log; it must be there. */
export async function eventAt(
  sql: Sql,
  municipality: string,
  position: number | null | undefined,
): Promise<{ type: string; body: object }> {
  const [event] = await sql.query<{ type: string; body: object }>(
    "SELECT type, body FROM event WHERE municipality = $1 AND position = $2",
    [municipality, position],
  );
  if (!event) throw new Error(`no event at ${position}`);
  return event;
}

/** Where the only log of a database ends. */
export async function lastPosition(sql: Sql): Promise<number> {
  const [head] = await sql.query<{ last_position: number }>("SELECT last_position FROM log_head");
  return head?.last_position ?? 0;
}
