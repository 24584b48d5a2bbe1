-- Who may drive, ride and send. Every key begins with the municipality, so that a distributed PostgreSQL can shard by it.
-- Nothing here names a person: an entitlement is a pseudonym, a credential a random link, a token an HMAC.

CREATE TABLE company (
  municipality text NOT NULL,
  company_id   text NOT NULL,
  name         text NOT NULL,
  PRIMARY KEY (municipality, company_id)
);

CREATE TABLE vehicle (
  municipality text NOT NULL,
  vehicle_id   text NOT NULL,
  company_id   text NOT NULL,
  label        text NOT NULL,
  PRIMARY KEY (municipality, vehicle_id)
);

CREATE TABLE terminal (
  municipality text  NOT NULL,
  terminal_id  text  NOT NULL,
  kind         text  NOT NULL CHECK (kind IN ('cab', 'migration')),
  vehicle_id   text,
  public_key   bytea NOT NULL,
  state        text  NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped')),
  PRIMARY KEY (municipality, terminal_id)
);

-- A pseudonymous person × scheme. Limits belong to it, not to a card.
CREATE TABLE entitlement (
  municipality   text NOT NULL,
  entitlement_id text NOT NULL,
  scheme_id      text NOT NULL,
  valid_from_day int  NOT NULL,
  valid_to_day   int  NOT NULL,
  PRIMARY KEY (municipality, entitlement_id)
);

-- The lasting link of a card to an entitlement. The token is an index row made by the verifier alone; it may be
-- replaced (key rotation) or absent (no card linked yet) without touching any ride.
CREATE TABLE credential (
  municipality   text NOT NULL,
  credential_id  text NOT NULL,
  entitlement_id text NOT NULL,
  state          text NOT NULL DEFAULT 'good' CHECK (state IN ('good', 'stopped')),
  good_until_day int,
  token          bytea,
  key_version    int,
  PRIMARY KEY (municipality, credential_id)
);
CREATE UNIQUE INDEX credential_token ON credential (municipality, key_version, token) WHERE token IS NOT NULL;
CREATE INDEX credential_entitlement ON credential (municipality, entitlement_id);
