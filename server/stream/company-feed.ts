import type { MunicipalityId } from "#domain/ids.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { formatDay } from "#domain/time/local.ts";
import { COMPANY_FEED_KEEPS, type Totals } from "#protocol/stream/events.ts";
import type { Sql } from "#server/storage/database.ts";
import { type DayTotals, NO_TOTALS, totalsOf } from "./company-day-projection.ts";
import { companyDayReader } from "./company-day-reader.ts";
import { readEventTime } from "./event-log.ts";
import { type FeedKey, type FeedSource, isTooOld } from "./feed-source.ts";
import { readCursor } from "./log-reader.ts";
import { readRideLines } from "./ride-line.ts";

/** Which company's which day. */
export interface CompanyDayKey {
  readonly municipality: MunicipalityId;
  readonly companyId: string;
  /** Local day. */
  readonly day: number;
}

/** Totals of a company's day as the reader knows them. */
export async function readDayTotals(sql: Sql, key: CompanyDayKey): Promise<Totals> {
  const [row] = await sql.query<DayTotals>(
    `SELECT rides, refused, reversed, fare_minor AS "fareMinor", subsidy_minor AS "subsidyMinor",
       rider_pays_minor AS "riderPaysMinor", city_bears_minor AS "cityBearsMinor",
       company_bears_minor AS "companyBearsMinor"
     FROM company_day_total WHERE municipality = $1 AND company_id = $2 AND day = $3`,
    [key.municipality, key.companyId, key.day],
  );
  return totalsOf(row ?? NO_TOTALS);
}

/** Name of a company; its id when the registry does not know it. */
export async function readCompany(sql: Sql, key: Pick<CompanyDayKey, "municipality" | "companyId">) {
  const [row] = await sql.query<{ name: string }>(
    "SELECT name FROM company WHERE municipality = $1 AND company_id = $2",
    [key.municipality, key.companyId],
  );
  return { id: key.companyId, name: row?.name ?? key.companyId };
}

/** Feed `company`: the rides of one company's local day. */
export function createCompanyFeed(
  today: (municipality: MunicipalityId) => number,
  calendars: ReadonlyMap<MunicipalityId, Calendar>,
): FeedSource {
  const dayOf = (key: FeedKey): CompanyDayKey => ({
    municipality: key.municipality,
    companyId: key.companyId ?? "",
    day: today(key.municipality),
  });
  const lines = (sql: Sql, key: CompanyDayKey, changedAfter: number) =>
    readRideLines(sql, { ...key, before: Number.MAX_SAFE_INTEGER, changedAfter, limit: COMPANY_FEED_KEEPS });
  return {
    reader: companyDayReader.name,
    position: (sql, key) => readCursor(sql, companyDayReader.name, key.municipality),
    async snapshot(sql, key) {
      const day = dayOf(key);
      return {
        feed: "company",
        day: formatDay(day.day),
        company: await readCompany(sql, day),
        totals: await readDayTotals(sql, day),
        rides: await lines(sql, day, 0),
      };
    },
    epoch: (key) => String(today(key.municipality)),
    async canResume(sql, key, range) {
      if (isTooOld(range)) return false;
      // A client that stopped at an event of an earlier day may still show that day.
      const seenAt = await readEventTime(sql, key.municipality, range.from);
      return seenAt !== undefined && calendars.get(key.municipality)?.local(seenAt).day === today(key.municipality);
    },
    async changes(sql, key, range) {
      const day = dayOf(key);
      const rides = await lines(sql, day, range.from);
      return {
        feed: "company",
        fromPosition: range.from,
        toPosition: range.to,
        rides: rides.reverse(),
        totals: await readDayTotals(sql, day),
      };
    },
    isIdle: (changes) => changes.feed === "company" && changes.rides.length === 0,
  };
}
