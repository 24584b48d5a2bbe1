import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { readQuarantine } from "#server/books/book-store.ts";
import type { RideSubmission } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { eventAt, expectBooksBalance, lastPosition, usedBy } from "../kit/ledger-checks.ts";
import { byEvidence, byHold, createRideDesk, type RideDesk, shown, statuses } from "../kit/ride-desk.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Whatever a terminal confirmed is kept, judged by a person where it must be, and counted once; run on every database. */
export function rideKeepingSuite(source: DatabaseSource): void {
  let database: Database;
  let desk: RideDesk;
  beforeAll(async () => {
    database = await source.create();
    desk = await createRideDesk(database);
  });
  afterAll(async () => {
    await expectBooksBalance(database, desk.city.id);
    await source.close();
  });

  const half = () => shown(desk.now(), 750, 750);
  const waiting = async (rideKey: string) =>
    (await readQuarantine(database, desk.city.id)).find((ride) => ride.rideKey === rideKey);
  const resolve = (rideKey: string | null | undefined, accept: boolean, by = desk.service) =>
    by.resolveQuarantine(desk.officer, { municipality: desk.city.id, rideKey: rideKey ?? "", accept, reason: "asked" });
  const eventsOf = (rideKey: string) =>
    database.query<{ type: string; body: Record<string, unknown> }>(
      "SELECT type, body FROM event WHERE ride_key = $1 ORDER BY position",
      [rideKey],
    );
  const countersOf = (entitlement: string) =>
    database.query("SELECT period_kind, uses, held_uses FROM usage_counter WHERE entitlement_id = $1 ORDER BY 1", [
      entitlement,
    ]);

  describe("a ride that was shown, whose id another ride has", () => {
    const twoOf = (id: string, card: string): readonly [RideSubmission, RideSubmission] => {
      const ride = desk.ride(id, [byEvidence(card)]);
      return [ride, { ...ride, distanceM: 9_999, presented: half() }];
    };

    it("is kept for a person once, however often and by whatever process it is sent", async () => {
      await desk.register("a1");
      const cab = desk.cab("cab1");
      const [first, other] = twoOf("a-ride", "a1");
      await desk.service.record(cab, [first]);
      const kept = await desk.service.record(cab, [other]);
      const [outcome] = kept.outcomes;
      expect(outcome).toMatchObject({ status: "QUARANTINED", replayed: false });
      expect(outcome?.rideKey).toMatch(/^cab1:a-ride~[0-9a-f]{32}$/);
      expect(kept.receipt).toMatchObject({ firstPosition: outcome?.position, lastPosition: outcome?.position });
      const end = await lastPosition(database);
      const answers = await Promise.all([desk.service, desk.restart()].map((one) => one.record(cab, [other, other])));
      for (const again of answers.flatMap((answer) => answer.outcomes)) {
        expect(again).toMatchObject({ status: "QUARANTINED", replayed: true, position: outcome?.position });
        expect(again.rideKey).toBe(outcome?.rideKey);
      }
      expect(await lastPosition(database)).toBe(end);
      expect(await waiting(outcome?.rideKey ?? "")).toMatchObject({
        reason: "OTHER_FACTS",
        otherRideKey: "cab1:a-ride",
        shownSubsidyMinor: 750,
        knownRiders: 1,
      });
      expect((await desk.service.record(cab, [first])).outcomes[0]).toMatchObject({
        status: "RECORDED",
        replayed: true,
      });
      expect(await usedBy(database, "e-a1")).toEqual({ uses: 1, held: 0 });
    });

    it("is kept once when two processes get it at the same moment", async () => {
      await desk.register("a2");
      const cab = desk.cab("cab1");
      const [first, other] = twoOf("a2-ride", "a2");
      await desk.service.record(cab, [first]);
      const answers = await Promise.all([desk.service, desk.restart()].map((one) => one.record(cab, [other])));
      const outcomes = answers.flatMap((answer) => answer.outcomes);
      expect(statuses(outcomes)).toEqual(["QUARANTINED", "QUARANTINED"]);
      expect(new Set(outcomes.map((outcome) => outcome.position)).size).toBe(1);
    });

    it("is a conflict that writes nothing when nobody was shown it", async () => {
      await desk.register("a3");
      const cab = desk.cab("cab1");
      const [first, other] = twoOf("a3-ride", "a3");
      await desk.service.record(cab, [first]);
      const end = await lastPosition(database);
      const { outcomes, receipt } = await desk.service.record(cab, [{ ...other, presented: null }]);
      expect(outcomes[0]).toMatchObject({ status: "CONFLICT", position: null });
      expect(receipt).toBeNull();
      expect(await lastPosition(database)).toBe(end);
    });

    it("also beside a ride that waits itself; and a third has a key of its own", async () => {
      const cab = desk.cab("cab1");
      const ride = desk.ride("a4-ride", [byEvidence("nobody")], { presented: half() });
      const { outcomes } = await desk.service.record(cab, [
        ride,
        { ...ride, distanceM: 1 },
        { ...ride, distanceM: 2 },
        { ...ride, distanceM: 1 },
      ]);
      expect(statuses(outcomes)).toEqual(Array(4).fill("QUARANTINED"));
      expect(new Set(outcomes.map((outcome) => outcome.rideKey)).size).toBe(3);
      expect(outcomes.map((outcome) => outcome.replayed)).toEqual([false, false, false, true]);
    });

    it("enters the ledger as a second ride when a person accepts it, and the hold still tells who rode", async () => {
      await desk.register("b1");
      const cab = desk.cab("cab2");
      const { holdId } = await desk.service.open(cab, desk.touch("b-ride", "b1"));
      const first = desk.ride("b-ride", [byHold(holdId)]);
      await desk.service.record(cab, [first]);
      const other = { ...first, distanceM: 1, presented: half() };
      const [kept] = (await desk.service.record(cab, [other])).outcomes;
      expect(await resolve(kept?.rideKey, true)).toMatchObject({ ok: true });
      expect((await eventsOf(kept?.rideKey ?? "")).map((event) => event.type)).toEqual([
        "ride.quarantined",
        "quarantine.resolved",
        "ride.recorded",
      ]);
      expect(await usedBy(database, "e-b1")).toEqual({ uses: 2, held: 0 });
      // The terminal is told what it was told first: it must not take the other ride for this one.
      const again = await desk.service.record(cab, [other]);
      expect(again.outcomes[0]).toEqual({ ...kept, replayed: true, error: again.outcomes[0]?.error });
      const undo = { municipality: desk.city.id, rideKey: kept?.rideKey ?? "", rideId: null, reason: "undone" };
      expect(await desk.service.reverse(cab, undo)).toMatchObject({ ok: true, rideKey: kept?.rideKey });
      expect(await usedBy(database, "e-b1")).toEqual({ uses: 1, held: 0 });
    });

    it("leaves the other ride as it is when a person says that it is the same", async () => {
      await desk.register("b2");
      const cab = desk.cab("cab2");
      const [first, other] = twoOf("b2-ride", "b2");
      await desk.service.record(cab, [first]);
      const [kept] = (await desk.service.record(cab, [other])).outcomes;
      const end = await lastPosition(database);
      const resolved = await resolve(kept?.rideKey, false);
      expect(resolved).toMatchObject({ ok: true, position: end + 1 });
      expect(await resolve(kept?.rideKey, false)).toEqual(resolved);
      expect(await lastPosition(database)).toBe(end + 1);
      expect((await eventAt(database, desk.city.id, end + 1)).type).toBe("quarantine.resolved");
      expect(await usedBy(database, "e-b2")).toEqual({ uses: 1, held: 0 });
      expect((await desk.service.record(cab, [other])).outcomes[0]).toMatchObject({ status: "QUARANTINED" });
    });
  });

  describe("a quarantined ride that a person accepts", () => {
    const early = () => ({ presented: half(), boardedAtMs: 5, alightedAtMs: 10 });

    it("counts the known riders' uses, says so in its event, and once only", async () => {
      await desk.register("c1");
      const cab = desk.cab("cab3");
      const riders = [byEvidence("c1"), byEvidence("nobody")];
      const [kept] = (await desk.service.record(cab, [desk.ride("c-ride", riders, early())])).outcomes;
      expect(await usedBy(database, "e-c1")).toEqual({ uses: 0, held: 0 });
      const other = desk.restart();
      const answers = await Promise.all([desk.service, other, other].map((by) => resolve(kept?.rideKey, true, by)));
      expect(answers.map((answer) => answer.ok)).toEqual([true, true, true]);
      expect(new Set(answers.map((answer) => answer.position)).size).toBe(1);
      expect(await resolve(kept?.rideKey, false)).toMatchObject({ ok: false, error: { code: "ALREADY_RECORDED" } });
      expect(await countersOf("e-c1")).toEqual([
        { period_kind: "day", uses: 1, held_uses: 0 },
        { period_kind: "fiscal-year", uses: 1, held_uses: 0 },
      ]);
      const recorded = (await eventsOf("cab3:c-ride")).filter((event) => event.type === "ride.recorded");
      expect(recorded).toHaveLength(1);
      expect(recorded[0]?.body).toMatchObject({
        uses: 1,
        marks: ["from-quarantine"],
        differenceMinor: 750,
        riders: [{ limits: [{ left: 2 }, { left: 4 }] }, { person: null, limits: [] }],
      });
    });

    it("is counted in the period of the ride, and a reversal gives that use back", async () => {
      await desk.register("c2");
      await database.query("UPDATE credential SET state = 'stopped' WHERE credential_id = 'c-c2'");
      const cab = desk.cab("cab3");
      const march = Date.UTC(2026, 2, 31, 3, 0);
      const ride = desk.ride("c2-ride", [byEvidence("c2")], {
        presented: half(),
        boardedAtMs: march,
        alightedAtMs: march + MINUTE_MS,
      });
      const [kept] = (await desk.service.record(cab, [ride])).outcomes;
      expect(kept?.status).toBe("QUARANTINED");
      await resolve(kept?.rideKey, true);
      const year = () =>
        database.query(
          "SELECT period_key, uses FROM usage_counter WHERE entitlement_id = 'e-c2' AND period_kind = 'fiscal-year'",
        );
      expect(await year()).toEqual([{ period_key: 2025, uses: 1 }]);
      const undo = { municipality: desk.city.id, rideKey: "cab3:c2-ride", rideId: null, reason: "not ridden" };
      expect(await desk.service.reverse(desk.officer, undo)).toMatchObject({ ok: true });
      expect(await year()).toEqual([{ period_key: 2025, uses: 0 }]);
    });

    it("is counted beyond a limit that is used up, is marked so, and leaves nothing for the next ride", async () => {
      await desk.register("c3");
      const cab = desk.cab("cab3");
      const rides = [0, 1, 2].map((i) => desk.ride(`c3-${i}`, [byEvidence("c3")]));
      expect(statuses((await desk.service.record(cab, rides)).outcomes)).toEqual(Array(3).fill("RECORDED"));
      const [kept] = (await desk.service.record(cab, [desk.ride("c3-more", [byEvidence("c3")], early())])).outcomes;
      await resolve(kept?.rideKey, true);
      expect(await usedBy(database, "e-c3")).toEqual({ uses: 4, held: 0 });
      const recorded = (await eventsOf("cab3:c3-more")).at(-1)?.body;
      expect(recorded).toMatchObject({
        marks: ["from-quarantine", "beyond-limit"],
        riders: [{ limits: [{ left: 0 }, { left: 1 }] }],
      });
      const next = await desk.service.record(cab, [desk.ride("c3-next", [byEvidence("c3")])]);
      expect(next.outcomes[0]?.decision?.riders[0]?.refusal).toBe("DAY_LIMIT");
    });

    it("takes the use its hold reserved; dismissed, it gives it back", async () => {
      const cab = desk.cab("cab3");
      for (const [name, accept, uses] of [
        ["c4", true, 1],
        ["c5", false, 0],
      ] as const) {
        await desk.register(name);
        const { holdId } = await desk.service.open(cab, desk.touch(`${name}-ride`, name));
        const [kept] = (await desk.service.record(cab, [desk.ride(`${name}-ride`, [byHold(holdId)], early())]))
          .outcomes;
        expect(await usedBy(database, `e-${name}`)).toEqual({ uses: 0, held: 1 });
        await resolve(kept?.rideKey, accept);
        expect(await usedBy(database, `e-${name}`)).toEqual({ uses, held: 0 });
      }
    });

    it("counts nothing when the passenger was shown no subsidy", async () => {
      await desk.register("c6");
      const presented = shown(desk.now(), 0, 1_500);
      const ride = desk.ride("c6-ride", [byEvidence("c6")], { ...early(), presented });
      const [kept] = (await desk.service.record(desk.cab("cab3"), [ride])).outcomes;
      await resolve(kept?.rideKey, true);
      expect(await usedBy(database, "e-c6")).toEqual({ uses: 0, held: 0 });
    });
  });

  describe("a terminal that was stopped", () => {
    const stopped = (name: string) => ({ ...desk.cab(name), kind: "stopped-terminal" as const });

    it("hands in what it confirmed before, for a person to judge, and may send it again", async () => {
      await desk.register("d1");
      const rides = ["d-0", "d-1"].map((id) => desk.ride(id, [byEvidence("d1")], { presented: half() }));
      const [before, after] = rides as [RideSubmission, RideSubmission];
      const first = await desk.service.record(desk.cab("cab4"), [before]);
      const handedIn = await desk.service.record(stopped("cab4"), rides);
      expect(handedIn.outcomes).toMatchObject([
        { status: "RECORDED", replayed: true, position: first.outcomes[0]?.position },
        { status: "QUARANTINED", replayed: false, rideKey: "cab4:d-1" },
      ]);
      expect(handedIn.receipt).not.toBeNull();
      expect((await desk.service.record(stopped("cab4"), [after])).outcomes[0]).toMatchObject({ replayed: true });
      expect(await waiting("cab4:d-1")).toMatchObject({
        reason: "TERMINAL_STOPPED",
        companyId: "company",
        knownRiders: 1,
      });
      expect(await usedBy(database, "e-d1")).toEqual({ uses: 1, held: 0 });
      // Freed again, it is told the same: the ride still waits for a person.
      expect((await desk.service.record(desk.cab("cab4"), [after])).outcomes[0]?.status).toBe("QUARANTINED");
    });

    it("can do nothing else", async () => {
      await desk.register("d2");
      const cab = stopped("cab4");
      await desk.service.record(desk.cab("cab4"), [desk.ride("d2-done", [byEvidence("d2")])]);
      const end = await lastPosition(database);
      const { outcomes } = await desk.service.record(cab, [desk.ride("d2-ride", [byEvidence("d2")])]);
      expect(outcomes[0]).toMatchObject({ status: "REJECTED", error: { code: "TERMINAL_STOPPED" } });
      const forbidden = { code: "FORBIDDEN" };
      const { service } = desk;
      const undo = { municipality: desk.city.id, rideKey: null, rideId: asId<never>("d2-done"), reason: "undone" };
      await expect(service.open(cab, desk.touch("d2-ride", "d2"))).rejects.toMatchObject(forbidden);
      await expect(service.quote(cab, desk.ride("d2-ride", [byEvidence("d2")]))).rejects.toMatchObject(forbidden);
      await expect(service.cancel(cab, { rideId: asId("d2"), reason: "DRIVER" })).rejects.toMatchObject(forbidden);
      await expect(service.reverse(cab, undo)).rejects.toMatchObject(forbidden);
      await expect(
        service.present(cab, { rideId: asId("d2-done"), presented: shown(desk.now(), 0, 1_500) }),
      ).rejects.toMatchObject(forbidden);
      expect(await lastPosition(database)).toBe(end);
    });
  });

  describe("a fare of nothing", () => {
    const nothing = [{ kind: "meter", amountMinor: minor(0) }] as const;

    it.each([
      ["with the server's answer", "g1", false, false],
      ["told by a cab without signal", "g2", false, true],
      ["with a hold", "g3", true, false],
      ["with a hold, told by a cab without signal", "g4", true, true],
    ])("%s takes no use and leaves no hold", async (_word, name, isHeld, isOffline) => {
      await desk.register(name);
      const cab = desk.cab("cab6");
      const opened = isHeld ? await desk.service.open(cab, desk.touch(name, name)) : null;
      expect(await usedBy(database, `e-${name}`)).toEqual({ uses: 0, held: isHeld ? 1 : 0 });
      const rider = opened ? byHold(opened.holdId) : byEvidence(name);
      const presented = isOffline ? shown(desk.now(), 0, 0) : null;
      const ride = desk.ride(name, [rider], { components: nothing, presented });
      const { outcomes } = await desk.service.record(cab, [ride]);
      expect(outcomes[0]).toMatchObject({
        status: "REFUSED",
        decision: { fareMinor: 0, subsidyMinor: 0, riders: [{ granted: false, refusal: "FARE_TOO_LOW", uses: 0 }] },
      });
      expect(await usedBy(database, `e-${name}`)).toEqual({ uses: 0, held: 0 });
      expect(await database.query("SELECT 1 FROM hold WHERE ride_key = $1", [`cab6:${name}`])).toEqual([]);
      expect((await eventsOf(`cab6:${name}`)).at(-1)?.body).toMatchObject({ uses: 0, postings: [] });
      expect((await desk.service.record(cab, [ride])).outcomes[0]?.replayed).toBe(true);
    });
  });

  it("loses no ride that was shown: each is in ledger or quarantine, under one key", async () => {
    await desk.register("z1");
    const base = desk.ride("z", [byEvidence("z1")], { presented: half() });
    const sent: RideSubmission[] = [];
    for (let n = 0; n < 40; n += 1) {
      const rideId = asId<RideSubmission["rideId"]>(`z-${n % 20}`);
      const distanceM = n < 20 ? 1 : n % 2;
      const alightedAtMs = n % 5 === 0 ? desk.now() + 24 * HOUR_MS : base.alightedAtMs;
      sent.push({ ...base, rideId, distanceM, alightedAtMs });
    }
    const cab = desk.cab("cab7");
    const stopped = { ...cab, kind: "stopped-terminal" as const };
    const answers = [
      ...(await desk.service.record(cab, sent.slice(0, 30))).outcomes,
      ...(await desk.service.record(stopped, sent.slice(30))).outcomes,
      ...(await desk.service.record(stopped, sent)).outcomes,
    ];
    expect(answers.every((answer) => answer.rideKey !== null && answer.position !== null)).toBe(true);
    const keys = new Set(answers.map((answer) => answer.rideKey));
    const facts = new Set(sent.map(({ rideId, distanceM, alightedAtMs }) => `${rideId} ${distanceM} ${alightedAtMs}`));
    expect(keys.size).toBe(facts.size);
    const rows = await database.query<{ ride_key: string }>(
      "SELECT ride_key FROM ride WHERE ride_key LIKE 'cab7:z-%' UNION ALL SELECT ride_key FROM quarantine WHERE ride_key LIKE 'cab7:z-%'",
    );
    expect(rows.map((row) => row.ride_key).sort()).toEqual([...keys].sort());
  });
}
