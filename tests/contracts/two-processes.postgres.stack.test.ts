import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { Presented } from "#server/rides/ride-service.ts";
import { type Database, type Statement, StorageError, type Transaction } from "#server/storage/database.ts";
import { postgresSource } from "../kit/databases.ts";
import { faultyDatabase } from "../kit/faulty-database.ts";
import { expectBooksBalance, usedBy } from "../kit/ledger-checks.ts";
import { byEvidence, byHold, createRideDesk, type RideDesk } from "../kit/ride-desk.ts";

/** The same database, whose first transaction stops before its commit until `go` is called. */
function haltingDatabase(real: Database): { database: Database; halted: Promise<void>; go: () => void } {
  let go = (): void => {};
  let tell = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const halted = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let isFirst = true;
  const transaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    real.transaction(async (tx) => {
      let isWriting = false;
      const watched: Transaction = {
        query: (text, parameters) => {
          isWriting ||= text.includes("UPDATE log_head");
          return tx.query(text, parameters);
        },
        async ahead({ text, parameters }) {
          await watched.query(text, parameters);
        },
        // Not the real one: the commit must come apart, so that it can be halted.
        async finish<Row extends object>(statements: readonly Statement[]): Promise<Row[]> {
          let rows: Row[] = [];
          for (const { text, parameters } of statements) rows = await watched.query<Row>(text, parameters);
          return rows;
        },
      };
      const value = await work(watched);
      if (isFirst && isWriting) {
        isFirst = false;
        tell();
        await gate;
      }
      return value;
    });
  return { database: { ...real, transaction }, halted, go };
}

/** Time enough for the second process to have reached what the first one holds. */
const meet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

describe("two processes on one PostgreSQL", () => {
  const source = postgresSource();
  let real: Database;
  let desk: RideDesk;
  beforeAll(async () => {
    real = await source.create();
    desk = await createRideDesk(real);
  });
  afterAll(async () => {
    await expectBooksBalance(real, desk.city.id);
    await source.close();
  });

  const shown = (subsidy: number): Presented => ({
    shownAtMs: desk.now(),
    offline: true,
    subsidyMinor: minor(subsidy),
    riderPaysMinor: minor(1_500 - subsidy),
  });
  const netOf = (): Promise<{ account: string; net: number }[]> =>
    real.query(
      `SELECT account, sum(amount_minor)::bigint AS net FROM posting WHERE municipality = $1
       GROUP BY account HAVING sum(amount_minor) <> 0 ORDER BY account`,
      [desk.city.id],
    );

  it("that reverse a ride and add a showing to it at once leave nothing posted", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r1");
    const before = await netOf();
    await desk.service.record(cab, [desk.ride("r1-ride", [byEvidence("r1")])]);
    const { database, halted, go } = haltingDatabase(real);
    const showing = desk.restart({ database }).present(cab, { rideId: asId("r1-ride"), presented: shown(1_000) });
    await halted;
    const municipality = desk.city.id;
    const asked = { municipality, rideKey: "cab1:r1-ride", rideId: null, reason: "by mistake" };
    const reversal = desk.service.reverse(desk.officer, asked);
    await meet();
    go();
    expect(await showing).toMatchObject({ ok: true });
    expect(await reversal).toMatchObject({ ok: true, replayed: false });
    expect(await netOf()).toEqual(before);
    expect(await usedBy(real, "e-r1")).toEqual({ uses: 0, held: 0 });
  });

  it("that reverse a ride at once reverse it once, and both are told so", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r2");
    await desk.service.record(cab, [desk.ride("r2-ride", [byEvidence("r2")])]);
    const { database, halted, go } = haltingDatabase(real);
    const asked = { municipality: desk.city.id, rideKey: "cab1:r2-ride", rideId: null, reason: "twice" };
    const one = desk.restart({ database }).reverse(desk.officer, asked);
    await halted;
    const other = desk.service.reverse(desk.officer, asked);
    await meet();
    go();
    expect(await one).toMatchObject({ ok: true, replayed: false });
    expect(await other).toMatchObject({ ok: true, replayed: true, position: (await one).position });
    expect(await usedBy(real, "e-r2")).toEqual({ uses: 0, held: 0 });
  });

  it("of which one records a ride and the other cancels it do not promise both", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r3");
    const { holdId } = await desk.service.open(cab, desk.touch("r3-ride", "r3"));
    const { database, halted, go } = haltingDatabase(real);
    const recorded = desk.restart({ database }).record(cab, [desk.ride("r3-ride", [byHold(holdId)])]);
    await halted;
    const cancelled = desk.service.cancel(cab, { rideId: asId("r3-ride"), reason: "MISTAKE" });
    await meet();
    go();
    expect((await recorded).outcomes[0]?.status).toBe("RECORDED");
    expect(await cancelled).toMatchObject({ ok: false, error: { code: "ALREADY_RECORDED" } });
  });

  it("that accept a ride at once count its use once, and both are told so", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r5");
    const early = { presented: shown(750), boardedAtMs: 5, alightedAtMs: 10 };
    await desk.service.record(cab, [desk.ride("r5-ride", [byEvidence("r5")], early)]);
    const { database, halted, go } = haltingDatabase(real);
    const asked = { municipality: desk.city.id, rideKey: "cab1:r5-ride", accept: true, reason: "known" };
    const one = desk.restart({ database }).resolveQuarantine(desk.officer, asked);
    await halted;
    const other = desk.service.resolveQuarantine(desk.officer, asked);
    await meet();
    go();
    expect(await one).toMatchObject({ ok: true });
    expect(await other).toEqual(await one);
    expect(await usedBy(real, "e-r5")).toEqual({ uses: 1, held: 0 });
  });

  it("of which one records a ride under an id while the other is shown it with other facts keep both", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r6");
    const ride = desk.ride("r6-ride", [byEvidence("r6")]);
    const { database, halted, go } = haltingDatabase(real);
    const first = desk.restart({ database }).record(cab, [ride]);
    await halted;
    const second = desk.service.record(cab, [{ ...ride, distanceM: 1, presented: shown(750) }]);
    await meet();
    go();
    expect((await first).outcomes[0]).toMatchObject({ status: "RECORDED", rideKey: "cab1:r6-ride" });
    expect((await second).outcomes[0]).toMatchObject({ status: "QUARANTINED", replayed: false });
    expect(await usedBy(real, "e-r6")).toEqual({ uses: 1, held: 0 });
  });

  it("a ride whose commit was unknown and ends late is not called unwritten", async () => {
    const cab = desk.cab("cab1");
    await desk.register("r4");
    const ride = desk.ride("r4-ride", [byEvidence("r4")]);
    const { database, halted, go } = haltingDatabase(real);
    const first = desk.restart({ database }).record(cab, [ride]);
    await halted;
    // The second process has had one failure already when it meets what the first one has not committed yet.
    let failures = 1;
    const flaky = faultyDatabase(real, {
      onQuery: (text) =>
        text.includes("WITH held") && failures-- > 0 ? new StorageError("SERIALIZATION", "deadlock") : undefined,
    });
    const second = desk.restart({ database: flaky }).record(cab, [ride]);
    await meet();
    go();
    expect((await first).outcomes[0]?.status).toBe("RECORDED");
    expect((await second).outcomes[0]).toMatchObject({ status: "RECORDED", rideKey: "cab1:r4-ride" });
  });
});
