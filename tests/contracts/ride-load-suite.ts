import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { RideOutcome, RideSubmission } from "#server/rides/ride-service.ts";
import { type Database, StorageError } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { faultyDatabase } from "../kit/faulty-database.ts";
import { type BookSums, expectBooksBalance } from "../kit/ledger-checks.ts";
import { byCredential, byEvidence, byHold, createRideDesk, type RideDesk } from "../kit/ride-desk.ts";
import { INSIDE, OUTSIDE } from "../kit/small-city.ts";
import { seededRandom } from "../kit/small-random.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Many rides at once, broken edges, and whole books; run on every kind of database. */
export function rideLoadSuite(source: DatabaseSource): void {
  afterAll(() => source.close());

  describe("batches", () => {
    let database: Database;
    let desk: RideDesk;
    beforeAll(async () => {
      database = await source.create();
      desk = await createRideDesk(database);
      await desk.registerMany(people(200));
    });

    it("take 500 rides in one call, in order, and answer each", async () => {
      const rides = Array.from({ length: 500 }, (_, i) => historic(desk, i, `p${i % 200}`));
      const { outcomes, receipt } = await desk.service.record(desk.migration, rides);
      expect(outcomes).toHaveLength(500);
      const positions = outcomes.map((outcome) => outcome.position ?? 0);
      expect(positions).toEqual(positions.map((_, i) => (positions[0] ?? 0) + i));
      expect(receipt).toMatchObject({ firstPosition: positions[0], lastPosition: positions.at(-1), treeSize: 1 });
      const again = await desk.service.record(desk.migration, rides);
      expect(again.outcomes).toEqual(outcomes.map((outcome) => ({ ...outcome, replayed: true })));
      await expectBooksBalance(database, desk.city.id);
    });

    it("keep positions dense while many callers of two processes write", async () => {
      const services = [desk.service, desk.restart()];
      const calls = Array.from({ length: 80 }, (_, i) =>
        services[i % 2]?.record(desk.cab(`cab${(i % 9) + 1}`), [desk.ride(`many-${i}`, [byEvidence(`p${i}`)])]),
      );
      const answers = await Promise.all(calls);
      expect(answers.every((answer) => answer?.outcomes[0]?.position !== null)).toBe(true);
      const sums = await expectBooksBalance(database, desk.city.id);
      expect(Math.max(...desk.committed)).toBe(sums.lastPosition);
    });

    it("turn callers away when too many wait, and take nothing after draining", async () => {
      const service = desk.restart({ options: { maxQueued: 3, gatherMs: 20 } });
      const ride = (i: number): RideSubmission => desk.ride(`queue-${i}`, [byEvidence(`p${i}`)]);
      const waiting = [0, 1, 2].map((i) => service.record(desk.cab("cab1"), [ride(i)]));
      // Preparing a call takes a turn or two; only then does it wait in the queue.
      await new Promise((resolve) => setTimeout(resolve, 5));
      const away = await service.record(desk.cab("cab1"), [ride(3)]).catch((error: unknown) => error);
      expect(away).toMatchObject({ code: "OVERLOADED", retryAfterS: 2 });
      await service.drain();
      const taken = await Promise.all(waiting);
      expect(taken.map(({ outcomes }) => outcomes[0]?.status)).toEqual(["RECORDED", "RECORDED", "RECORDED"]);
      await expect(service.record(desk.cab("cab1"), [ride(4)])).rejects.toMatchObject({ code: "OVERLOADED" });
    });
  });

  describe("broken edges", () => {
    let real: Database;
    let desk: RideDesk;
    beforeAll(async () => {
      real = await source.create();
      desk = await createRideDesk(real);
      await desk.registerMany(people(60));
    });
    afterAll(() => expectBooksBalance(real, desk.city.id));

    it("a poison ride stands alone: its neighbours are recorded, it is rejected or kept", async () => {
      const poisoned = (parameters: readonly unknown[]): boolean =>
        parameters
          .flat()
          .some((value) => typeof value === "string" && value.includes("poison") && value.includes("decision"));
      const database = faultyDatabase(real, {
        onQuery: (_text, parameters) => (poisoned(parameters) ? new StorageError("OTHER", "poison") : undefined),
      });
      const service = desk.restart({ database });
      const rides = Array.from({ length: 20 }, (_, i) => desk.ride(`batch-${i}`, [byEvidence(`p${i}`)]));
      rides[7] = desk.ride("poison-1", [byEvidence("p7")]);
      const presented = { shownAtMs: desk.now(), offline: true, subsidyMinor: minor(750), riderPaysMinor: minor(750) };
      rides[12] = desk.ride("poison-2", [byEvidence("p12")], { presented });
      const { outcomes } = await service.record(desk.cab("cab1"), rides);
      expect(outcomes[7]).toMatchObject({ status: "REJECTED", error: { code: "NOT_PROCESSABLE" } });
      expect(outcomes[12]).toMatchObject({ status: "QUARANTINED" });
      const others = outcomes.filter((_, i) => i !== 7 && i !== 12);
      expect(others.every((outcome) => outcome.status === "RECORDED")).toBe(true);
    });

    it("a shown ride whose submission cannot be written is kept with nothing but what was shown", async () => {
      let isBareRefusedToo = false;
      const isRefused = (value: unknown): boolean =>
        typeof value === "string" &&
        value.includes("heavy") &&
        (value.includes('"decision"') || value.includes('"kind":"meter"') || isBareRefusedToo);
      const database = faultyDatabase(real, {
        onQuery: (_text, parameters) =>
          parameters.flat().some(isRefused) ? new StorageError("OTHER", "cannot be written") : undefined,
      });
      const service = desk.restart({ database });
      const presented = { shownAtMs: desk.now(), offline: true, subsidyMinor: minor(750), riderPaysMinor: minor(750) };
      const rides = ["light-1", "heavy-1"].map((id, i) => desk.ride(id, [byEvidence(`p${20 + i}`)], { presented }));
      const { outcomes } = await service.record(desk.cab("cab9"), rides);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(["RECORDED", "QUARANTINED"]);
      const [row] = await real.query<{ shown: number; fare: number }>(
        "SELECT shown_subsidy_minor AS shown, fare_minor AS fare FROM quarantine WHERE ride_key = 'cab9:heavy-1'",
      );
      expect(row).toEqual({ shown: 750, fare: 0 });
      // Not even that: the terminal is told to come back, and keeps the ride.
      isBareRefusedToo = true;
      const more = ["light-2", "heavy-2"].map((id, i) => desk.ride(id, [byEvidence(`p${22 + i}`)], { presented }));
      await expect(service.record(desk.cab("cab9"), more)).rejects.toMatchObject({ code: "OVERLOADED" });
      isBareRefusedToo = false;
      const again = await service.record(desk.cab("cab9"), more);
      expect(again.outcomes).toMatchObject([
        { status: "RECORDED", replayed: true },
        { status: "QUARANTINED", replayed: false },
      ]);
    });

    it.each(["lost-before", "lost-after"] as const)(
      "after a commit %s the ids are looked up before anybody is answered",
      async (fate) => {
        let commits = 0;
        const database = faultyDatabase(real, { onCommit: () => (commits++ === 0 ? fate : "fine") });
        const service = desk.restart({ database });
        const cards = fate === "lost-before" ? ["p30", "p31"] : ["p32", "p33"];
        const rides = cards.map((card) => desk.ride(`${fate}-${card}`, [byEvidence(card)]));
        const { outcomes, receipt } = await service.record(desk.cab("cab2"), rides);
        expect(outcomes.map((outcome) => [outcome.status, outcome.replayed])).toEqual([
          ["RECORDED", false],
          ["RECORDED", false],
        ]);
        expect(receipt).not.toBeNull();
        expect(commits).toBeGreaterThan(1);
      },
    );

    it("a serialization failure is tried again; an unreachable database turns callers away", async () => {
      let failures = 2;
      const flaky = faultyDatabase(real, {
        onQuery: (text) =>
          text.includes("FOR UPDATE OF u") && failures-- > 0
            ? new StorageError("SERIALIZATION", "deadlock")
            : undefined,
      });
      const tried = await desk
        .restart({ database: flaky })
        .record(desk.cab("cab3"), [desk.ride("flaky", [byEvidence("p40")])]);
      expect(tried.outcomes[0]?.status).toBe("RECORDED");
      const gone = faultyDatabase(real, {
        onQuery: (text) => (text.includes("FOR UPDATE OF u") ? new StorageError("UNAVAILABLE", "gone") : undefined),
      });
      const service = desk.restart({ database: gone });
      const call = service.record(desk.cab("cab3"), [desk.ride("gone", [byEvidence("p41")])]);
      await expect(call).rejects.toMatchObject({ code: "OVERLOADED" });
    });

    it("loses no ride a terminal confirmed, whatever breaks", async () => {
      const random = seededRandom(20_260_401);
      const database = faultyDatabase(real, {
        onQuery: () =>
          random() < 0.02 ? new StorageError(random() < 0.5 ? "SERIALIZATION" : "OTHER", "chaos") : undefined,
        onCommit: () => (random() < 0.1 ? (random() < 0.5 ? "lost-before" : "lost-after") : "fine"),
      });
      const service = desk.restart({ database });
      const confirmed = Array.from({ length: 120 }, (_, i) => confirmedRide(desk, i, random));
      const answers = new Map<string, RideOutcome>();
      // A terminal sends what it has no answer for again, in calls of its own size.
      for (let round = 0; answers.size < confirmed.length && round < 200; round++) {
        const open = confirmed.filter((ride) => !answers.has(ride.rideId)).slice(0, 15);
        const answer = await service.record(desk.cab("cab4"), open).catch(() => undefined);
        for (const outcome of answer?.outcomes ?? []) answers.set(outcome.rideId, outcome);
      }
      const kept = await real.query<{ ride_key: string }>(
        `SELECT ride_key FROM ride WHERE ride_key LIKE 'cab4:chaos-%'
         UNION ALL SELECT ride_key FROM quarantine WHERE ride_key LIKE 'cab4:chaos-%'`,
      );
      expect(kept.map((row) => row.ride_key).sort()).toEqual(confirmed.map((ride) => `cab4:${ride.rideId}`).sort());
      const words = new Set([...answers.values()].map((outcome) => outcome.status));
      expect([...words].sort()).toEqual(["QUARANTINED", "RECORDED", "REFUSED"]);
    });
  });

  describe("a whole book", () => {
    it("adds up, and to the same on every database", async () => {
      const database = await source.create();
      const desk = await createRideDesk(database);
      await desk.registerMany(people(80));
      await liveThrough(desk);
      const sums = await expectBooksBalance(database, desk.city.id);
      // One seed, one city: these figures must come out on PGlite and on PostgreSQL alike.
      expect(sums).toEqual(BOOK_OF_SEED_7);
    });
  });
}

