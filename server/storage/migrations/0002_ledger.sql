-- The ride ledger: the only truth. Every key begins with the municipality, so that a distributed PostgreSQL can shard by
-- it. Amounts are integer minor units, instants epoch milliseconds. Except for usage counters, holds and the head, rows
-- are written once and never changed: a correction is a reversal plus a new entry.

-- The last position of a municipality's event log. Taken in the last statement before commit, so that position order is
-- commit order and a gap is an error. `person_secret` turns an entitlement into the opaque contributor key of events.
CREATE TABLE log_head (
  municipality  text   NOT NULL PRIMARY KEY,
  last_position bigint NOT NULL DEFAULT 0,
  person_secret bytea  NOT NULL
);

-- Bodies: server/rides/ride-events.ts. No exact places, card data or purposes. json, not jsonb: written once, read whole.
CREATE TABLE event (
  municipality text   NOT NULL,
  position     bigint NOT NULL,
  at_ms        bigint NOT NULL,
  type         text   NOT NULL,
  ride_key     text,
  body         json   NOT NULL,
  PRIMARY KEY (municipality, position)
  -- Bodies are about 2 kB, where PostgreSQL would begin to compress each of them on the way in.
) WITH (toast_tuple_target = 8160);

-- One decided ride. `riders` holds what a reversal needs: entitlement, credential, uses, money and the periods counted.
-- The decision itself stands in the event at `position`.
CREATE TABLE ride (
  municipality     text   NOT NULL,
  ride_key         text   NOT NULL,
  facts_hash       bytea  NOT NULL,
  position         bigint NOT NULL,
  status           text   NOT NULL CHECK (status IN ('recorded', 'refused')),
  vehicle_id       text   NOT NULL,
  company_id       text,
  boarded_at_ms    bigint NOT NULL,
  alighted_at_ms   bigint NOT NULL,
  boarding_day     int    NOT NULL,
  fare_minor       bigint NOT NULL,
  subsidy_minor    bigint NOT NULL,
  rider_pays_minor bigint NOT NULL,
  uses             int    NOT NULL,
  scheme_version   text,
  riders           json   NOT NULL,
  PRIMARY KEY (municipality, ride_key),
  CHECK (fare_minor = subsidy_minor + rider_pays_minor)
);
CREATE INDEX ride_of_vehicle ON ride (municipality, vehicle_id, boarded_at_ms) INCLUDE (alighted_at_ms);

-- Which rides a person took part in.
CREATE TABLE ride_person (
  municipality   text   NOT NULL,
  entitlement_id text   NOT NULL,
  boarded_at_ms  bigint NOT NULL,
  ride_key       text   NOT NULL,
  alighted_at_ms bigint NOT NULL,
  PRIMARY KEY (municipality, entitlement_id, boarded_at_ms, ride_key)
);

-- Exact places and purpose. Deleting a row erases them: the log holds only a commitment that the salt would open.
CREATE TABLE ride_erasable (
  municipality     text  NOT NULL,
  ride_key         text  NOT NULL,
  salt             bytea NOT NULL,
  boarding_lat_e6  int,
  boarding_lng_e6  int,
  alighting_lat_e6 int,
  alighting_lng_e6 int,
  purpose          text,
  PRIMARY KEY (municipality, ride_key)
);

-- Double entry: the postings of one event sum to zero. Positive = debit.
CREATE TABLE posting (
  municipality text   NOT NULL,
  position     bigint NOT NULL,
  account      text   NOT NULL,
  amount_minor bigint NOT NULL,
  company_id   text,
  PRIMARY KEY (municipality, position, account)
);

-- What an entitlement has used in a period. `period_key`: day number, month number (year × 12 + month − 1) or fiscal year.
CREATE TABLE usage_counter (
  municipality   text   NOT NULL,
  entitlement_id text   NOT NULL,
  period_kind    text   NOT NULL CHECK (period_kind IN ('day', 'month', 'fiscal-year')),
  period_key     int    NOT NULL,
  uses           int    NOT NULL DEFAULT 0 CHECK (uses >= 0),
  held_uses      int    NOT NULL DEFAULT 0 CHECK (held_uses >= 0),
  money_minor    bigint NOT NULL DEFAULT 0 CHECK (money_minor >= 0),
  PRIMARY KEY (municipality, entitlement_id, period_kind, period_key)
) WITH (fillfactor = 70);

