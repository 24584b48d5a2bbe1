-- Staff accounts, their sessions and the record of sign-ins. Of a session only the SHA-256 of its token is kept.

CREATE TABLE staff (
  municipality  text   NOT NULL,
  staff_id      text   NOT NULL,
  login         text   NOT NULL,
  name          text   NOT NULL,
  -- argon2id in PHC form: parameters, salt and hash. NULL: no sign-in with a password (one-click demo staff).
  password_hash text,
  roles         jsonb  NOT NULL,
  company_id    text,
  state         text   NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped')),
  made_at       bigint NOT NULL,
  PRIMARY KEY (municipality, staff_id)
);
CREATE UNIQUE INDEX staff_login ON staff (login);

CREATE TABLE staff_session (
  municipality text    NOT NULL,
  token_hash   bytea   NOT NULL,
  staff_id     text    NOT NULL,
  -- Sessions of one-click demo sign-in; refused outside demo mode.
  demo         boolean NOT NULL,
  began_at     bigint  NOT NULL,
  seen_at      bigint  NOT NULL,
  ends_at      bigint  NOT NULL,
  PRIMARY KEY (municipality, token_hash)
);

-- Append-only. The login as typed is kept only when it belongs to an account.
CREATE TABLE sign_in_event (
  municipality text   NOT NULL,
  event_id     text   NOT NULL,
  at           bigint NOT NULL,
  kind         text   NOT NULL CHECK (kind IN ('signed-in', 'refused', 'limited', 'signed-out', 'demo')),
  staff_id     text,
  address      text   NOT NULL,
  PRIMARY KEY (municipality, event_id)
);
CREATE INDEX sign_in_event_time ON sign_in_event (municipality, at);

-- Grows with every change of companies, vehicles or terminals, so that other processes drop what they remember.
CREATE TABLE fleet_version (
  municipality text   NOT NULL,
  version      bigint NOT NULL,
  PRIMARY KEY (municipality)
);