const BOOK_OF_SEED_7: BookSums = {
  lastPosition: 318,
  events: 318,
  rides: 135,
  decidedMinor: 103_800,
  postedMinor: 103_800,
  inEventsMinor: 103_800,
};

function people(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `p${i}`);
}

/** A ride of the past, as a migration terminal brings it. */
function historic(desk: RideDesk, i: number, card: string): RideSubmission {
  const boardedAtMs = Date.UTC(2026, 5, 1) + i * 20 * MINUTE_MS;
  const cab = `v-cab${(i % 9) + 1}`;
  return desk.ride(`h-${i}`, [byCredential(card)], {
    vehicleId: asId(cab),
    boardedAtMs,
    alightedAtMs: boardedAtMs + 12 * MINUTE_MS,
    components: [{ kind: "meter", amountMinor: minor(600 + (i % 30) * 100) }],
  });
}

/** A ride whose passenger was told an amount; some of them no ledger can take. */
function confirmedRide(desk: RideDesk, i: number, random: () => number): RideSubmission {
  const presented = { shownAtMs: desk.now(), offline: true, subsidyMinor: minor(750), riderPaysMinor: minor(750) };
  const card = random() < 0.1 ? "stranger" : `p${Math.floor(random() * 60)}`;
  const times = random() < 0.1 ? { boardedAtMs: 1, alightedAtMs: 2 } : {};
  return desk.ride(`chaos-${i}`, [byEvidence(card)], { presented, ...times });
}

