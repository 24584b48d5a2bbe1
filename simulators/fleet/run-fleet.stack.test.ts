import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "#server/config.ts";
import { createLog } from "#server/log.ts";
import { startServer } from "#server/start-server.ts";
import { openStaffClient } from "../api/staff-client.ts";
import { createTestCa } from "../card/test-ca.ts";
import { testAnchorsDirectory } from "../card/test-keys.ts";
import { pause } from "../clock.ts";
import { type FleetProgress, runFleet } from "./run-fleet.ts";

const CITY = "maebashi";
/** Tuesday 2026-11-24, 09:30 in Tokyo. */
const STARTS_AT_MS = Date.UTC(2026, 10, 24, 0, 30);
const WANTED_RIDES = 5;
const PATIENCE_MS = 90_000;

it("drives free and busy taxis, lays cards and records rides until it is stopped", async () => {
  const testCaDirectory = mkdtempSync(join(tmpdir(), "notte-fleet-"));
  await createTestCa(testCaDirectory);
  const offsetMs = STARTS_AT_MS - Date.now();
  const read = readConfig({
    NOTTE_MODE: "demo",
    DATA_DIR: "memory://",
    PORT: "0",
    LOG_LEVEL: "error",
    CLOCK_OFFSET_MS: String(offsetMs),
    TRUST_ANCHORS_DIR: testAnchorsDirectory(testCaDirectory),
  });
  if (!read.ok) throw new Error(read.problems.join(" "));
  const server = await startServer(read.config, { log: createLog("error") });
  onTestFinished(async () => {
    await server.stop();
    rmSync(testCaDirectory, { recursive: true, force: true });
  });
  const stop = new AbortController();
  let last: FleetProgress | undefined;
  const fleet = runFleet({
    serverUrl: server.url,
    municipality: CITY,
    citiesDirectory: "cities",
    cabs: 20,
    seed: 1,
    speed: 200,
    now: () => Date.now() + offsetMs,
    testCaDirectory,
    signal: stop.signal,
    onProgress: (progress) => {
      last = progress;
      if (progress.recorded >= WANTED_RIDES) stop.abort();
    },
  });
  const planner = await openStaffClient({ serverUrl: server.url, municipality: CITY }, "PLANNER");
  let mostFree = 0;
  for (const giveUpAt = Date.now() + PATIENCE_MS; !stop.signal.aborted; await pause(500, stop.signal)) {
    if (Date.now() > giveUpAt) stop.abort();
    const { livePicture } = await planner.request<{ livePicture: { freeTaxis: unknown[] } }>(
      `{ livePicture(municipality: "${CITY}") { freeTaxis { latE6 lngE6 } } }`,
      {},
    );
    mostFree = Math.max(mostFree, livePicture.freeTaxis.length);
  }
  const end = await fleet;
  expect(last?.recorded).toBeGreaterThanOrEqual(WANTED_RIDES);
  expect(end.failed).toBe(0);
  expect(mostFree).toBeGreaterThan(0);
  expect(mostFree).toBeLessThanOrEqual(20);

  const auditor = await openStaffClient({ serverUrl: server.url, municipality: CITY }, "AUDITOR");
  const totals = async () => {
    const { bookTotals } = await auditor.request<{ bookTotals: { rides: number; decidedSubsidyMinor: number } }>(
      `{ bookTotals(municipality: "${CITY}") { rides decidedSubsidyMinor } }`,
      {},
    );
    return bookTotals;
  };
  // The totals stand where the readers of the log stand.
  await expect.poll(async () => (await totals()).rides, { timeout: 10_000 }).toBe(end.recorded + end.refused);
  expect((await totals()).decidedSubsidyMinor).toBeGreaterThan(0);
});
