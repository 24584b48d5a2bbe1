-- The planner's sum moves at the ends of quarters only, by groups of rides (domain/disclosure/told-money.ts): what it is
-- made of. The picture's reader starts again, so that the day under way has its rides here too.
DELETE FROM picture_day;
DELETE FROM picture_ride;
DELETE FROM reader_cursor WHERE reader = 'picture';

-- Start of the quarter of the newest instant in the log so far: the log's own clock, which never goes back.
CREATE TABLE picture_clock (
  municipality text   NOT NULL PRIMARY KEY,
  quarter_ms   bigint NOT NULL
);

-- Rides the city pays for. Quarters are the log's clock when it came to the ride and to its reversal. `people` are opaque
-- keys. Rows are kept for a day and a half.
CREATE TABLE picture_paid (
  municipality        text   NOT NULL,
  position            bigint NOT NULL,
  day                 int    NOT NULL,
  known_quarter_ms    bigint NOT NULL,
  reversed_quarter_ms bigint,
  subsidy_minor       bigint NOT NULL,
  people              jsonb  NOT NULL,
  PRIMARY KEY (municipality, position)
);
CREATE INDEX picture_paid_day ON picture_paid (municipality, day);
