import { afterAll, beforeAll, expect, it } from "vitest";
import { createLog } from "#server/log.ts";
import type { Database } from "#server/storage/database.ts";
import { companyDayReader } from "#server/stream/company-day-reader.ts";
import { readDayTotals } from "#server/stream/company-feed.ts";
import { readEvents, readHead } from "#server/stream/event-log.ts";
import { followLog, type LogFollower } from "#server/stream/log-follower.ts";
import { readCursor, resetReader } from "#server/stream/log-reader.ts";
import { pictureReader } from "#server/stream/picture-reader.ts";
import { createRecentEvents } from "#server/stream/recent-events.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { byEvidence, createRideDesk, type RideDesk } from "../kit/ride-desk.ts";

const READERS = [companyDayReader, pictureReader];
const TABLES = [
  "company_day_line",
  "company_day_total",
  "picture_day",
  "picture_ride",
  "picture_paid",
  "picture_clock",
];
const DAY_MS = 86_400_000;
const RIDES = 60;

/** What every reader of the log must do, on any database. */
export function logReadersContract(source: DatabaseSource): void {
  let desk: RideDesk;
  let database: Database;
  const recent = createRecentEvents();

  beforeAll(async () => {
    database = await source.create();
    desk = await createRideDesk(database, { onEvents: recent.add });
    const people = Array.from({ length: 40 }, (_, index) => `p${index}`);
    await desk.registerMany(people);
    for (let n = 0; n < RIDES; n++) {
      // Two days; every seventh ride is of somebody nobody registered, every fifth is taken back.
      desk.setNow(desk.now() + (n === RIDES / 2 ? DAY_MS : (30 * 60_000) / 10));
      const rider = n % 7 === 3 ? byEvidence("nobody") : byEvidence(`p${n % 40}`);
      const ride = desk.ride(`r${n}`, [rider]);
      const cab = desk.cab(`cab${(n % 9) + 1}`);
      const { outcomes } = await desk.service.record(cab, [ride]);
      if (n % 5 === 0) {
        const { municipality } = cab;
        const rideKey = outcomes[0]?.rideKey ?? null;
        await desk.service.reverse(desk.officer, { municipality, rideKey, rideId: null, reason: "test" });
      }
    }
  });
  afterAll(() => source.close());

  const follow = (advanced: string[] = []): LogFollower =>
    followLog({
      database,
      recent,
      municipality: desk.city.id,
      readers: READERS,
      log: createLog("silent"),
      onAdvanced: (reader) => advanced.push(reader),
      elapsedMs: () => performance.now(),
    });
  const untilCaughtUp = async (): Promise<void> => {
    const head = await readHead(database, desk.city.id);
    await expect
      .poll(() => Promise.all(READERS.map((reader) => readCursor(database, reader.name, desk.city.id))), {
        timeout: 20_000,
      })
      .toEqual(READERS.map(() => head));
  };
  const contents = () =>
    Promise.all(TABLES.map((table) => database.query(`SELECT * FROM ${table} ORDER BY (${table}.*)::text`, [])));

  it("add up to what the ledger holds", async () => {
    const follower = follow();
    await untilCaughtUp();
    await follower.stop();
    const [book] = await database.query<{ rides: number; refused: number; reversed: number; subsidy: number }>(
      `SELECT count(*) FILTER (WHERE status = 'recorded' AND x.ride_key IS NULL) AS rides,
         count(*) FILTER (WHERE status = 'refused' AND x.ride_key IS NULL) AS refused,
         count(x.ride_key) AS reversed,
         coalesce(sum(subsidy_minor) FILTER (WHERE x.ride_key IS NULL), 0)::bigint AS subsidy
       FROM ride LEFT JOIN reversal x USING (municipality, ride_key)`,
      [],
    );
    const days = await database.query<{ day: number }>("SELECT DISTINCT boarding_day AS day FROM ride", []);
    const totals = await Promise.all(
      days.map(({ day }) => readDayTotals(database, { municipality: desk.city.id, companyId: "company", day })),
    );
    const sum = (pick: (total: (typeof totals)[number]) => number): number =>
      totals.reduce((all, t) => all + pick(t), 0);
    expect(days.length).toBe(2);
    expect(book?.reversed).toBe(RIDES / 5);
    expect(sum((total) => total.rides)).toBe(book?.rides);
    expect(sum((total) => total.refused)).toBe(book?.refused);
    expect(sum((total) => total.reversed)).toBe(book?.reversed);
    expect(sum((total) => total.subsidyMinor)).toBe(book?.subsidy);
    const [picture] = await database.query<{ rides: number; subsidy: number }>(
      "SELECT sum(rides)::bigint AS rides, sum(subsidy_minor)::bigint AS subsidy FROM picture_day",
      [],
    );
    expect(picture).toEqual({ rides: book?.rides, subsidy: book?.subsidy });
  });

  it("are given the same events from memory as from the log", async () => {
    const head = await readHead(database, desk.city.id);
    const kept = recent.after(desk.city.id, 0, head);
    expect(kept).toHaveLength(head);
    const written = await readEvents(database, desk.city.id, { after: 0, limit: head });
    expect(JSON.parse(JSON.stringify(kept))).toEqual(written);
    expect(kept).toEqual(written);
  });

  it("are rebuilt from the log to the same state", async () => {
    const before = await contents();
    expect(before[0]?.length).toBe(RIDES);
    expect(before[3]?.length).toBeGreaterThan(5);
    for (const reader of READERS) {
      await database.transaction((tx) => resetReader(tx, reader, desk.city.id));
    }
    expect(await contents()).toEqual(TABLES.map(() => []));
    const follower = follow();
    await untilCaughtUp();
    await follower.stop();
    expect(await contents()).toEqual(before);
  });

  it("count nothing twice when two processes follow the same log", async () => {
    const before = await contents();
    for (const reader of READERS) {
      await database.transaction((tx) => resetReader(tx, reader, desk.city.id));
    }
    const both = [follow(), follow()];
    await untilCaughtUp();
    for (const follower of both) await follower.stop();
    expect(await contents()).toEqual(before);
  });

  it("hear of new events without being told", async () => {
    const advanced: string[] = [];
    const follower = follow(advanced);
    // At its start each reader tells once where it stands.
    await expect.poll(() => advanced, { timeout: 20_000 }).toHaveLength(READERS.length);
    advanced.length = 0;
    await desk.service.record(desk.cab("cab1"), [
      desk.ride("late", [byEvidence("p1")], { boardedAtMs: desk.now() - 60_000 }),
    ]);
    await untilCaughtUp();
    await expect.poll(() => advanced, { timeout: 20_000 }).toEqual(READERS.map((reader) => reader.name));
    expect([...follower.lag().values()]).toEqual([0, 0]);
    await follower.stop();
  });
}
