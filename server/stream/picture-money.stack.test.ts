import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { lastQuarterEnd, QUARTER_MS } from "#domain/disclosure/pulse.ts";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import type { Database } from "#server/storage/database.ts";
import { migrate } from "#server/storage/migrate.ts";
import { pgliteSource } from "#tests/kit/databases.ts";
import { createMoneyReader, moneyStatements } from "./picture-money.ts";

const HERE = asId<MunicipalityId>("here");
const DAY = 20_000;
const START = lastQuarterEnd(1_795_000_000_000);
const source = pgliteSource();
let database: Database;

beforeAll(async () => {
  database = await source.create();
  await migrate(database, START);
});
afterAll(() => source.close());
beforeEach(async () => {
  await database.query("DELETE FROM picture_paid", []);
  await database.query("DELETE FROM picture_clock", []);
});

/** Events of one batch, as the picture's reader hands them on. */
async function take(events: readonly { position: number; atMs: number; reverses?: number; isRide?: boolean }[]) {
  let newestMs = 0;
  const changes = events.flatMap(({ position, atMs, reverses, isRide = true }) => {
    newestMs = Math.max(newestMs, atMs);
    if (!isRide) return [];
    const paid = reverses === undefined ? { boardedAtMs: atMs - 600_000, people: [`p${position}`] } : null;
    const reversedPosition = reverses ?? null;
    return [
      {
        ...{ day: DAY, rides: 1, refused: 0, subsidyMinor: 500, began: null },
        paid,
        reversedPosition,
        position,
        atMs,
        newestMs,
      },
    ];
  });
  await database.transaction((tx) => tx.finish(moneyStatements(HERE, changes, newestMs)));
}
const rides = (first: number, count: number, atMs: number) =>
  Array.from({ length: count }, (_, index) => ({ position: first + index, atMs }));
const told = () => createMoneyReader()(database, HERE, DAY);

it("moves when the log holds an event of a later quarter, whatever kind it is", async () => {
  await take(rides(1, 10, START + 1));
  expect(await told()).toMatchObject({ rides: 0, upToMs: null });
  await take([{ position: 11, atMs: START + QUARTER_MS, isRide: false }]);
  expect(await told()).toEqual({ subsidyMinor: 5_000, rides: 10, upToMs: START + QUARTER_MS });
});

it("takes a ride that was committed after a later one into the later one's quarter", async () => {
  await take(rides(1, 10, START + 1));
  await take([{ position: 11, atMs: START + QUARTER_MS }]);
  const shown = await told();
  // Decided before the quarter's end, in the log after it: the sum that is shown already must not change.
  await take([{ position: 12, atMs: START + QUARTER_MS - 1 }]);
  expect(await told()).toEqual(shown);
  await take([...rides(13, 8, START + QUARTER_MS + 1), { position: 21, atMs: START + 2 * QUARTER_MS, isRide: false }]);
  expect(await told()).toMatchObject({ rides: 20, subsidyMinor: 10_000 });
});

it("keeps what was taken back after it was told, and leaves out what was taken back before", async () => {
  await take([...rides(1, 11, START + 1), { position: 12, atMs: START + 2, reverses: 3 }]);
  await take([{ position: 13, atMs: START + QUARTER_MS, reverses: 4 }]);
  expect(await told()).toMatchObject({ rides: 10, subsidyMinor: 5_000 });
  await take([{ position: 14, atMs: START + 9 * QUARTER_MS, isRide: false }]);
  expect(await told()).toMatchObject({ rides: 10, upToMs: START + QUARTER_MS });
});
