/**
 * Every statement of the write path. Texts are constant, so that each is planned once; `$1` is always the municipality.
 * Locks are taken in one order everywhere: rides by key (only what is added to later), keys of rides that begin, holds by
 * id, usage counters by name,
 * the head of the log.
 */

export const ENSURE_HEAD = `
  INSERT INTO log_head (municipality, person_secret) VALUES ($1, $2) ON CONFLICT (municipality) DO NOTHING`;

export const READ_HEAD = "SELECT last_position, person_secret FROM log_head WHERE municipality = $1";

const HOLD_COLUMNS = `hold_id, ride_key, entitlement_id, credential_id, valid_from_day, valid_to_day, assurance, uses,
         expires_at_ms, day, month, fiscal_year, state`;

/**
 * What stands under some ride keys ($2): recorded, in quarantine, cancelled; and the holds of some of them ($3), locked.
 * The columns mean what each branch says.
 */
export const READ_STANDING = `
  WITH held AS (
    SELECT ${HOLD_COLUMNS} FROM hold
     WHERE municipality = $1 AND ride_key = ANY ($3::text[]) ORDER BY hold_id FOR UPDATE)
  SELECT 'ride' AS kind, r.ride_key, r.facts_hash, r.position, r.status AS word, r.riders AS detail, e.body,
         v.position AS later_position, e.at_ms
    FROM ride r
    JOIN event e ON e.municipality = $1 AND e.position = r.position
    LEFT JOIN reversal v ON v.municipality = $1 AND v.ride_key = r.ride_key
   WHERE r.municipality = $1 AND r.ride_key = ANY ($2::text[])
  UNION ALL
  SELECT 'quarantine', q.ride_key, q.facts_hash, q.position, q.reason, to_json(s.accepted), q.submission,
         s.position, q.received_at_ms
    FROM quarantine q
    LEFT JOIN quarantine_resolution s ON s.municipality = $1 AND s.ride_key = q.ride_key
   WHERE q.municipality = $1 AND q.ride_key = ANY ($2::text[])
  UNION ALL
  SELECT 'cancelled', c.ride_key, NULL, c.position, NULL, to_json(c.released_holds), NULL, NULL, NULL
    FROM ride_cancel c
   WHERE c.municipality = $1 AND c.ride_key = ANY ($2::text[])
  UNION ALL
  SELECT 'hold', h.ride_key, NULL, NULL, NULL, row_to_json(h), NULL, NULL, NULL FROM held h`;

export const READ_OPENINGS = `
  SELECT ride_key, vehicle_id, company_id FROM ride_open WHERE municipality = $1 AND ride_key = ANY ($2::text[])`;

/**
 * What is added to a ride later (a showing, a reversal) is counted from what stands: two of them must not be decided at
 * once by two processes. A statement of its own, so that the next one sees what the other has committed.
 */
export const LOCK_RIDES = `
  SELECT 1 FROM ride WHERE municipality = $1 AND ride_key = ANY ($2::text[]) ORDER BY ride_key FOR UPDATE`;

/**
 * A touch and the cancellation of its ride must not be decided at once by two processes: neither has a row the other could
 * wait for. Some keys share a lock, which bounds how many there are. A statement of its own, so that the next one sees
 * what the other has committed.
 */
export const LOCK_BEGUN = `
  SELECT pg_advisory_xact_lock(x.lock)::text
    FROM (SELECT DISTINCT hashtextextended($1 || ' ' || k.ride_key, 0) % 1024 AS lock
            FROM unnest($2::text[]) AS k(ride_key) ORDER BY 1) AS x`;

/** Showings of rides, and the net of everything posted for them. */
export const READ_PRESENTED = `
  SELECT ride_key, shown_at_ms, offline, subsidy_minor, rider_pays_minor
    FROM presented WHERE municipality = $1 AND ride_key = ANY ($2::text[]) ORDER BY ride_key, seq`;

export const READ_NET_POSTINGS = `
  SELECT x.ride_key, p.account, sum(p.amount_minor) AS amount_minor
    FROM (SELECT ride_key, position FROM ride WHERE municipality = $1 AND ride_key = ANY ($2::text[])
          UNION
          SELECT ride_key, position FROM presented WHERE municipality = $1 AND ride_key = ANY ($2::text[])) x
    JOIN posting p ON p.municipality = $1 AND p.position = x.position
   GROUP BY x.ride_key, p.account ORDER BY x.ride_key, p.account`;

