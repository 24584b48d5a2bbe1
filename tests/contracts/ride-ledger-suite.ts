import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type RideId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { dayNumber } from "#domain/time/local.ts";
import type { RideSubmission } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { eventAt, expectBooksBalance, usedBy } from "../kit/ledger-checks.ts";
import { byEvidence, byHold, createRideDesk, type RideDesk, shown, statuses } from "../kit/ride-desk.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const rideId = (id: string): RideId => asId<RideId>(id);

/** The write path's promises, told as stories; run on every kind of database. */
export function rideLedgerSuite(source: DatabaseSource): void {
  let database: Database;
  let desk: RideDesk;
  const eventOf = (position: number | null | undefined) => eventAt(database, desk.city.id, position);
  beforeAll(async () => {
    database = await source.create();
    desk = await createRideDesk(database);
  });
  afterAll(async () => {
    await expectBooksBalance(database, desk.city.id);
    await source.close();
  });

  describe("one ride", () => {
    it("is opened, held, recorded with its hold, and signed for", async () => {
      const cab = desk.cab("cab1");
      await desk.register("a1");
      const opened = await desk.service.open(cab, desk.touch("a-ride", "a1"));
      expect(opened).toMatchObject({ usable: true, refusal: null, replayed: false, error: null, capMinor: 1_000 });
      expect(await usedBy(database, "e-a1")).toEqual({ uses: 0, held: 1 });
      const again = await desk.service.open(cab, desk.touch("a-ride", "a1"));
      expect(again).toEqual({ ...opened, replayed: true });
      expect(await usedBy(database, "e-a1")).toEqual({ uses: 0, held: 1 });
      const { outcomes, receipt } = await desk.service.record(cab, [desk.ride("a-ride", [byHold(opened.holdId)])]);
      expect(outcomes[0]).toMatchObject({ status: "RECORDED", replayed: false, error: null });
      expect(outcomes[0]?.decision).toMatchObject({ fareMinor: 1_500, subsidyMinor: 750, riderPaysMinor: 750 });
      expect(outcomes[0]?.riderLimits[0]?.map((limit) => limit.left)).toEqual([2, 4]);
      expect(await usedBy(database, "e-a1")).toEqual({ uses: 1, held: 0 });
      expect(receipt).toMatchObject({ firstPosition: outcomes[0]?.position, lastPosition: outcomes[0]?.position });
    });

    it("sent twice, or again after a lost answer, is one ride with the first answer", async () => {
      const cab = desk.cab("cab1");
      await desk.register("b1");
      const ride = desk.ride("b-ride", [byEvidence("b1")]);
      const first = await desk.service.record(cab, [ride]);
      desk.setNow(desk.now() + MINUTE_MS);
      // Another process of the same server: nothing it knows comes from memory.
      const second = await desk.restart().record(cab, [ride]);
      expect(second.outcomes[0]).toEqual({ ...first.outcomes[0], replayed: true });
      expect(second.receipt).toMatchObject({ firstPosition: first.outcomes[0]?.position });
      const inOneCall = await desk.service.record(cab, [ride, ride]);
      expect(inOneCall.outcomes.map((outcome) => outcome.replayed)).toEqual([true, true]);
      expect(await usedBy(database, "e-b1")).toEqual({ uses: 1, held: 0 });
    });

    it("sent twice at the same moment is one ride", async () => {
      const cab = desk.cab("cab1");
      await desk.register("b2");
      const ride = desk.ride("b2-ride", [byEvidence("b2")]);
      const other = desk.restart();
      const answers = await Promise.all([desk.service, other, desk.service, other].map((s) => s.record(cab, [ride])));
      const replays = answers.map((answer) => answer.outcomes[0]?.replayed);
      expect(replays.filter((replayed) => !replayed)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.outcomes[0]?.position)).size).toBe(1);
      expect(await usedBy(database, "e-b2")).toEqual({ uses: 1, held: 0 });
    });

    it("with a hold, sent to two processes at the same moment, is one ride", async () => {
      const cab = desk.cab("cab1");
      await desk.register("b3");
      const { holdId } = await desk.service.open(cab, desk.touch("b3-ride", "b3"));
      const ride = desk.ride("b3-ride", [byHold(holdId)]);
      const answers = await Promise.all([desk.service, desk.restart()].map((service) => service.record(cab, [ride])));
      expect(answers.map((answer) => answer.outcomes[0]?.status)).toEqual(["RECORDED", "RECORDED"]);
      expect(await usedBy(database, "e-b3")).toEqual({ uses: 1, held: 0 });
    });

    it("with other facts under the same id is a conflict; send time and what was shown are not facts", async () => {
      const cab = desk.cab("cab1");
      await desk.register("c1");
      const ride = desk.ride("c-ride", [byEvidence("c1")]);
      await desk.service.record(cab, [ride]);
      for (const change of [
        { alightedAtMs: ride.alightedAtMs - 1 },
        { distanceM: 4_201 },
        { components: [{ kind: "meter", amountMinor: minor(1_501) }] },
        { riders: [byEvidence("c1", 2)] },
        { erasable: { ...ride.erasable, purpose: "care" } },
      ] satisfies Partial<RideSubmission>[]) {
        const { outcomes, receipt } = await desk.service.record(cab, [{ ...ride, ...change }]);
        expect(outcomes[0]).toMatchObject({ status: "CONFLICT", position: null, decision: null });
        expect(receipt).toBeNull();
      }
      const presented = shown(desk.now(), 750, 750);
      expect((await desk.service.record(cab, [{ ...ride, presented }])).outcomes[0]?.replayed).toBe(true);
      expect(await usedBy(database, "e-c1")).toEqual({ uses: 1, held: 0 });
    });

    it("sent by another terminal is that terminal's own ride", async () => {
      await desk.register("d1");
      const ride = desk.ride("d-ride", [byEvidence("d1")]);
      const one = await desk.service.record(desk.cab("cab1"), [ride]);
      const two = await desk.service.record(desk.cab("cab2"), [ride]);
      expect(two.outcomes[0]).toMatchObject({ status: "RECORDED", replayed: false, rideKey: "cab2:d-ride" });
      expect(two.outcomes[0]?.position).not.toBe(one.outcomes[0]?.position);
    });
  });

  describe("two cards of one person", () => {
    it("are refused on the second touch and on one ride", async () => {
      const cab = desk.cab("cab3");
      await desk.register("e1", "e1-renewed");
      const first = await desk.service.open(cab, desk.touch("e-ride", "e1"));
      const second = await desk.service.open(cab, desk.touch("e-ride", "e1-renewed"));
      expect(first.usable).toBe(true);
      expect(second).toMatchObject({ usable: false, refusal: "SAME_PERSON_TWICE", holdId: null });
      const riders = [byHold(first.holdId), byEvidence("e1-renewed")];
      const { outcomes } = await desk.service.record(cab, [desk.ride("e-ride", riders)]);
      expect(outcomes[0]?.decision?.riders.map((rider) => rider.refusal)).toEqual([null, "SAME_PERSON_TWICE"]);
      expect(await usedBy(database, "e-e1")).toEqual({ uses: 1, held: 0 });
    });

    it("share one limit", async () => {
      await desk.register("e2", "e2-second");
      const rides = ["e2", "e2-second", "e2", "e2-second"].map((card, i) => desk.ride(`e2-${i}`, [byEvidence(card)]));
      const { outcomes } = await desk.service.record(desk.cab("cab3"), rides);
      expect(statuses(outcomes)).toEqual(["RECORDED", "RECORDED", "RECORDED", "REFUSED"]);
      expect(outcomes[3]?.decision?.riders[0]?.refusal).toBe("DAY_LIMIT");
    });
  });

  describe("limits under concurrency", () => {
    it("give the last use to one of two cabs that want it at once", async () => {
      await desk.register("f1");
      await desk.service.record(
        desk.cab("cab1"),
        [0, 1].map((i) => desk.ride(`f-${i}`, [byEvidence("f1")])),
      );
      const other = desk.restart();
      const [one, two] = await Promise.all([
        desk.service.record(desk.cab("cab1"), [desk.ride("f-last", [byEvidence("f1")])]),
        other.record(desk.cab("cab2"), [desk.ride("f-last", [byEvidence("f1")])]),
      ]);
      expect([...statuses(one.outcomes), ...statuses(two.outcomes)].sort()).toEqual(["RECORDED", "REFUSED"]);
      expect(await usedBy(database, "e-f1")).toEqual({ uses: 3, held: 0 });
    });

    it("give the last use to one of two touches at once, and to nobody else while it is held", async () => {
      await desk.register("f2");
      await desk.service.record(
        desk.cab("cab1"),
        [0, 1].map((i) => desk.ride(`f2-${i}`, [byEvidence("f2")])),
      );
      const other = desk.restart({ newId: () => "other-hold" });
      const touches = await Promise.all([
        desk.service.open(desk.cab("cab1"), desk.touch("f2-last", "f2")),
        other.open(desk.cab("cab2"), desk.touch("f2-last", "f2")),
      ]);
      expect(touches.map((touch) => touch.refusal).sort()).toEqual(["DAY_LIMIT", null]);
      const third = await desk.service.record(desk.cab("cab3"), [desk.ride("f2-third", [byEvidence("f2")])]);
      expect(third.outcomes[0]?.status).toBe("REFUSED");
      const holder = touches[0]?.usable ? "cab1" : "cab2";
      const hold = touches.find((touch) => touch.usable)?.holdId ?? null;
      const { outcomes } = await desk.service.record(desk.cab(holder), [desk.ride("f2-last", [byHold(hold)])]);
      expect(outcomes[0]?.status).toBe("RECORDED");
    });
  });

  describe("holds", () => {
    it("expire, give their uses back, and the late ride is decided afresh", async () => {
      const cab = desk.cab("cab4");
      await desk.register("g1");
      const opened = await desk.service.open(cab, desk.touch("g-ride", "g1"));
      expect(await desk.service.expireHolds(desk.city.id, desk.now())).toBe(0);
      desk.setNow((opened.holdExpiresAtMs ?? 0) + 1);
      expect(await desk.service.expireHolds(desk.city.id, desk.now())).toBeGreaterThan(0);
      expect(await usedBy(database, "e-g1")).toEqual({ uses: 0, held: 0 });
      const { outcomes } = await desk.service.record(cab, [desk.ride("g-ride", [byHold(opened.holdId)])]);
      expect(outcomes[0]?.status).toBe("RECORDED");
      expect(await usedBy(database, "e-g1")).toEqual({ uses: 1, held: 0 });
      expect((await eventOf(outcomes[0]?.position)).body).toMatchObject({ marks: ["hold-expired"] });
    });

    it("are released before the next decision when their time has come", async () => {
      await desk.register("g2");
      const rides = [0, 1].map((i) => desk.ride(`g2-${i}`, [byEvidence("g2")]));
      await desk.service.record(desk.cab("cab4"), rides);
      const opened = await desk.service.open(desk.cab("cab4"), desk.touch("g2-held", "g2"));
      desk.setNow((opened.holdExpiresAtMs ?? 0) + 1);
      const { outcomes } = await desk.service.record(desk.cab("cab5"), [desk.ride("g2-next", [byEvidence("g2")])]);
      expect(outcomes[0]?.status).toBe("RECORDED");
    });

    it("are released by cancelling, once; what comes afterwards is told so", async () => {
      const cab = desk.cab("cab4");
      await desk.register("h1");
      await desk.service.open(cab, desk.touch("h-ride", "h1"));
      const cancel = { rideId: rideId("h-ride"), reason: "PASSENGER" };
      expect(await desk.service.cancel(cab, cancel)).toMatchObject({ ok: true, replayed: false, releasedHolds: 1 });
      expect(await desk.service.cancel(cab, cancel)).toMatchObject({ ok: true, replayed: true, releasedHolds: 1 });
      expect(await usedBy(database, "e-h1")).toEqual({ uses: 0, held: 0 });
      const late = await desk.service.open(cab, { ...desk.touch("h-ride", "h1"), touchId: asId("h-late") });
      expect(late.error?.code).toBe("ALREADY_RECORDED");
      await desk.service.record(cab, [desk.ride("h-done", [byEvidence("h1")])]);
      const done = await desk.service.cancel(cab, { rideId: rideId("h-done"), reason: "DRIVER" });
      expect(done.error?.code).toBe("ALREADY_RECORDED");
    });

    it("of another ride, another terminal, or that never were, are errors", async () => {
      await desk.register("i1");
      const opened = await desk.service.open(desk.cab("cab5"), desk.touch("i-ride", "i1"));
      const submit = async (cab: string, ride: RideSubmission) =>
        (await desk.service.record(desk.cab(cab), [ride])).outcomes[0];
      const otherRide = await submit("cab5", desk.ride("i-other", [byHold(opened.holdId)]));
      expect(otherRide).toMatchObject({ status: "REJECTED", rideKey: null, error: { code: "HOLD_OF_OTHER_RIDE" } });
      const otherCab = await submit("cab6", desk.ride("i-ride", [byHold(opened.holdId)]));
      expect(otherCab?.error?.code).toBe("HOLD_OF_OTHER_RIDE");
      const never = await submit("cab5", desk.ride("i-never", [byHold("never-was")]));
      expect(never?.error?.code).toBe("UNKNOWN_HOLD");
    });
  });

  describe("reversal", () => {
    it("returns the use to the fiscal year it came from, and decides no other ride again", async () => {
      const cab = desk.cab("cab6");
      await desk.register("j1");
      const march = Date.UTC(2026, 2, 31, 3, 0);
      const earlier = [0, 1, 2].map((i) =>
        desk.ride(`j-${i}`, [byEvidence("j1")], {
          boardedAtMs: march + i * 2 * MINUTE_MS,
          alightedAtMs: march + (i * 2 + 1) * MINUTE_MS,
        }),
      );
      const refused = desk.ride("j-refused", [byEvidence("j1")], {
        boardedAtMs: march + 10 * MINUTE_MS,
        alightedAtMs: march + 11 * MINUTE_MS,
      });
      const april = desk.ride("j-april", [byEvidence("j1")], {
        boardedAtMs: march + DAY_MS,
        alightedAtMs: march + DAY_MS + MINUTE_MS,
      });
      const recorded = await desk.service.record(cab, [...earlier, refused, april]);
      expect(statuses(recorded.outcomes)).toEqual(["RECORDED", "RECORDED", "RECORDED", "REFUSED", "RECORDED"]);
      // Months later: no longer for the terminal, but for staff.
      const asked = { municipality: desk.city.id, rideKey: null, rideId: rideId("j-0"), reason: "typed\0 wrong" };
      expect((await desk.service.reverse(cab, asked)).error?.code).toBe("TOO_LATE_TO_REVERSE");
      const request = { ...asked, rideKey: "cab6:j-0", rideId: null };
      const reversal = await desk.service.reverse(desk.officer, request);
      expect(reversal).toMatchObject({ ok: true, replayed: false, rideKey: "cab6:j-0" });
      expect(await desk.service.reverse(desk.officer, request)).toEqual({ ...reversal, replayed: true });
      const counters = await database.query(
        "SELECT period_kind, period_key, uses FROM usage_counter WHERE entitlement_id = 'e-j1' ORDER BY 1, 2",
      );
      const lastOfMarch = dayNumber(2026, 3, 31);
      expect(counters).toEqual([
        { period_kind: "day", period_key: lastOfMarch, uses: 2 },
        { period_kind: "day", period_key: lastOfMarch + 1, uses: 1 },
        { period_kind: "fiscal-year", period_key: 2025, uses: 2 },
        { period_kind: "fiscal-year", period_key: 2026, uses: 1 },
      ]);
      const replay = await desk.service.record(cab, [refused, ...earlier]);
      expect(statuses(replay.outcomes)).toEqual(["REFUSED", "RECORDED", "RECORDED", "RECORDED"]);
      expect((await eventOf(reversal.position)).body).toMatchObject({ uses: 1, subsidyMinor: 750 });
    });

    it("takes back what was posted for a shown amount too", async () => {
      const cab = desk.cab("cab6");
      await desk.register("j2");
      await desk.service.record(cab, [
        desk.ride("j2", [byEvidence("j2")], { presented: shown(desk.now(), 1_000, 500) }),
      ]);
      const { position } = await desk.service.reverse(desk.officer, {
        municipality: desk.city.id,
        rideKey: "cab6:j2",
        rideId: null,
        reason: "complaint",
      });
      expect((await eventOf(position)).body).toMatchObject({
        postings: [
          { account: "city-subsidy", amountMinor: -750 },
          { account: "company-fare", amountMinor: 1_500 },
          { account: "difference-company", amountMinor: -250 },
          { account: "rider-payments", amountMinor: -500 },
        ],
      });
    });

    it("is for one's own rides, and for rides that are there", async () => {
      const request = { municipality: desk.city.id, rideKey: "cab6:j2", rideId: null, reason: "not mine" };
      await expect(desk.service.reverse(desk.cab("cab7"), request)).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(desk.service.reverse({ kind: "anonymous" }, request)).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
      });
      const unknown = await desk.service.reverse(desk.officer, { ...request, rideKey: "cab6:nothing" });
      expect(unknown).toMatchObject({ ok: false, error: { code: "UNKNOWN_RIDE" } });
    });
  });

  it("gives a ride the use it holds itself when the answer to its touch was lost", async () => {
    const cab = desk.cab("cab8");
    await desk.register("lost");
    desk.setNow(desk.now() + 2 * DAY_MS);
    const at = (minutes: number) => {
      const boardedAtMs = desk.now() - minutes * MINUTE_MS;
      return { boardedAtMs, alightedAtMs: boardedAtMs + 10 * MINUTE_MS };
    };
    const earlier = [90, 70].map((minutes) => desk.ride(`lost-${minutes}`, [byEvidence("lost")], at(minutes)));
    expect(statuses((await desk.service.record(cab, earlier)).outcomes)).toEqual(["RECORDED", "RECORDED"]);
    const touch = desk.touch("lost-last", "lost");
    expect((await desk.service.open(cab, touch)).usable).toBe(true);
    const elsewhere = await desk.service.open(desk.cab("cab9"), desk.touch("lost-other", "lost"));
    expect(elsewhere.refusal).toBe("DAY_LIMIT");
    const { outcomes } = await desk.service.record(cab, [desk.ride("lost-last", [byEvidence("lost")])]);
    expect(statuses(outcomes)).toEqual(["RECORDED"]);
    const counters = await database.query(
      "SELECT uses, held_uses FROM usage_counter WHERE entitlement_id = 'e-lost' AND period_kind = 'day'",
    );
    expect(counters).toEqual([{ uses: 3, held_uses: 0 }]);
  });

  it("marks rides of one cab or person that overlap, and refuses none of them", async () => {
    await desk.register("q1");
    await desk.register("q2");
    const marks = async (cab: string, id: string, card: string, startMin: number) => {
      const boardedAtMs = desk.now() - startMin * MINUTE_MS;
      const ride = desk.ride(id, [byEvidence(card)], { boardedAtMs, alightedAtMs: boardedAtMs + 10 * MINUTE_MS });
      const { outcomes } = await desk.service.record(desk.cab(cab), [ride]);
      expect(outcomes[0]?.status).toBe("RECORDED");
      return ((await eventOf(outcomes[0]?.position)).body as { marks: string[] }).marks;
    };
    const later = desk.now() + 2 * DAY_MS;
    desk.setNow(later);
    expect(await marks("cab1", "q-0", "q1", 100)).toEqual([]);
    expect(await marks("cab2", "q-1", "q1", 95)).toEqual(["person-overlap"]);
    expect(await marks("cab1", "q-2", "q2", 91)).toEqual(["vehicle-overlap"]);
    expect(await marks("cab1", "q-3", "q2", 60)).toEqual([]);
  });
}
