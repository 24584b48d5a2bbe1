import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCityDesk } from "#simulators/api/city-desk.ts";
import { createTestCa } from "#simulators/card/test-ca.ts";
import { testAnchorsDirectory } from "#simulators/card/test-keys.ts";
import { createCardHolders } from "#simulators/people/card-holders.ts";
import { readEvidence } from "#simulators/people/read-evidence.ts";
import { type Seen, strangeToPlanners, taxiMessages } from "#tests/kit/planner-eyes.ts";
import {
  RECORD,
  rideInput,
  startTestServer,
  TEST_CITY,
  type TestServer,
  type TestTerminal,
} from "#tests/kit/test-server.ts";

const WAIT = { timeout: 10_000, interval: 50 };
const OPEN = `mutation ($input: OpenRideInput!) {
  openRide(input: $input) { usable refusal holdId error { code } }
}`;
/** Where the cab with the rider waits, where the ride ends, and where the free one stands: nowhere else in this city. */
const BUSY_PLACE = { latE6: 36_390_123, lngE6: 139_063_321 };
const RIDE_END = { latE6: 36_400_777, lngE6: 139_070_555 };
const FREE_PLACE = { latE6: 36_380_456, lngE6: 139_050_654 };

const caDirectory = mkdtempSync(join(tmpdir(), "notte-planner-"));
let test: TestServer;
let withRider: TestTerminal;
let free: TestTerminal;
let sealedEvidence: string;

beforeAll(async () => {
  const ca = await createTestCa(caDirectory);
  test = await startTestServer({ TRUST_ANCHORS_DIR: testAnchorsDirectory(caDirectory) });
  withRider = await test.enrol("CAB", "cab1", "c-1");
  free = await test.enrol("CAB", "cab2", "c-1");
  const desk = await openCityDesk({ serverUrl: test.url, municipality: TEST_CITY });
  const holders = createCardHolders({ municipality: TEST_CITY, ca, desk });
  const card = await holders.cardOf({
    entitlementId: "ent-rider",
    credentialId: "cred-rider",
    validFrom: "2020-04-01",
    validTo: "2030-03-31",
  });
  const target = { municipality: TEST_CITY, ...(await desk.sealingKey()) };
  sealedEvidence = await readEvidence(card, target, test.now());
});
afterAll(async () => {
  await test?.stop();
  rmSync(caDirectory, { recursive: true, force: true });
});

/** A planner's connection, with everything that comes over it. */
async function plannerSees(): Promise<Seen[]> {
  const { authorization = "" } = await test.as("PLANNER");
  const socket = test.connect({ session: authorization.replace("Bearer ", "") });
  const seen: Seen[] = [];
  socket.onAny((name: string, data: unknown) => seen.push({ name, data, arrivedMs: performance.now() }));
  const reply = await socket.timeout(5_000).emitWithAck("join", { feed: "picture", municipality: TEST_CITY });
  seen.push({ name: "answer", data: reply, arrivedMs: performance.now() });
  return seen;
}

/** A cab that tells where it is and that it is free, whatever is true, until it is told to stop. */
async function reportFree(terminal: TestTerminal, place: { latE6: number; lngE6: number }): Promise<() => void> {
  const socket = test.connect({ terminal: await terminal.token() });
  let reports = 0;
  const timer = setInterval(() => {
    reports += 1;
    socket.emit("positions", [{ ...place, at: test.now() + reports, state: "available" }]);
  }, 100);
  return () => clearInterval(timer);
}

it("no taxi with a registered rider, no place and no word of a ride reaches the planner", async () => {
  const seen = await plannerSees();
  const stops = [await reportFree(withRider, BUSY_PLACE), await reportFree(free, FREE_PLACE)];
  const keysAt = (messages: readonly Seen[], place: { latE6: number }): string[] =>
    taxiMessages(messages)
      .flatMap(({ taxis }) => taxis.filter((taxi) => taxi.latE6 === place.latE6))
      .map((taxi) => taxi.taxiKey);
  /** What comes from now on, once the free taxi was told so often in it: silence proves nothing. */
  const nextMessages = async (count: number): Promise<readonly Seen[]> => {
    const from = seen.length;
    await expect.poll(() => keysAt(seen.slice(from), FREE_PLACE).length, WAIT).toBeGreaterThanOrEqual(count);
    return seen.slice(from);
  };
  await expect.poll(() => keysAt(seen, BUSY_PLACE).length, WAIT).toBeGreaterThan(0);
  const [keyBefore = ""] = keysAt(seen, BUSY_PLACE);

  const rideId = randomUUID();
  const headers = { authorization: `Terminal ${await withRider.token()}` };
  const opened = await test.graphql(
    OPEN,
    {
      input: {
        ...{ rideId, touchId: randomUUID(), touchedAt: test.now(), boardedAt: test.now() },
        ...{ sealedEvidence, place: BUSY_PLACE },
      },
    },
    headers,
  );
  expect(opened.data?.openRide).toMatchObject({ usable: true, error: null });
  // The touch is answered: from here on nothing may show where this cab is, though it says that it is free.
  const during = await nextMessages(3);
  expect(keysAt(during, BUSY_PLACE)).toEqual([]);
  expect(JSON.stringify(during)).not.toContain(keyBefore);

  test.setNow(test.now() + 600_000);
  const input = {
    ...rideInput(test.now(), { rideId, boardedAt: test.now() - 600_000, alightedAt: test.now() - 1_000 }),
    riders: [{ holdId: opened.data.openRide.holdId }],
    erasable: { salt: Buffer.alloc(16, 7).toString("base64"), boarding: BUSY_PLACE, alighting: RIDE_END },
  };
  const recorded = await test.graphql(
    RECORD,
    { input: [input] },
    { authorization: `Terminal ${await withRider.token()}` },
  );
  const [outcome] = recorded.data.recordRides.outcomes;
  expect(outcome).toMatchObject({ status: "RECORDED" });
  // Where the ride ended is nobody's to see either: the cab stays hidden for a minute or two.
  const after = await nextMessages(3);
  expect(keysAt(after, BUSY_PLACE)).toEqual([]);
  test.setNow(test.now() + 120_000);
  await expect.poll(() => keysAt(seen, BUSY_PLACE).at(-1), WAIT).not.toBe(keyBefore);
  expect(seen.some(({ name }) => name === "feed")).toBe(true);

  const words = [
    rideId,
    outcome.rideKey,
    withRider.id,
    free.id,
    "v-cab",
    "ent-rider",
    "cred-rider",
    String(RIDE_END.latE6),
  ];
  expect(strangeToPlanners(seen, words)).toEqual([]);
  for (const stop of stops) stop();
});
