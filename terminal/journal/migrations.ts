/** Steps of the journal's schema. Appended to, never edited: a tablet in a cab may be several versions behind. */
export const MIGRATIONS: readonly string[] = [
  `
  -- One row a ride. 'draft': under way; 'confirmed': its amounts stand and may be shown. What the server answered and
  -- what the passenger was told are separate facts.
  CREATE TABLE ride (
    ride_id TEXT PRIMARY KEY,
    stage TEXT NOT NULL CHECK (stage IN ('draft', 'confirmed', 'cancelled')),
    opened_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    subsidy_minor INTEGER NOT NULL DEFAULT 0,
    confirmed_at_ms INTEGER,
    told_at_ms INTEGER,
    closed_at_ms INTEGER,
    reversed_at_ms INTEGER,
    answered_at_ms INTEGER,
    answer_status TEXT,
    ride_key TEXT,
    position INTEGER,
    CHECK ((stage = 'confirmed') = (confirmed_at_ms IS NOT NULL))
  ) STRICT;
  CREATE INDEX ride_by_stage ON ride (stage, answered_at_ms);

  -- What still has to be said to the server, in order.
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('record', 'present', 'cancel', 'reverse')),
    ride_id TEXT NOT NULL,
    reason TEXT,
    made_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_code TEXT,
    done_at_ms INTEGER,
    -- Refused for good: kept for a person, no longer in the way of the others.
    parked_at_ms INTEGER,
    UNIQUE (kind, ride_id)
  ) STRICT;
  CREATE INDEX outbox_open ON outbox (id) WHERE done_at_ms IS NULL AND parked_at_ms IS NULL;

  -- Uses this cab granted, by card tag: what an entry of an earlier touch does not know yet.
  CREATE TABLE card_use (
    card_tag TEXT NOT NULL,
    ride_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    subsidy_minor INTEGER NOT NULL,
    offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
    PRIMARY KEY (card_tag, ride_id)
  ) STRICT, WITHOUT ROWID;

  -- Balances of earlier touches; they open only with the card present.
  CREATE TABLE card_entry (
    card_tag TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE receipt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
  ) STRICT;

  -- Rides a driver wrote down because card or reader failed.
  CREATE TABLE by_hand (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    ride_id TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL CHECK (reason IN ('card', 'reader')),
    boarded_at_ms INTEGER NOT NULL,
    alighted_at_ms INTEGER NOT NULL,
    fare_minor INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- A ride whose id another ride has was refused for good; the server now keeps it for a person, so it is sent again.
  UPDATE outbox SET parked_at_ms = NULL WHERE kind = 'record' AND last_code = 'CONFLICT' AND done_at_ms IS NULL;
  `,
];
