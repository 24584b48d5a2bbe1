import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FeedChanges } from "#protocol/stream/events.ts";
import { createRandom } from "#simulators/random.ts";
import {
  RECORD,
  registerPeople,
  rideInput,
  startTestServer,
  TEST_CITY,
  type TestServer,
  type TestTerminal,
} from "#tests/kit/test-server.ts";

/** From the answer of `recordRides` until those who may see the ride are told. */
const PROMISED_MS = 1_000;
const RIDES = 25;
const SEED = 20_261_127;

let test: TestServer;
let migration: TestTerminal;

beforeAll(async () => {
  test = await startTestServer();
  migration = await test.enrol("MIGRATION", "m1");
  await test.enrol("CAB", "cab1", "c-1");
  await registerPeople(test, 200);
});
afterAll(() => test.stop());

/** Joins a feed over a socket of its own and keeps when each message of changes came. */
async function follow(who: readonly [role: string, companyId?: string], feed: "company" | "picture") {
  const { authorization = "" } = await test.as(...who);
  const socket = test.connect({ session: authorization.replace("Bearer ", "") });
  const told: { readonly atMs: number; readonly changes: FeedChanges }[] = [];
  socket.on("feed", (changes) => void told.push({ atMs: performance.now(), changes }));
  // Somebody sent back to the start asks again, as a screen does.
  const join = () => socket.timeout(5_000).emitWithAck("join", { feed, municipality: TEST_CITY });
  socket.on("rejoin", () => void join());
  expect(await join()).toMatchObject({ ok: true });
  return {
    /** When the first message came in which something stands. */
    async when(isTold: (changes: FeedChanges) => boolean): Promise<number> {
      const found = () => told.find(({ changes }) => isTold(changes))?.atMs;
      await expect.poll(found, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      return found() ?? Number.POSITIVE_INFINITY;
    },
  };
}

it(`the company and the planner are told of a ride within a second of its answer (seed ${SEED})`, async () => {
  const random = createRandom(SEED);
  const company = await follow(["COMPANY_ACCOUNTANT", "c-1"], "company");
  const planner = await follow(["PLANNER"], "picture");
  const waits: { readonly company: number; readonly planner: number }[] = [];
  for (let n = 0; n < RIDES; n++) {
    const alightedAt = test.now() - 60_000;
    const boardedAt = alightedAt - 300_000 - n;
    const riders = [{ credentialId: `cred-${1 + n}` }];
    const input = { vehicleId: "v-cab1", ...rideInput(0, { boardedAt, alightedAt, riders }) };
    const headers = { authorization: `Terminal ${await migration.token()}` };
    const { data } = await test.graphql(RECORD, { input: [input] }, headers);
    const answeredAtMs = performance.now();
    const { rideKey, status } = data.recordRides.outcomes[0];
    expect(status).toBe("RECORDED");
    const companyAtMs = await company.when(
      (changes) => changes.feed === "company" && changes.rides.some((ride) => ride.rideKey === rideKey),
    );
    // Of the ride the planner is told one number only: how many there are.
    const plannerAtMs = await planner.when(
      (changes) => changes.feed === "picture" && changes.picture.ridesToday === n + 1,
    );
    waits.push({ company: companyAtMs - answeredAtMs, planner: plannerAtMs - answeredAtMs });
    // Readers and rooms rest between their rounds: rides come at any moment of these rests.
    await delay(random.below(400));
  }
  expect(waits).toHaveLength(RIDES);
  expect(Math.max(...waits.map((wait) => wait.company))).toBeLessThanOrEqual(PROMISED_MS);
  expect(Math.max(...waits.map((wait) => wait.planner))).toBeLessThanOrEqual(PROMISED_MS);
});
