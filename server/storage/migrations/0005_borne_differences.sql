-- Company-day reader: what city and company bear of what a passenger was shown beyond the decision (negative where less
-- was shown). A line says what stands, or stood when the ride was taken back; a day's total leaves those rides out.
-- The reader begins again, so that the days before this say it too.
DELETE FROM company_day_line;
DELETE FROM company_day_total;
UPDATE reader_cursor SET position = 0 WHERE reader = 'company-day';

ALTER TABLE company_day_line
  ADD COLUMN city_bears_minor    bigint NOT NULL,
  ADD COLUMN company_bears_minor bigint NOT NULL;
ALTER TABLE company_day_total
  ADD COLUMN city_bears_minor    bigint NOT NULL,
  ADD COLUMN company_bears_minor bigint NOT NULL;
