import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { Database } from "#server/storage/database.ts";
import { pgliteSource } from "../kit/databases.ts";
import { byEvidence, byHold, createRideDesk, type RideDesk } from "../kit/ride-desk.ts";

describe("what is kept of rides that a person must judge", () => {
  const source = pgliteSource();
  let database: Database;
  let desk: RideDesk;
  beforeAll(async () => {
    database = await source.create();
    desk = await createRideDesk(database);
  });
  afterAll(() => source.close());

  const presented = () => ({
    shownAtMs: desk.now(),
    offline: true,
    subsidyMinor: minor(750),
    riderPaysMinor: minor(750),
  });

  it("names who rode, whatever was wrong with the ride", async () => {
    const cab = desk.cab("cab1");
    await desk.register("a");
    await desk.register("b");
    const { holdId } = await desk.service.open(cab, desk.touch("q-hold", "a"));
    const early = { presented: presented(), boardedAtMs: 5, alightedAtMs: 10 };
    const rides = [
      desk.ride("q-hold", [byHold(holdId)], early),
      desk.ride("q-card", [byEvidence("b", 2), byEvidence("nobody")], early),
    ];
    const { outcomes } = await desk.service.record(cab, rides);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["QUARANTINED", "QUARANTINED"]);
    const rows = await database.query<{ riders: unknown }>(
      "SELECT submission->'riders' AS riders FROM quarantine ORDER BY ride_key",
    );
    expect(rows.map((row) => row.riders)).toEqual([
      [
        { holdId: null, credentialId: "c-b", usesChosen: 2 },
        { holdId: null, credentialId: null, usesChosen: 1 },
      ],
      [{ holdId, credentialId: "c-a", usesChosen: 1 }],
    ]);
  });

  it("leaves what people wrote out of the log, where nothing can be erased", async () => {
    const cab = desk.cab("cab2");
    const { municipality } = cab;
    await desk.register("c");
    const words = "the lady from the corner house called";
    await desk.service.record(cab, [
      desk.ride("w-1", [byEvidence("c")]),
      desk.ride("w-2", [byEvidence("nobody")], { presented: presented() }),
    ]);
    const undo = { municipality, rideKey: "cab2:w-1", rideId: null, reason: words };
    const judge = { municipality, rideKey: "cab2:w-2", accept: true, reason: words };
    expect(await desk.service.reverse(desk.officer, undo)).toMatchObject({ ok: true });
    expect(await desk.service.resolveQuarantine(desk.officer, judge)).toMatchObject({ ok: true });
    const beside = "SELECT reason FROM reversal UNION ALL SELECT reason FROM quarantine_resolution";
    expect(await database.query(beside)).toEqual([{ reason: words }, { reason: words }]);
    const log = await database.query<{ body: unknown }>("SELECT body FROM event WHERE ride_key = ANY ($1::text[])", [
      [asId("cab2:w-1"), asId("cab2:w-2")],
    ]);
    expect(log.length).toBeGreaterThan(3);
    expect(JSON.stringify(log)).not.toContain("corner house");
  });
});
