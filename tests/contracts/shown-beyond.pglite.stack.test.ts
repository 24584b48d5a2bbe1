import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { Presented } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import { pgliteSource } from "../kit/databases.ts";
import { expectBooksBalance } from "../kit/ledger-checks.ts";
import { byEvidence, createRideDesk, type RideDesk } from "../kit/ride-desk.ts";
import { SMALL_VERSION, smallCity } from "../kit/small-city.ts";

describe("what was shown, where the city is the bearer", () => {
  const source = pgliteSource();
  let database: Database;
  let desk: RideDesk;
  beforeAll(async () => {
    database = await source.create();
    const [scheme] = smallCity().schemes;
    const versions = [{ ...SMALL_VERSION, overGrantBearer: "city" as const }];
    const city = smallCity({ schemes: scheme ? [{ ...scheme, versions }] : [] });
    desk = await createRideDesk(database, { city });
  });
  afterAll(async () => {
    await expectBooksBalance(database, desk.city.id);
    await source.close();
  });

  const shown = (subsidy: number, fare = 1_500): Presented => ({
    shownAtMs: desk.now(),
    offline: true,
    subsidyMinor: minor(subsidy),
    riderPaysMinor: minor(fare - subsidy),
  });
  const differences = (rideKey: string): Promise<{ account: string; amount: number }[]> =>
    database.query(
      `SELECT p.account, sum(p.amount_minor)::bigint AS amount FROM posting p
         JOIN event e ON e.municipality = p.municipality AND e.position = p.position
        WHERE e.ride_key = $1 AND p.account LIKE 'difference-%' GROUP BY p.account ORDER BY p.account`,
      [rideKey],
    );

  it("falls to the city as far as its scheme could have paid", async () => {
    const cab = desk.cab("cab1");
    await desk.register("a");
    const rides = [0, 1, 2].map((n) => desk.ride(`a-${n}`, [byEvidence("a")]));
    await desk.service.record(cab, rides);
    await desk.service.record(cab, [desk.ride("a-over", [byEvidence("a")], { presented: shown(750) })]);
    expect(await differences("cab1:a-over")).toEqual([{ account: "difference-city", amount: 750 }]);
  });

  it("falls to the company beyond that, whether it comes with the ride or later", async () => {
    const cab = desk.cab("cab2");
    await desk.register("b");
    await desk.service.record(cab, [desk.ride("b-1", [byEvidence("b")], { presented: shown(1_500) })]);
    expect(await differences("cab2:b-1")).toEqual([{ account: "difference-company", amount: 750 }]);
    await desk.service.record(cab, [desk.ride("b-2", [byEvidence("b")])]);
    await desk.service.present(cab, { rideId: asId("b-2"), presented: shown(1_500) });
    expect(await differences("cab2:b-2")).toEqual([{ account: "difference-company", amount: 750 }]);
  });

  it("never falls to the city for a card nobody registered or that is stopped, also when told later", async () => {
    const cab = desk.cab("cab3");
    await desk.register("c");
    await database.query("UPDATE credential SET state = 'stopped' WHERE credential_id = 'c-c'");
    for (const card of ["stranger", "c"]) {
      const ride = desk.ride(`by-${card}`, [byEvidence(card)]);
      expect((await desk.service.record(cab, [ride])).outcomes[0]?.status).toBe("REFUSED");
      const told = await desk.service.present(cab, { rideId: ride.rideId, presented: shown(750) });
      expect(told).toMatchObject({ ok: true, differenceMinor: 750 });
      expect(await differences(`cab3:by-${card}`)).toEqual([{ account: "difference-company", amount: 750 }]);
    }
  });

  it("stays with the city once a person has accepted it, and is taken back from there", async () => {
    const cab = desk.cab("cab4");
    const ride = desk.ride("d-1", [byEvidence("stranger")], { presented: shown(750) });
    expect((await desk.service.record(cab, [ride])).outcomes[0]?.status).toBe("QUARANTINED");
    const asked = { municipality: desk.city.id, rideKey: "cab4:d-1", accept: true, reason: "known" };
    expect(await desk.service.resolveQuarantine(desk.officer, asked)).toMatchObject({ ok: true });
    expect(await differences("cab4:d-1")).toEqual([{ account: "difference-city", amount: 750 }]);
    await desk.service.present(cab, { rideId: ride.rideId, presented: shown(0) });
    expect(await differences("cab4:d-1")).toEqual([{ account: "difference-city", amount: 0 }]);
  });

  it("falls to the company when a person dismisses it: the passenger has paid no more than was shown", async () => {
    const cab = desk.cab("cab5");
    const ride = desk.ride("e-1", [byEvidence("stranger")], { presented: shown(750) });
    await desk.service.record(cab, [ride]);
    const asked = { municipality: desk.city.id, rideKey: "cab5:e-1", accept: false, reason: "unknown" };
    expect(await desk.service.resolveQuarantine(desk.officer, asked)).toMatchObject({ ok: true });
    const posted = await database.query(
      `SELECT p.account, p.amount_minor::int AS amount FROM posting p
         JOIN event e ON e.municipality = p.municipality AND e.position = p.position
        WHERE e.ride_key = 'cab5:e-1' ORDER BY p.account`,
    );
    expect(posted).toEqual([
      { account: "company-fare", amount: -1_500 },
      { account: "difference-company", amount: 750 },
      { account: "rider-payments", amount: 750 },
    ]);
    await desk.service.present(cab, { rideId: ride.rideId, presented: shown(0) });
    expect(await differences("cab5:e-1")).toEqual([{ account: "difference-company", amount: 0 }]);
  });
});
