-- Readers of the event log. Each keeps its own cursor; its tables can be emptied at any time and are then rebuilt from
-- the log. Nobody else writes to them.

CREATE TABLE reader_cursor (
  municipality text   NOT NULL,
  reader       text   NOT NULL,
  position     bigint NOT NULL,
  PRIMARY KEY (municipality, reader)
);

-- Company-day reader: which events are lines of a company's day (by local boarding day), and the day's totals. What a
-- line says stands in its event.
CREATE TABLE company_day_line (
  municipality     text    NOT NULL,
  company_id       text    NOT NULL,
  day              int     NOT NULL,
  position         bigint  NOT NULL,
  -- Position of the last event that changed the line.
  changed_position bigint  NOT NULL,
  reversed         boolean NOT NULL DEFAULT false,
  PRIMARY KEY (municipality, company_id, day, position)
);
CREATE INDEX company_day_line_changed ON company_day_line (municipality, company_id, day, changed_position);

CREATE TABLE company_day_total (
  municipality     text   NOT NULL,
  company_id       text   NOT NULL,
  day              int    NOT NULL,
  rides            int    NOT NULL,
  refused          int    NOT NULL,
  reversed         int    NOT NULL,
  fare_minor       bigint NOT NULL,
  subsidy_minor    bigint NOT NULL,
  rider_pays_minor bigint NOT NULL,
  PRIMARY KEY (municipality, company_id, day)
);

-- Picture reader: the city's counters per local day, and the rides of the last hours for the pulses of the zones.
CREATE TABLE picture_day (
  municipality  text   NOT NULL,
  day           int    NOT NULL,
  rides         int    NOT NULL,
  refused       int    NOT NULL,
  subsidy_minor bigint NOT NULL,
  PRIMARY KEY (municipality, day)
);

-- `people` are opaque keys. Rows are kept for a few hours only.
CREATE TABLE picture_ride (
  municipality   text   NOT NULL,
  position       bigint NOT NULL,
  boarded_at_ms  bigint NOT NULL,
  known_at_ms    bigint NOT NULL,
  reversed_at_ms bigint,
  zone           text   NOT NULL,
  people         jsonb  NOT NULL,
  PRIMARY KEY (municipality, position)
);
CREATE INDEX picture_ride_boarded ON picture_ride (municipality, boarded_at_ms);