-- A ride somebody has begun, from its first touch.
CREATE TABLE ride_open (
  municipality  text   NOT NULL,
  ride_key      text   NOT NULL,
  opened_at_ms  bigint NOT NULL,
  boarded_at_ms bigint NOT NULL,
  vehicle_id    text   NOT NULL,
  company_id    text,
  PRIMARY KEY (municipality, ride_key)
);

CREATE TABLE ride_cancel (
  municipality   text   NOT NULL,
  ride_key       text   NOT NULL,
  position       bigint NOT NULL,
  at_ms          bigint NOT NULL,
  reason         text   NOT NULL,
  released_holds int    NOT NULL,
  PRIMARY KEY (municipality, ride_key)
);

-- Uses reserved between the laying of the card and the payment, with the standing of the card as of the touch. A ride that
-- consumes a hold deletes it (its story stands in the log); one that ran out stays, so that a late ride finds its person.
CREATE TABLE hold (
  municipality   text   NOT NULL,
  hold_id        text   NOT NULL,
  ride_key       text   NOT NULL,
  entitlement_id text   NOT NULL,
  credential_id  text   NOT NULL,
  valid_from_day int    NOT NULL,
  valid_to_day   int    NOT NULL,
  assurance      text   NOT NULL,
  uses           int    NOT NULL,
  placed_at_ms   bigint NOT NULL,
  expires_at_ms  bigint NOT NULL,
  day            int    NOT NULL,
  month          int    NOT NULL,
  fiscal_year    int    NOT NULL,
  state          text   NOT NULL DEFAULT 'placed' CHECK (state IN ('placed', 'cancelled', 'expired')),
  PRIMARY KEY (municipality, hold_id)
);
CREATE INDEX hold_of_ride ON hold (municipality, ride_key);
CREATE INDEX hold_placed_expiry ON hold (municipality, expires_at_ms) WHERE state = 'placed';

-- One laying of one card. Makes openRide idempotent by terminal and touch.
CREATE TABLE touch (
  municipality   text  NOT NULL,
  terminal_id    text  NOT NULL,
  touch_id       text  NOT NULL,
  ride_key       text  NOT NULL,
  facts_hash     bytea NOT NULL,
  entitlement_id text,
  position       bigint NOT NULL,
  PRIMARY KEY (municipality, terminal_id, touch_id)
);

-- What the passenger was told; may come later than the ride, may come again, is only ever added to.
CREATE TABLE presented (
  municipality     text    NOT NULL,
  ride_key         text    NOT NULL,
  seq              int     NOT NULL,
  position         bigint  NOT NULL,
  shown_at_ms      bigint  NOT NULL,
  offline          boolean NOT NULL,
  subsidy_minor    bigint  NOT NULL,
  rider_pays_minor bigint  NOT NULL,
  PRIMARY KEY (municipality, ride_key, seq)
);

CREATE TABLE reversal (
  municipality text   NOT NULL,
  ride_key     text   NOT NULL,
  position     bigint NOT NULL,
  at_ms        bigint NOT NULL,
  by_viewer    text   NOT NULL,
  reason       text   NOT NULL,
  PRIMARY KEY (municipality, ride_key)
);

-- What a passenger was shown and the ledger cannot take as it is; a person decides. `submission` is what came, without
-- places and sealed evidence.
CREATE TABLE quarantine (
  municipality        text   NOT NULL,
  ride_key            text   NOT NULL,
  facts_hash          bytea  NOT NULL,
  position            bigint NOT NULL,
  received_at_ms      bigint NOT NULL,
  reason              text   NOT NULL,
  vehicle_id          text,
  company_id          text,
  fare_minor          bigint NOT NULL,
  shown_subsidy_minor bigint NOT NULL,
  submission          json   NOT NULL,
  PRIMARY KEY (municipality, ride_key)
);

CREATE TABLE quarantine_resolution (
  municipality text    NOT NULL,
  ride_key     text    NOT NULL,
  position     bigint  NOT NULL,
  at_ms        bigint  NOT NULL,
  accepted     boolean NOT NULL,
  by_viewer    text    NOT NULL,
  reason       text    NOT NULL,
  PRIMARY KEY (municipality, ride_key)
);