/** Only to tell a hold of another ride from one that never was. */
export const READ_HOLD_IDS = "SELECT hold_id FROM hold WHERE municipality = $1 AND hold_id = ANY ($2::text[])";

export const LOCK_EXPIRED_HOLDS = `
  SELECT ${HOLD_COLUMNS} FROM hold
   WHERE municipality = $1 AND state = 'placed' AND expires_at_ms < $2 ORDER BY hold_id
   LIMIT $3 FOR UPDATE SKIP LOCKED`;

export const NEXT_EXPIRY =
  "SELECT min(expires_at_ms) AS next_ms FROM hold WHERE municipality = $1 AND state = 'placed'";

const CREDENTIAL_COLUMNS = `c.credential_id, c.state, c.good_until_day, e.entitlement_id, e.scheme_id,
         e.valid_from_day, e.valid_to_day`;

export const READ_CREDENTIALS_BY_ID = `
  SELECT ${CREDENTIAL_COLUMNS}
    FROM credential c
    JOIN entitlement e ON e.municipality = $1 AND e.entitlement_id = c.entitlement_id
   WHERE c.municipality = $1 AND c.credential_id = ANY ($2::text[])`;

export const READ_CREDENTIALS_BY_TOKEN = `
  SELECT c.key_version, c.token, ${CREDENTIAL_COLUMNS}
    FROM unnest($2::int[], $3::bytea[]) AS k(key_version, token)
    JOIN credential c ON c.municipality = $1 AND c.key_version = k.key_version AND c.token = k.token
    JOIN entitlement e ON e.municipality = $1 AND e.entitlement_id = c.entitlement_id`;

export const READ_TOUCHES = `
  SELECT t.terminal_id, t.touch_id, t.ride_key, t.facts_hash, t.entitlement_id, e.body
    FROM unnest($2::text[], $3::text[]) AS k(terminal_id, touch_id)
    JOIN touch t ON t.municipality = $1 AND t.terminal_id = k.terminal_id AND t.touch_id = k.touch_id
    JOIN event e ON e.municipality = $1 AND e.position = t.position`;

/**
 * Locks the counters that are there; arrays arrive sorted. `FOR UPDATE` on an absent row locks nothing: absent counters
 * count as zero and are inserted by {@link INSERT_USAGE} before anything else is written. Where two transactions did so
 * at once the key lets one through, and the other decides again.
 *
 * With them come the names of spans ($5-$8 of vehicles, $10-$13 of people) that overlap a ride of the ledger that was
 * not reversed and is not longer than $9. `LIMIT` keeps the walk on the index.
 */
export const LOCK_USAGE = `
  WITH locked AS (
    SELECT u.entitlement_id, u.period_kind, u.period_key, u.uses, u.held_uses, u.money_minor
      FROM unnest($2::text[], $3::text[], $4::int[]) AS k(entitlement_id, period_kind, period_key)
      JOIN usage_counter u ON u.municipality = $1 AND u.entitlement_id = k.entitlement_id
                          AND u.period_kind = k.period_kind AND u.period_key = k.period_key
     ORDER BY u.entitlement_id, u.period_kind, u.period_key
       FOR UPDATE OF u)
  SELECT 'usage' AS kind, entitlement_id AS name, period_kind, period_key, uses, held_uses, money_minor FROM locked
  UNION ALL
  SELECT 'overlap', q.name, NULL, NULL, NULL, NULL, NULL
    FROM unnest($5::text[], $6::text[], $7::bigint[], $8::bigint[]) AS q(name, vehicle_id, from_ms, to_ms)
   CROSS JOIN LATERAL (
     SELECT 1 FROM ride r
      WHERE r.municipality = $1 AND r.vehicle_id = q.vehicle_id
        AND r.boarded_at_ms < q.to_ms AND r.boarded_at_ms > q.from_ms - $9::bigint AND r.alighted_at_ms > q.from_ms
        AND NOT EXISTS (SELECT 1 FROM reversal v WHERE v.municipality = $1 AND v.ride_key = r.ride_key)
      LIMIT 1) AS hit
  UNION ALL
  SELECT 'overlap', q.name, NULL, NULL, NULL, NULL, NULL
    FROM unnest($10::text[], $11::text[], $12::bigint[], $13::bigint[]) AS q(name, entitlement_id, from_ms, to_ms)
   CROSS JOIN LATERAL (
     SELECT 1 FROM ride_person r
      WHERE r.municipality = $1 AND r.entitlement_id = q.entitlement_id
        AND r.boarded_at_ms < q.to_ms AND r.boarded_at_ms > q.from_ms - $9::bigint AND r.alighted_at_ms > q.from_ms
        AND NOT EXISTS (SELECT 1 FROM reversal v WHERE v.municipality = $1 AND v.ride_key = r.ride_key)
      LIMIT 1) AS hit`;

