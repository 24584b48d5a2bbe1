import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import type { RideLine } from "#protocol/stream/events.ts";
import { findRide } from "#server/books/book-store.ts";
import type { RideSubmission } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import { migrate } from "#server/storage/migrate.ts";
import { companyDayReader } from "#server/stream/company-day-reader.ts";
import { readDayTotals } from "#server/stream/company-feed.ts";
import { readEvents, readHead } from "#server/stream/event-log.ts";
import { moveCursor, readCursor, resetReader } from "#server/stream/log-reader.ts";
import { readRideLines, rideLineOf } from "#server/stream/ride-line.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { expectBooksBalance } from "../kit/ledger-checks.ts";
import { byEvidence, createRideDesk, type RideDesk, shown } from "../kit/ride-desk.ts";
import { OUTSIDE, SMALL_VERSION, smallCity } from "../kit/small-city.ts";

const FARE = 1_500;
const DAY_MS = 86_400_000;
const CAB = "cab1";

/** What happens to one ride after it was sent. */
type Next = { readonly shown: number } | { readonly accept: boolean } | "reversed";

interface Story {
  /** Registered, nobody's, or registered and outside the area, where the scheme decides nothing. */
  readonly rider: "known" | "nobody" | "outside";
  /** Subsidy shown with the ride. */
  readonly shown?: number;
  readonly later?: readonly Next[];
}

/** Half of the fare, 750, is decided for those who are registered; it is also the most the scheme could have paid. */
const STORIES = {
  plain: { rider: "known" },
  refused: { rider: "nobody" },
  agreeing: { rider: "known", shown: 750 },
  more: { rider: "outside", shown: 750 },
  beyond: { rider: "outside", shown: 1_000 },
  less: { rider: "known", shown: 300 },
  "more-later": { rider: "known", later: [{ shown: 900 }] },
  "less-later": { rider: "known", later: [{ shown: 300 }] },
  "twice-later": { rider: "outside", shown: 200, later: [{ shown: 1_500 }, { shown: 600 }] },
  accepted: { rider: "nobody", shown: 750, later: [{ accept: true }] },
  "accepted-less-later": { rider: "nobody", shown: 750, later: [{ accept: true }, { shown: 400 }] },
  dismissed: { rider: "nobody", shown: 750, later: [{ accept: false }] },
  waiting: { rider: "nobody", shown: 750 },
  reversed: { rider: "known", later: ["reversed"] },
  "reversed-refused": { rider: "nobody", later: ["reversed"] },
  "reversed-shown": { rider: "outside", shown: 1_000, later: ["reversed"] },
  "reversed-shown-later": { rider: "known", shown: 700, later: [{ shown: 300 }, "reversed"] },
  "reversed-accepted": { rider: "nobody", shown: 750, later: [{ accept: true }, "reversed"] },
  "shown-after-reversal": { rider: "known", later: ["reversed", { shown: 1_000 }] },
} as const satisfies Readonly<Record<string, Story>>;
type Name = keyof typeof STORIES;

/** Decided subsidy; what city and company bear where the city is the bearer, and where the company is. */
const EXPECTED: Readonly<Record<Exclude<Name, "waiting">, readonly [number, [number, number], [number, number]]>> = {
  plain: [750, [0, 0], [0, 0]],
  refused: [0, [0, 0], [0, 0]],
  agreeing: [750, [0, 0], [0, 0]],
  more: [0, [750, 0], [0, 750]],
  beyond: [0, [750, 250], [0, 1_000]],
  less: [750, [-450, 0], [0, -450]],
  "more-later": [750, [0, 150], [0, 150]],
  "less-later": [750, [-450, 0], [0, -450]],
  "twice-later": [0, [600, 0], [0, 600]],
  accepted: [0, [750, 0], [0, 750]],
  "accepted-less-later": [0, [400, 0], [0, 400]],
  dismissed: [0, [0, 750], [0, 750]],
  reversed: [750, [0, 0], [0, 0]],
  "reversed-refused": [0, [0, 0], [0, 0]],
  "reversed-shown": [0, [750, 250], [0, 1_000]],
  "reversed-shown-later": [750, [-450, 0], [0, -450]],
  "reversed-accepted": [0, [750, 0], [0, 750]],
  "shown-after-reversal": [750, [0, 0], [0, 0]],
};

