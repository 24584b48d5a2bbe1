import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "#server/config.ts";
import { createLog } from "#server/log.ts";
import { type RunningServer, startServer } from "#server/start-server.ts";
import { type PostgresCluster, startPostgresCluster } from "#tests/kit/postgres-cluster.ts";
import { openStaffClient } from "../api/staff-client.ts";
import { type HistoryOptions, seedDaySoFar, seedHistory } from "./seed-history.ts";

const CITY = "maebashi";
const RIDES = 1_300;
const running: RunningServer[] = [];
let cluster: PostgresCluster | undefined;

afterAll(async () => {
  for (const server of running) await server.stop();
  await cluster?.stop();
});

async function start(settings: Record<string, string>, realNow: () => number = Date.now): Promise<RunningServer> {
  const read = readConfig({ NOTTE_MODE: "demo", DATA_DIR: "memory://", PORT: "0", LOG_LEVEL: "error", ...settings });
  if (!read.ok) throw new Error(read.problems.join(" "));
  const server = await startServer(read.config, { log: createLog("error"), realNow });
  running.push(server);
  return server;
}

function seed(server: RunningServer, change: Partial<HistoryOptions> = {}) {
  return seedHistory({
    serverUrl: server.url,
    municipality: CITY,
    citiesDirectory: "cities",
    rides: RIDES,
    seed: 1,
    until: "2026-11-01",
    now: Date.now,
    ...change,
  });
}

async function bookTotals(server: RunningServer) {
  const client = await openStaffClient({ serverUrl: server.url, municipality: CITY }, "AUDITOR");
  const { bookTotals: totals } = await client.request<{ bookTotals: Record<string, number> }>(
    `{ bookTotals(municipality: "${CITY}") {
        lastPosition rides decidedSubsidyMinor postedSubsidyMinor eventSubsidyMinor quarantined } }`,
    {},
  );
  return totals;
}

describe("the history of a city", () => {
  it("is the same to the yen on both databases, whole or stopped and continued, and is not sent twice", async () => {
    const whole = await start({});
    const first = await seed(whole);
    const { RECORDED = 0, REFUSED = 0, ...others } = first.statuses;
    expect(RECORDED + REFUSED).toBe(RIDES);
    expect(others).toEqual({});
    expect(REFUSED).toBeGreaterThan(0);
    await expect.poll(async () => (await bookTotals(whole)).rides, { timeout: 10_000 }).toBe(RIDES);
    const totals = await bookTotals(whole);
    expect(totals).toMatchObject({
      rides: RIDES,
      quarantined: 0,
      decidedSubsidyMinor: first.subsidyMinor,
      postedSubsidyMinor: first.subsidyMinor,
      eventSubsidyMinor: first.subsidyMinor,
    });

    const again = await seed(whole);
    expect(again).toMatchObject({ skipped: RIDES, statuses: {} });
    expect(await bookTotals(whole)).toEqual(totals);

    cluster = await startPostgresCluster();
    const other = await start({ DATABASE_URL: await cluster.createDatabase("history") });
    const stop = new AbortController();
    const stopped = seed(other, {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done >= 1_000) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    const rest = await seed(other);
    expect(rest.skipped + rest.replayed).toBeGreaterThanOrEqual(1_000);
    expect(rest.skipped).toBeGreaterThan(0);
    // The totals stand where the readers of the log stand.
    await expect.poll(() => bookTotals(other), { timeout: 10_000 }).toEqual(totals);
  });

  it("has the same digest in every run of a seed", async () => {
    const digests: string[] = [];
    for (const change of [{}, {}, { seed: 2 }]) {
      const server = await start({});
      digests.push((await seed(server, { rides: 600, ...change })).digest);
    }
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it("gives the last day its morning, once", async () => {
    const noon = Date.UTC(2026, 10, 2, 3, 0);
    const server = await start({}, () => noon);
    await seed(server, { rides: 200, until: "2026-11-02", now: () => noon });
    const day = {
      serverUrl: server.url,
      municipality: CITY,
      citiesDirectory: "cities",
      rides: 200,
      seed: 1,
      until: "2026-11-02",
      now: () => noon,
    };
    const morning = await seedDaySoFar(day);
    expect(morning).toBeGreaterThan(100);
    expect(await seedDaySoFar(day)).toBe(morning);
    await expect
      .poll(() => bookTotals(server), { timeout: 10_000 })
      .toMatchObject({ rides: 200 + morning, quarantined: 0 });
  });
});
