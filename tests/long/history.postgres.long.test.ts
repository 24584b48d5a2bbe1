import { afterAll, expect, it } from "vitest";
import { seedHistory } from "#simulators/history/seed-history.ts";
import { type PostgresCluster, startPostgresCluster } from "#tests/kit/postgres-cluster.ts";
import { readBooks, type ServerProcess, startServerProcess } from "#tests/kit/server-process.ts";

const CITY = "maebashi";
const RIDES = 100_000;
const PATIENCE_MS = 30 * 60_000;

const running: ServerProcess[] = [];
let cluster: PostgresCluster | undefined;

afterAll(async () => {
  for (const server of running) await server.stop();
  await cluster?.stop();
});

/** Seeds the whole history on a new server and returns what it answered and what its books say. */
async function seedOn(name: string, settings: Readonly<Record<string, string>>) {
  const server = await startServerProcess(settings);
  running.push(server);
  const startedAt = performance.now();
  const history = await seedHistory({
    ...{ serverUrl: server.url, municipality: CITY, citiesDirectory: "cities", rides: RIDES, seed: 1 },
    ...{ until: "2026-11-01", now: Date.now },
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  await expect
    .poll(async () => (await readBooks(server.url, CITY)).rides, { timeout: 120_000, interval: 1_000 })
    .toBe(RIDES);
  const books = await readBooks(server.url, CITY);
  process.stdout.write(`${name}: ${seconds} s, ${JSON.stringify({ ...history, ...books })}\n`);
  return { history, books };
}

it(
  "the whole history is the same to the yen on both databases, and every sum of it agrees",
  async () => {
    cluster = await startPostgresCluster();
    const embedded = await seedOn("PGlite", {});
    const postgres = await seedOn("PostgreSQL", { DATABASE_URL: await cluster.createDatabase("history") });
    const { RECORDED = 0, REFUSED = 0, ...others } = embedded.history.statuses;
    expect(RECORDED + REFUSED).toBe(RIDES);
    expect(others).toEqual({});
    expect(postgres.history).toEqual(embedded.history);
    expect(postgres.books).toEqual(embedded.books);
    const { books, history } = embedded;
    expect(books.decidedSubsidyMinor).toBe(history.subsidyMinor);
    expect(books.postedSubsidyMinor).toBe(history.subsidyMinor);
    expect(books.eventSubsidyMinor).toBe(history.subsidyMinor);
    // Dense from the first to the last: as many events as positions, and positions are the log's key.
    expect(books.eventCount).toBe(books.lastPosition);
  },
  PATIENCE_MS,
);