/** Arrays arrive sorted. A statement of its own, before the head row is taken: nobody waits for a key with the head. */
export const INSERT_USAGE = `
  INSERT INTO usage_counter (municipality, entitlement_id, period_kind, period_key, uses, held_uses, money_minor)
  SELECT $1, x.* FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::bigint[]) AS x`;

/**
 * The last statement of a batch, put together of the parts that have rows. It ends with the head row, so that positions are
 * taken in the last statement before commit. `$1` municipality, `$2` number of events, `$3` now; `?` are a part's
 * arrays; event bodies travel as one JSON array, which needs no quoting.
 */
export const TAKE_POSITIONS = `head AS (
    UPDATE log_head SET last_position = last_position + $2::bigint WHERE municipality = $1
    RETURNING last_position - $2::bigint AS base)`;

export const WRITE_PARTS = {
  events: `
    INSERT INTO event (municipality, position, at_ms, type, ride_key, body)
    SELECT $1, head.base + x.event, $3::bigint, x.type, x.ride_key, x.body
      FROM head, ROWS FROM (unnest(?::text[], ?::text[]), json_array_elements(?::json))
                 WITH ORDINALITY AS x(type, ride_key, body, event)`,
  rides: `
    INSERT INTO ride (municipality, position, ride_key, facts_hash, status, vehicle_id, company_id, boarded_at_ms,
                      alighted_at_ms, boarding_day, fare_minor, subsidy_minor, rider_pays_minor, uses, scheme_version,
                      riders)
    SELECT $1, head.base + x.event, x.ride_key, x.facts_hash, x.status, x.vehicle_id, x.company_id, x.boarded_at_ms,
           x.alighted_at_ms, x.boarding_day, x.fare_minor, x.subsidy_minor, x.rider_pays_minor, x.uses,
           x.scheme_version, x.riders::json
      FROM head, unnest(?::int[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                        ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::text[], ?::text[])
           AS x(event, ride_key, facts_hash, status, vehicle_id, company_id, boarded_at_ms, alighted_at_ms,
                boarding_day, fare_minor, subsidy_minor, rider_pays_minor, uses, scheme_version, riders)`,
  people: `
    INSERT INTO ride_person (municipality, entitlement_id, boarded_at_ms, ride_key, alighted_at_ms)
    SELECT $1, x.* FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[]) AS x`,
  erasables: `
    INSERT INTO ride_erasable (municipality, ride_key, salt, boarding_lat_e6, boarding_lng_e6, alighting_lat_e6,
                               alighting_lng_e6, purpose)
    SELECT $1, x.* FROM unnest(?::text[], ?::bytea[], ?::int[], ?::int[], ?::int[], ?::int[], ?::text[]) AS x`,
  postings: `
    INSERT INTO posting (municipality, position, account, amount_minor, company_id)
    SELECT $1, head.base + x.event, x.account, x.amount_minor, x.company_id
      FROM head, unnest(?::int[], ?::text[], ?::bigint[], ?::text[]) AS x(event, account, amount_minor, company_id)`,
  openings: `
    INSERT INTO ride_open (municipality, opened_at_ms, ride_key, boarded_at_ms, vehicle_id, company_id)
    SELECT $1, $3::bigint, x.* FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[]) AS x
    ON CONFLICT DO NOTHING`,
  cancellations: `
    INSERT INTO ride_cancel (municipality, position, at_ms, ride_key, reason, released_holds)
    SELECT $1, head.base + x.event, $3::bigint, x.ride_key, x.reason, x.released_holds
      FROM head, unnest(?::int[], ?::text[], ?::text[], ?::int[]) AS x(event, ride_key, reason, released_holds)`,
  newHolds: `
    INSERT INTO hold (municipality, placed_at_ms, hold_id, ride_key, entitlement_id, credential_id, valid_from_day,
                      valid_to_day, assurance, uses, expires_at_ms, day, month, fiscal_year)
    SELECT $1, $3::bigint, x.*
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::int[], ?::text[], ?::int[], ?::bigint[],
                  ?::int[], ?::int[], ?::int[]) AS x`,
  consumedHolds: `
    DELETE FROM hold h USING unnest(?::text[]) AS x(hold_id) WHERE h.municipality = $1 AND h.hold_id = x.hold_id`,
  releasedHolds: `
    UPDATE hold h SET state = x.state FROM unnest(?::text[], ?::text[]) AS x(hold_id, state)
     WHERE h.municipality = $1 AND h.hold_id = x.hold_id`,
  touches: `
    INSERT INTO touch (municipality, position, terminal_id, touch_id, ride_key, facts_hash, entitlement_id)
    SELECT $1, head.base + x.event, x.terminal_id, x.touch_id, x.ride_key, x.facts_hash, x.entitlement_id
      FROM head, unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[])
           AS x(event, terminal_id, touch_id, ride_key, facts_hash, entitlement_id)`,
  presented: `
    INSERT INTO presented (municipality, position, ride_key, seq, shown_at_ms, offline, subsidy_minor, rider_pays_minor)
    SELECT $1, head.base + x.event, x.ride_key, x.seq, x.shown_at_ms, x.offline, x.subsidy_minor, x.rider_pays_minor
      FROM head, unnest(?::int[], ?::text[], ?::int[], ?::bigint[], ?::boolean[], ?::bigint[], ?::bigint[])
           AS x(event, ride_key, seq, shown_at_ms, offline, subsidy_minor, rider_pays_minor)`,
  reversals: `
    INSERT INTO reversal (municipality, position, at_ms, ride_key, by_viewer, reason)
    SELECT $1, head.base + x.event, $3::bigint, x.ride_key, x.by_viewer, x.reason
      FROM head, unnest(?::int[], ?::text[], ?::text[], ?::text[]) AS x(event, ride_key, by_viewer, reason)`,
  quarantines: `
    INSERT INTO quarantine (municipality, position, received_at_ms, ride_key, facts_hash, reason, vehicle_id,
                            company_id, fare_minor, shown_subsidy_minor, submission)
    SELECT $1, head.base + x.event, $3::bigint, x.ride_key, x.facts_hash, x.reason, x.vehicle_id, x.company_id,
           x.fare_minor, x.shown_subsidy_minor, x.submission::json
      FROM head, unnest(?::int[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                        ?::text[])
           AS x(event, ride_key, facts_hash, reason, vehicle_id, company_id, fare_minor, shown_subsidy_minor,
                submission)`,
  resolutions: `
    INSERT INTO quarantine_resolution (municipality, position, at_ms, ride_key, accepted, by_viewer, reason)
    SELECT $1, head.base + x.event, $3::bigint, x.ride_key, x.accepted, x.by_viewer, x.reason
      FROM head, unnest(?::int[], ?::text[], ?::boolean[], ?::text[], ?::text[])
           AS x(event, ride_key, accepted, by_viewer, reason)`,
  usage: `
    UPDATE usage_counter u SET uses = x.uses, held_uses = x.held_uses, money_minor = x.money_minor
      FROM unnest(?::text[], ?::text[], ?::int[], ?::int[], ?::int[], ?::bigint[])
           AS x(entitlement_id, period_kind, period_key, uses, held_uses, money_minor)
     WHERE u.municipality = $1 AND u.entitlement_id = x.entitlement_id AND u.period_kind = x.period_kind
       AND u.period_key = x.period_key`,
} as const;
export type WritePart = keyof typeof WRITE_PARTS;

const FIRST_ARRAY = 4;

/** Puts the writing statement together of the parts named; constant text for the same parts. */
export function writeStatement(parts: readonly WritePart[]): string {
  const steps = stepsOf(parts, FIRST_ARRAY);
  return `WITH ${[TAKE_POSITIONS, ...steps].join(",\n  ")}\nSELECT base FROM head, (SELECT $3::bigint) AS now`;
}

const FIRST_ARRAY_AHEAD = 2;

/** The same for parts that need no position of the log: they may be under way while the events are still put into JSON. */
export function aheadStatement(parts: readonly WritePart[]): string {
  return `WITH ${stepsOf(parts, FIRST_ARRAY_AHEAD).join(",\n  ")}\nSELECT 1`;
}

function stepsOf(parts: readonly WritePart[], first: number): readonly string[] {
  let next = first;
  return parts.map((part) => `${part} AS (${WRITE_PARTS[part].replace(/\?/g, () => `$${next++}`)})`);
}
