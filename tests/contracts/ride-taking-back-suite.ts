import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import type { Database } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { expectBooksBalance, lastPosition, usedBy } from "../kit/ledger-checks.ts";
import { byEvidence, byHold, createRideDesk, type RideDesk, shown } from "../kit/ride-desk.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A driver takes back what was recorded, what waits for a person, and what the server has not heard of; run on every database. */
export function rideTakingBackSuite(source: DatabaseSource): void {
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

  describe("a terminal takes its ride back", () => {
    const undo = (id: string, undoneAtMs?: number) =>
      desk.service.reverse(desk.cab("cab5"), {
        municipality: desk.city.id,
        rideKey: null,
        rideId: asId(id),
        reason: "UNDONE",
        undoneAtMs: undoneAtMs ?? null,
      });
    const recorded = async (id: string): Promise<number> => {
      await desk.register(id);
      await desk.service.record(desk.cab("cab5"), [desk.ride(id, [byEvidence(id)])]);
      return desk.now();
    };

    it("as long as the city allows; later only staff do", async () => {
      const endedAt = await recorded("f1");
      desk.setNow(endedAt + 32 * MINUTE_MS);
      expect(await undo("f1")).toMatchObject({ ok: false, position: null, error: { code: "TOO_LATE_TO_REVERSE" } });
      expect(await undo("f1", desk.now())).toMatchObject({ error: { code: "TOO_LATE_TO_REVERSE" } });
      expect(await usedBy(database, "e-f1")).toEqual({ uses: 1, held: 0 });
      const asked = { municipality: desk.city.id, rideKey: "cab5:f1", rideId: null, reason: "complaint" };
      expect(await desk.service.reverse(desk.officer, asked)).toMatchObject({ ok: true, replayed: false });
      // Taken back already: the terminal has nothing left to do.
      expect(await undo("f1")).toMatchObject({ ok: true, replayed: true });
    });

    it("also when it could not say so at once, but not days later", async () => {
      const endedAt = await recorded("f2");
      await desk.register("f3");
      await desk.service.record(desk.cab("cab5"), [desk.ride("f3", [byEvidence("f3")])]);
      desk.setNow(endedAt + 20 * HOUR_MS);
      expect(await undo("f2", endedAt + MINUTE_MS)).toMatchObject({ ok: true, replayed: false });
      expect(await usedBy(database, "e-f2")).toEqual({ uses: 0, held: 0 });
      desk.setNow(endedAt + 25 * HOUR_MS);
      expect(await undo("f3", endedAt + MINUTE_MS)).toMatchObject({ error: { code: "TOO_LATE_TO_REVERSE" } });
    });

    it("never in the future", async () => {
      await recorded("f4");
      expect(await undo("f4", desk.now() + HOUR_MS)).toMatchObject({ ok: false, error: { code: "TIME_OUT_OF_RANGE" } });
    });
  });

  describe("a terminal takes back a ride that waits for a person", () => {
    const CAB = "cab2";
    const undo = (id: string, undoneAtMs = desk.now(), by = desk.service) =>
      by.reverse(desk.cab(CAB), {
        municipality: desk.city.id,
        rideKey: null,
        rideId: asId(id),
        reason: "UNDONE",
        undoneAtMs,
      });
    const resolve = (id: string, accept: boolean) =>
      desk.service.resolveQuarantine(desk.officer, {
        municipality: desk.city.id,
        rideKey: `${CAB}:${id}`,
        accept,
        reason: "asked",
      });
    /** Nobody registered the companion, and an amount was shown all the same. */
    const waiting = async (id: string): Promise<void> => {
      await desk.register(id);
      const { holdId } = await desk.service.open(desk.cab(CAB), desk.touch(id, id));
      const ride = desk.ride(id, [byHold(holdId), byEvidence("nobody")], { presented: shown(desk.now(), 1_500, 0) });
      const { outcomes } = await desk.service.record(desk.cab(CAB), [ride]);
      expect(outcomes[0]?.status).toBe("QUARANTINED");
      expect(await usedBy(database, `e-${id}`)).toEqual({ uses: 0, held: 1 });
    };
    const rowsOf = (id: string) =>
      database.query(
        `SELECT (SELECT count(*)::int FROM ride WHERE ride_key = $1) AS rides,
           (SELECT count(*)::int FROM posting p JOIN event e USING (municipality, position) WHERE e.ride_key = $1) AS postings,
           (SELECT accepted FROM quarantine_resolution WHERE ride_key = $1) AS accepted`,
        [`${CAB}:${id}`],
      );

    it("and nobody has to judge it: nothing is entered, its hold is given back, once", async () => {
      await waiting("q1");
      const other = desk.restart();
      const answers = await Promise.all([undo("q1"), undo("q1", desk.now(), other), undo("q1", desk.now(), other)]);
      expect(answers.map((answer) => answer.ok)).toEqual([true, true, true]);
      expect(new Set(answers.map((answer) => answer.position)).size).toBe(1);
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
      expect(await usedBy(database, "e-q1")).toEqual({ uses: 0, held: 0 });
      expect(await rowsOf("q1")).toEqual([{ rides: 0, postings: 0, accepted: false }]);
      expect(await resolve("q1", true)).toMatchObject({ ok: false, error: { code: "ALREADY_RECORDED" } });
    });

    it("unless a person has accepted it: then the entry is reversed", async () => {
      await waiting("q2");
      expect(await resolve("q2", true)).toMatchObject({ ok: true });
      expect(await usedBy(database, "e-q2")).toEqual({ uses: 1, held: 0 });
      expect(await undo("q2")).toMatchObject({ ok: true, replayed: false });
      expect(await usedBy(database, "e-q2")).toEqual({ uses: 0, held: 0 });
      expect(await rowsOf("q2")).toMatchObject([{ rides: 1, accepted: true }]);
    });

    it("not after the city's minutes; staff decide about it instead", async () => {
      await waiting("q3");
      const endedAt = desk.now();
      desk.setNow(endedAt + 2 * HOUR_MS);
      expect(await undo("q3")).toMatchObject({ ok: false, error: { code: "TOO_LATE_TO_REVERSE" } });
      const asked = { municipality: desk.city.id, rideKey: `${CAB}:q3`, rideId: null, reason: "complaint" };
      expect(await desk.service.reverse(desk.officer, asked)).toMatchObject({ error: { code: "NOT_REVERSIBLE" } });
      expect(await undo("q3", endedAt + MINUTE_MS)).toMatchObject({ ok: true, replayed: false });
    });
  });

  describe("a cancellation that overtakes the touch it cancels", () => {
    it("is kept, and the touch that comes later holds nothing", async () => {
      await desk.register("o1");
      const cab = desk.cab("cab3");
      const cancel = { rideId: asId<never>("o1"), reason: "PASSENGER" };
      expect(await desk.service.cancel(cab, cancel)).toMatchObject({ ok: true, replayed: false, releasedHolds: 0 });
      const end = await lastPosition(database);
      expect(await desk.service.cancel(cab, cancel)).toMatchObject({ ok: true, replayed: true });
      const late = await desk.service.open(cab, desk.touch("o1", "o1"));
      expect(late).toMatchObject({ usable: false, holdId: null, error: { code: "ALREADY_RECORDED" } });
      expect(await usedBy(database, "e-o1")).toEqual({ uses: 0, held: 0 });
      expect(await lastPosition(database)).toBe(end);
    });

    it("at the same moment ends in one order or the other, without a hold", async () => {
      const cab = desk.cab("cab3");
      for (let n = 0; n < 10; n++) {
        const name = `m${n}`;
        await desk.register(name);
        const other = desk.restart();
        await Promise.all([
          desk.service.open(cab, desk.touch(name, name)),
          other.cancel(cab, { rideId: asId<never>(name), reason: "PASSENGER" }),
        ]);
        expect(await usedBy(database, `e-${name}`)).toEqual({ uses: 0, held: 0 });
      }
    });

    it("needs to be of a cab: a migration terminal has opened nothing", async () => {
      const never = await desk.service.cancel(desk.migration, { rideId: asId<never>("never"), reason: "DRIVER" });
      expect(never.error?.code).toBe("UNKNOWN_RIDE");
    });
  });
}
