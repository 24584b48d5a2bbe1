import { afterAll, beforeAll, expect, it } from "vitest";
import { createRecentEvents } from "#server/stream/recent-events.ts";
import { type DatabaseSource, pgliteSource } from "#tests/kit/databases.ts";
import { byHold, createRideDesk, type RideDesk } from "#tests/kit/ride-desk.ts";
import { type BusyTracker, createBusyTracker } from "./busy-vehicles.ts";

let source: DatabaseSource;
let desk: RideDesk;
let tracker: BusyTracker;

beforeAll(async () => {
  source = pgliteSource();
  desk = await createRideDesk(await source.create());
  await desk.registerMany(["ann", "bob", "cho"]);
  tracker = createBusyTracker({ sql: desk.database, now: desk.now });
  await tracker.advance(desk.city.id);
});
afterAll(() => source.close());

const busy = async (one: BusyTracker = tracker): Promise<string[]> => {
  await one.advance(desk.city.id);
  return [...(one.vehicles(desk.city.id) ?? ["unknown"])].sort();
};

it("a vehicle is busy from the touch until its ride is recorded, cancelled or run out", async () => {
  const held = await desk.service.open(desk.cab("cab1"), desk.touch("r1", "ann"));
  await desk.service.open(desk.cab("cab2"), desk.touch("r2", "bob"));
  await desk.service.open(desk.cab("cab3"), desk.touch("r3", "nobody"));
  expect(await busy()).toEqual(["v-cab1", "v-cab2", "v-cab3"]);
  // A process that starts now finds what was begun in the ledger.
  expect(await busy(createBusyTracker({ sql: desk.database, now: desk.now }))).toEqual(["v-cab1", "v-cab2", "v-cab3"]);
  await desk.service.record(desk.cab("cab1"), [desk.ride("r1", [byHold(held.holdId)])]);
  expect(await busy()).toEqual(["v-cab2", "v-cab3"]);
  await desk.service.cancel(desk.cab("cab2"), { rideId: desk.touch("r2", "bob").rideId, reason: "driver" });
  expect(await busy()).toEqual(["v-cab3"]);
  desk.setNow(desk.now() + 5 * 3_600_000);
  expect(await busy()).toEqual([]);
  await desk.service.open(desk.cab("cab4"), desk.touch("r4", "cho"));
  desk.setNow(desk.now() + 5 * 3_600_000);
  await desk.service.expireHolds(desk.city.id, desk.now());
  expect(await busy()).toEqual([]);
});

it("hides a vehicle at once when the card was laid in this process", async () => {
  const recent = createRecentEvents();
  const here = await createRideDesk(await source.create(), { onEvents: recent.add });
  await here.registerMany(["dan"]);
  const quick = createBusyTracker({ sql: here.database, recent, now: here.now });
  await quick.advance(here.city.id);
  await here.service.open(here.cab("cab1"), here.touch("r9", "dan"));
  expect([...(quick.vehicles(here.city.id) ?? ["unknown"])]).toEqual(["v-cab1"]);
});

it("says nothing while the log is known to have gone on", async () => {
  expect(tracker.vehicles(desk.city.id)).not.toBeNull();
  tracker.hint(desk.city.id, 1_000_000);
  expect(tracker.vehicles(desk.city.id)).toBeNull();
});
