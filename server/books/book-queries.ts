import { setTimeout } from "node:timers/promises";
import type { City } from "#domain/city/city.ts";
import { may, type Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import type { FreeTaxis, LedgerLine, PictureSnapshot, RideLine, Totals } from "#protocol/stream/events.ts";
import { requirePermission } from "#server/identity/require.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { Database, Sql } from "#server/storage/database.ts";
import { readCompany, readDayTotals } from "#server/stream/company-feed.ts";
import { readNewestEvents } from "#server/stream/event-log.ts";
import { companyFor } from "#server/stream/gateway.ts";
import { ledgerLine } from "#server/stream/ledger-projection.ts";
import { readPicture } from "#server/stream/picture-feed.ts";
import { createMoneyReader } from "#server/stream/picture-money.ts";
import { readRideLines, rideLineOf } from "#server/stream/ride-line.ts";
import { type BookTotals, findRide, type QuarantinedRide, readBookTotals, readQuarantine } from "./book-store.ts";

/** A page of a list, newest first. */
export interface Page {
  readonly first: number;
  /** Entries before this position only; null for the newest. */
  readonly before: number | null;
}

/** A company's local day. */
export interface CompanyDay {
  /** Local day number. */
  readonly day: number;
  readonly company: { readonly id: string; readonly name: string };
  readonly totals: Totals;
  readonly rides: readonly RideLine[];
}

/** What the queries need. */
export interface BookQueriesDeps {
  readonly database: Database;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly calendars: ReadonlyMap<MunicipalityId, Calendar>;
  readonly now: () => number;
  readonly freeTaxis: (municipality: MunicipalityId) => FreeTaxis | null;
}

const MOST_LINES = 500;
/** Longest wait for the readers of the log; after it the answer is what they have so far. */
const CATCH_UP_MS = 2_000;
const CATCH_UP_PAUSE_MS = 15;

/** Use-cases that read the book. Rights are asked for before anything is read. */
export function createBookQueries(deps: BookQueriesDeps) {
  const { database } = deps;
  const pictureDeps = { ...deps, money: createMoneyReader() };
  const consistently = <T>(work: (tx: Sql) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      return work(tx);
    });
  const calendarOf = (municipality: MunicipalityId): Calendar => {
    const calendar = deps.calendars.get(municipality);
    if (!calendar) throw new AccessError("UNKNOWN_MUNICIPALITY", "This server does not serve that municipality.");
    return calendar;
  };
  /** Lets the readers reach what the log holds now: whoever has just written reads what they wrote. */
  const caughtUp = async (municipality: MunicipalityId): Promise<void> => {
    const [head] = await database.query<{ last_position: number }>(
      "SELECT last_position FROM log_head WHERE municipality = $1",
      [municipality],
    );
    const until = performance.now() + CATCH_UP_MS;
    while (head && performance.now() < until) {
      const [slowest] = await database.query<{ position: number | null }>(
        "SELECT min(position) AS position FROM reader_cursor WHERE municipality = $1",
        [municipality],
      );
      if ((slowest?.position ?? 0) >= head.last_position) return;
      await setTimeout(CATCH_UP_PAUSE_MS);
    }
  };
  return {
    /** @throws AccessError */
    async companyDay(
      viewer: Viewer,
      wanted: { municipality: MunicipalityId; companyId: string | null; day: number | null; page: Page },
    ): Promise<CompanyDay> {
      const { municipality, page } = wanted;
      const companyId = companyFor(viewer, municipality, wanted.companyId);
      if (companyId === undefined) {
        requirePermission(viewer, "ride:read-own-company", municipality);
        throw new AccessError("FORBIDDEN", "These are another company's rides.");
      }
      await caughtUp(municipality);
      const day = wanted.day ?? calendarOf(municipality).local(deps.now()).day;
      return consistently(async (tx) => ({
        day,
        company: await readCompany(tx, { municipality, companyId }),
        totals: await readDayTotals(tx, { municipality, companyId, day }),
        rides: await readRideLines(tx, {
          municipality,
          companyId,
          day,
          before: page.before ?? Number.MAX_SAFE_INTEGER,
          changedAfter: 0,
          limit: Math.min(Math.max(page.first, 0), MOST_LINES),
        }),
      }));
    },
    /** @throws AccessError */
    async ledger(viewer: Viewer, municipality: MunicipalityId, page: Page): Promise<readonly LedgerLine[]> {
      requirePermission(viewer, "ledger:read", municipality);
      const upTo = page.before === null ? Number.MAX_SAFE_INTEGER : page.before - 1;
      const limit = Math.min(Math.max(page.first, 0), MOST_LINES);
      return (await readNewestEvents(database, municipality, { upTo, limit })).map(ledgerLine);
    },
    /** A ride, or null when there is none that the viewer may see. @throws AccessError */
    async ride(viewer: Viewer, municipality: MunicipalityId, rideKey: string): Promise<RideLine | null> {
      const seesAll = may(viewer, "ledger:read", municipality);
      if (!seesAll) requirePermission(viewer, "ride:read-own-company", municipality);
      const found = await findRide(database, municipality, rideKey);
      if (!found) return null;
      const isOwn =
        viewer.kind === "staff" && found.body.companyId !== null && found.body.companyId === viewer.companyId;
      return seesAll || isOwn ? rideLineOf(found) : null;
    },
    /** @throws AccessError */
    async bookTotals(viewer: Viewer, municipality: MunicipalityId): Promise<BookTotals> {
      requirePermission(viewer, "ledger:read", municipality);
      await caughtUp(municipality);
      return consistently((tx) => readBookTotals(tx, municipality));
    },
    /** @throws AccessError */
    async quarantine(viewer: Viewer, municipality: MunicipalityId): Promise<readonly QuarantinedRide[]> {
      requirePermission(viewer, "ledger:read", municipality);
      return readQuarantine(database, municipality);
    },
    /** @throws AccessError */
    async livePicture(
      viewer: Viewer,
      municipality: MunicipalityId,
    ): Promise<{ readonly picture: PictureSnapshot; readonly taxis: FreeTaxis["taxis"] }> {
      requirePermission(viewer, "picture:read", municipality);
      const picture = await consistently((tx) => readPicture(tx, municipality, pictureDeps));
      return { picture, taxis: deps.freeTaxis(municipality)?.taxis ?? [] };
    },
  };
}

/** Use-cases that read the book. */
export type BookQueries = ReturnType<typeof createBookQueries>;
