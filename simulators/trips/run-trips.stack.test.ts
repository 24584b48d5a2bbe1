import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readConfig } from "#server/config.ts";
import { createLog } from "#server/log.ts";
import { type RunningServer, startServer } from "#server/start-server.ts";
import { openStaffClient } from "../api/staff-client.ts";
import { createTestCa } from "../card/test-ca.ts";
import { testAnchorsDirectory } from "../card/test-keys.ts";
import { runTrips, TripsFileError, type TripsOptions } from "./run-trips.ts";

const CITY = "lakeside";
const FILE = join(import.meta.dirname, "fixtures/trips.csv");
const ROWS = 45;
const testCaDirectory = mkdtempSync(join(tmpdir(), "notte-trips-"));
let server: RunningServer;

beforeAll(async () => {
  await createTestCa(testCaDirectory);
  const read = readConfig({
    NOTTE_MODE: "demo",
    DATA_DIR: "memory://",
    PORT: "0",
    LOG_LEVEL: "error",
    TRUST_ANCHORS_DIR: testAnchorsDirectory(testCaDirectory),
  });
  if (!read.ok) throw new Error(read.problems.join(" "));
  server = await startServer(read.config, { log: createLog("error") });
});

afterAll(async () => {
  await server.stop();
  rmSync(testCaDirectory, { recursive: true, force: true });
});

function run(change: Partial<TripsOptions> = {}) {
  const common = { serverUrl: server.url, municipality: CITY, citiesDirectory: "cities", now: Date.now };
  return runTrips({ ...common, file: FILE, seed: 1, testCaDirectory, ...change });
}

it("says what is wrong with a file", async () => {
  await expect(run({ file: "package.json" })).rejects.toThrow(TripsFileError);
  await expect(run({ file: "no-such.csv" })).rejects.toThrow(/cannot be read/);
});

it("drives every row of a file through terminals to an end that is counted", async () => {
  const progress: number[] = [];
  const totals = await run({ onProgress: ({ done, total }) => progress.push(done / total) });
  const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(totals.rows).toBe(ROWS);
  expect(totals.recorded + sum(totals.refused) + sum(totals.quarantined) + sum(totals.rejected)).toBe(ROWS);
  expect(totals.rejected).toEqual({
    "no-end-time": 2,
    "no-fare": 1,
    "no-start-time": 1,
    "unreadable-number": 1,
    NO_FARE_ON_METER: 1,
    FARE_BEYOND_BELIEF: 1,
  });
  expect(totals.quarantined).toEqual({ RIDE_TOO_LONG: 1 });
  expect(totals.recorded).toBeGreaterThan(30);
  expect(progress.at(-1)).toBe(1);

  const auditor = await openStaffClient({ serverUrl: server.url, municipality: CITY }, "AUDITOR");
  const { bookTotals } = await auditor.request<{ bookTotals: Record<string, number> }>(
    `{ bookTotals(municipality: "${CITY}") { rides quarantined openHolds decidedSubsidyMinor postedSubsidyMinor } }`,
    {},
  );
  expect(bookTotals).toMatchObject({ rides: totals.recorded + sum(totals.refused), quarantined: 1 });
  // The ride that waits for a person keeps its hold until it expires; every other one is used or released.
  expect(bookTotals.openHolds).toBe(1);
  expect(bookTotals.decidedSubsidyMinor).toBeGreaterThan(0);
  expect(bookTotals.postedSubsidyMinor).toBe(bookTotals.decidedSubsidyMinor);
});

it("stops when it is told to", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(run({ signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
});