/** A company's day tells what stands and ties to the ledger, on any database, whoever bears the differences. */
export function companyDaySuite(createSource: () => DatabaseSource): void {
  describe.each(["city", "company"] as const)("with the %s as bearer", (bearer) => {
    const source = createSource();
    let database: Database;
    let desk: RideDesk;
    let day: number;

    beforeAll(async () => {
      database = await source.create();
      const [scheme] = smallCity().schemes;
      const versions = [{ ...SMALL_VERSION, overGrantBearer: bearer }];
      desk = await createRideDesk(database, { city: smallCity({ schemes: scheme ? [{ ...scheme, versions }] : [] }) });
      await desk.registerMany(Object.keys(STORIES));
      await desk.registerMany(["tomorrow"]);
      for (const [name, story] of Object.entries<Story>(STORIES)) await tell(desk, name, story);
      const [first] = await database.query<{ day: number }>("SELECT min(boarding_day) AS day FROM ride", []);
      day = first?.day ?? 0;
      desk.setNow(desk.now() + DAY_MS);
      await tell(desk, "tomorrow", { rider: "known", shown: 500, later: [{ shown: 800 }] });
    });
    afterAll(async () => {
      await expectBooksBalance(database, desk.city.id);
      await source.close();
    });

    /** Lets the reader begin again, with so many events at a time. */
    const read = async (atATime: number): Promise<void> => {
      const head = await readHead(database, desk.city.id);
      await database.transaction((tx) => resetReader(tx, companyDayReader, desk.city.id));
      for (let after = 0; after < head; after += atATime) {
        const events = await readEvents(database, desk.city.id, { after, limit: atATime });
        await database.transaction((tx) => tx.finish(companyDayReader.statements(desk.city.id, events)));
      }
    };
    const linesOf = (onDay: number): Promise<RideLine[]> =>
      readRideLines(database, {
        municipality: desk.city.id,
        companyId: "company",
        day: onDay,
        before: Number.MAX_SAFE_INTEGER,
        changedAfter: 0,
        limit: 100,
      });
    const totalsOf = (onDay: number) =>
      readDayTotals(database, { municipality: desk.city.id, companyId: "company", day: onDay });

    it.each([1, 1_000])(
      "says of each ride what was decided, what stands and who bears it (%i at a time)",
      async (n) => {
        await read(n);
        const lines = new Map((await linesOf(day)).map((line) => [line.rideKey, line]));
        expect(lines.size).toBe(Object.keys(EXPECTED).length);
        for (const [name, [decided, ...borne]] of Object.entries(EXPECTED)) {
          const [city, company] = borne[bearer === "city" ? 0 : 1];
          expect({ name, ...lines.get(`${CAB}:${name}`) }).toMatchObject({
            name,
            fareMinor: FARE,
            subsidyMinor: decided,
            riderPaysMinor: FARE - decided,
            cityBearsMinor: city,
            companyBearsMinor: company,
            fromCityMinor: decided + city,
            paidMinor: FARE - decided - city - company,
            reversed: name.includes("reversed") || name.includes("reversal"),
            fromQuarantine: name.includes("accepted") || name === "dismissed",
          });
        }
      },
    );

    it("ties to the postings of the ledger, for each day", async () => {
      await read(1_000);
      const book = await database.query<Record<"day" | "fare" | "paid" | "fromCity" | "companyBears", number>>(
        `SELECT r.boarding_day AS day,
           -sum(p.amount_minor) FILTER (WHERE account IN ('company-fare', 'company-discount'))::bigint AS fare,
           sum(p.amount_minor) FILTER (WHERE account = 'rider-payments')::bigint AS paid,
           sum(p.amount_minor) FILTER (WHERE account IN ('city-subsidy', 'difference-city'))::bigint AS "fromCity",
           sum(p.amount_minor) FILTER (WHERE account = 'difference-company')::bigint AS "companyBears"
         FROM posting p
         JOIN event e ON e.municipality = p.municipality AND e.position = p.position
         JOIN ride r ON r.municipality = e.municipality AND r.ride_key = e.ride_key
         WHERE p.company_id = 'company' GROUP BY r.boarding_day ORDER BY 1`,
        [],
      );
      expect(book).toHaveLength(2);
      for (const { day: onDay, ...sums } of book) {
        const totals = await totalsOf(onDay);
        const { fareMinor: fare, paidMinor: paid, fromCityMinor: fromCity, companyBearsMinor: companyBears } = totals;
        expect({ fare, paid, fromCity, companyBears }).toEqual({ ...sums, companyBears: sums.companyBears ?? 0 });
        expect(paid + fromCity + companyBears).toBe(fare);
        const standing = (await linesOf(onDay)).filter((line) => !line.reversed);
        const sum = (pick: (line: RideLine) => number): number => standing.reduce((all, line) => all + pick(line), 0);
        expect(totals).toMatchObject({
          fareMinor: sum((line) => line.fareMinor),
          subsidyMinor: sum((line) => line.subsidyMinor),
          riderPaysMinor: sum((line) => line.riderPaysMinor),
          paidMinor: sum((line) => line.paidMinor),
          fromCityMinor: sum((line) => line.fromCityMinor),
          cityBearsMinor: sum((line) => line.cityBearsMinor),
          companyBearsMinor: sum((line) => line.companyBearsMinor),
        });
      }
    });

    it("comes to the same however many events are read at a time", async () => {
      const contents = () =>
        Promise.all(
          ["company_day_line", "company_day_total"].map((table) =>
            database.query(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4`, []),
          ),
        );
      await read(1);
      const before = await contents();
      for (const atATime of [2, 7, 1_000]) {
        await read(atATime);
        expect(await contents()).toEqual(before);
      }
    });

    it("tells a client about a ride that was shown again, at the position that changed it", async () => {
      await read(1);
      const [changed] = await database.query<{ position: number; ride: number }>(
        `SELECT max(e.position) AS position, min(r.position) AS ride FROM event e JOIN ride r USING (municipality, ride_key)
         WHERE e.type = 'ride.presented' AND e.ride_key = $1`,
        [`${CAB}:twice-later`],
      );
      const range = { municipality: desk.city.id, companyId: "company", day, limit: 100 };
      const since = await readRideLines(database, {
        ...range,
        before: (changed?.ride ?? 0) + 1,
        changedAfter: (changed?.position ?? 0) - 1,
      });
      expect(since.map((line) => line.rideKey)).toEqual([`${CAB}:twice-later`]);
    });

    it("is read again from the log where an older program kept it", async () => {
      await read(1_000);
      const before = await totalsOf(day);
      for (const table of ["company_day_line", "company_day_total"]) {
        await database.query(`ALTER TABLE ${table} DROP COLUMN city_bears_minor, DROP COLUMN company_bears_minor`, []);
      }
      const { name } = companyDayReader;
      const municipality = desk.city.id;
      const head = await readHead(database, municipality);
      await database.transaction((tx) =>
        tx.finish([
          moveCursor(name, { municipality, from: 0, to: head }),
          { text: "DELETE FROM schema_migration WHERE version = 5", parameters: [] },
        ]),
      );
      expect(await migrate(database, desk.now())).toEqual([5]);
      expect(await readCursor(database, name, municipality)).toBe(0);
      expect(await linesOf(day)).toEqual([]);
      await read(1_000);
      expect(await totalsOf(day)).toEqual(before);
    });

    it("says the same of a ride asked for alone, from the ledger's own tables", async () => {
      await read(1_000);
      for (const line of await linesOf(day)) {
        const found = await findRide(database, desk.city.id, line.rideKey);
        expect(found && rideLineOf(found)).toEqual(line);
      }
    });
  });
}

async function tell(desk: RideDesk, name: string, story: Story): Promise<void> {
  const cab = desk.cab(CAB);
  const { id: municipality } = desk.city;
  desk.setNow(desk.now() + 60_000);
  const ride = desk.ride(name, [byEvidence(story.rider === "nobody" ? "nobody" : name)]);
  const more: Partial<RideSubmission> = {
    ...(story.rider === "outside" ? { erasable: { ...ride.erasable, boarding: OUTSIDE, alighting: OUTSIDE } } : {}),
    ...(story.shown === undefined ? {} : { presented: shown(desk.now(), story.shown, FARE - story.shown) }),
  };
  await desk.service.record(cab, [{ ...ride, ...more }]);
  const asked = { municipality, rideKey: `${CAB}:${name}`, reason: "test" };
  for (const next of story.later ?? []) {
    desk.setNow(desk.now() + 1_000);
    const answer =
      next === "reversed"
        ? await desk.service.reverse(desk.officer, { ...asked, rideId: null })
        : "accept" in next
          ? await desk.service.resolveQuarantine(desk.officer, { ...asked, accept: next.accept })
          : await desk.service.present(cab, {
              rideId: asId(name),
              presented: shown(desk.now(), next.shown, FARE - next.shown),
            });
    expect(answer).toMatchObject({ ok: true });
  }
}
