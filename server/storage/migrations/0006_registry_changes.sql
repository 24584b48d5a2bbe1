-- What was changed in the registry, by whom. Append-only, dense per municipality from 1. A line is one kind of change of
-- one call and up to a hundred subjects; `before` and `after` are lists, in the order of the subjects, of what a person
-- may read: no tokens, no certificates, of a terminal's key its SHA-256. null before: it was new; null after: it is gone.
CREATE TABLE registry_head (
  municipality text   NOT NULL PRIMARY KEY,
  last_seq     bigint NOT NULL DEFAULT 0
);

CREATE TABLE registry_change (
  municipality text   NOT NULL,
  seq          bigint NOT NULL,
  at_ms        bigint NOT NULL,
  by_viewer    text   NOT NULL,
  kind         text   NOT NULL,
  subject_ids  text[] NOT NULL,
  before       json   NOT NULL,
  after        json   NOT NULL,
  reason       text,
  PRIMARY KEY (municipality, seq)
);

-- From this instant on a terminal's calls are refused. A terminal that carries the past into the ledger always has an
-- end; those enrolled before this rule get three months, in which they can be enrolled again with the end they need.
ALTER TABLE terminal ADD COLUMN valid_until_ms bigint;
UPDATE terminal SET valid_until_ms = (extract(epoch FROM now()) * 1000)::bigint + 92 * 86400000::bigint
  WHERE kind = 'migration';
ALTER TABLE terminal ADD CONSTRAINT terminal_migration_ends CHECK (kind <> 'migration' OR valid_until_ms IS NOT NULL);