/** Three days of touches, rides, cancellations, reversals and late showings, one after another. */
async function liveThrough(desk: RideDesk): Promise<void> {
  const random = seededRandom(7);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const start = desk.now();
  for (let i = 0; i < 150; i++) {
    desk.setNow(start + Math.floor((i / 150) * 3 * DAY_MS));
    const cab = desk.cab(`cab${(i % 9) + 1}`);
    const card = `p${Math.floor(random() * 80)}`;
    const opened = await desk.service.open(cab, desk.touch(`life-${i}`, card, { place: pick([INSIDE, OUTSIDE]) }));
    if (random() < 0.1) {
      await desk.service.cancel(cab, { rideId: asId(`life-${i}`), reason: "PASSENGER" });
      continue;
    }
    const rider = opened.holdId ? byHold(opened.holdId, pick([1, 2])) : byEvidence(card);
    const second = random() < 0.2 ? [byEvidence(`p${Math.floor(random() * 80)}`)] : [];
    const fare = 600 + Math.floor(random() * 40) * 100;
    const places = { boarding: pick([INSIDE, OUTSIDE]), alighting: pick([INSIDE, OUTSIDE, null]) };
    const ride = desk.ride(`life-${i}`, [rider, ...second], {
      components: [{ kind: "meter", amountMinor: minor(fare) }],
    });
    await desk.service.record(cab, [{ ...ride, erasable: { ...ride.erasable, ...places } }]);
    if (random() < 0.1) {
      const presented = {
        shownAtMs: desk.now(),
        offline: true,
        subsidyMinor: minor(500),
        riderPaysMinor: minor(fare - 500),
      };
      await desk.service.present(cab, { rideId: ride.rideId, presented });
    }
    if (random() < 0.1) {
      const request = { municipality: desk.city.id, rideKey: null, rideId: ride.rideId, reason: "undone" };
      await desk.service.reverse(cab, request);
    }
  }
}
