import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "#protocol/demo/control.ts";
import type { Cab } from "#simulators/demo/cab.ts";
import { createRandom } from "#simulators/random.ts";
import { Journal } from "#terminal/journal/journal.ts";
import { type CabStack, openCabRemote, startCabStack } from "#tests/kit/cab-kit.ts";
import { freePort } from "#tests/kit/demo-system.ts";

let stack: CabStack;
beforeAll(async () => {
  stack = await startCabStack();
});
afterAll(() => stack.stop());

/** Waits until a thing holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 20_000, interval: 30 }).toBe(true);
}

describe("a cab and the real server", () => {
  let cab: Cab;
  beforeAll(async () => {
    cab = await stack.cab();
  });
  afterAll(() => cab.stop());

  async function ride(person: DemoPerson, fareMinor: number) {
    expect(await cab.command({ kind: "ride", person, fareMinor })).toEqual({ ok: true, message: null });
    const last = cab.journal.last();
    if (!last) throw new Error("no ride stands in the journal");
    return last;
  }
  const bookOf = async (rideId: string) => (await stack.book()).find((line) => line.rideKey.endsWith(rideId));

  it("a touch becomes the city's fare and a line in the book", async () => {
    const { ride: done, answerStatus } = await ride("all-well", 1070);
    expect(answerStatus).toBe("RECORDED");
    expect(done.amounts).toMatchObject({ fareMinor: 1070, subsidyMinor: 535, offline: false, uses: 1 });
    expect(done.touches[0]?.standing).toMatchObject({ source: "server", usableUntil: "2027-03-31" });
    await expect
      .poll(() => bookOf(done.rideId), { timeout: 10_000 })
      .toMatchObject({ status: "RECORDED", fareMinor: 1070, subsidyMinor: 535 });
  });

  it("has its past: two left are two left", async () => {
    const { ride: done } = await ride("two-left", 1000);
    expect(done.touches[0]?.standing?.limits).toContainEqual({ unit: "uses", per: "fiscal-year", amount: 70, left: 2 });
    expect(done.amounts?.riders[0]?.limitsAfter).toContainEqual(
      expect.objectContaining({ per: "fiscal-year", left: 1 }),
    );
  });

  it("a renewed card is the same person's; two friends share; a stranger pays all", async () => {
    expect((await ride("renewed-card", 1200)).ride.amounts).toMatchObject({ subsidyMinor: 600 });
    const shared = (await ride("with-friend", 1800)).ride;
    expect(shared.touches).toHaveLength(2);
    expect(shared.amounts).toMatchObject({ subsidyMinor: 1000, uses: 2 });
    const stranger = await ride("not-registered", 900);
    expect(stranger).toMatchObject({ answerStatus: "REFUSED", ride: { amounts: { subsidyMinor: 0 } } });
    expect(stranger.ride.amounts?.riders).toMatchObject([{ refusal: "NOT_REGISTERED" }]);
  });

  it("at five past six in the evening the hours are over", async () => {
    const { ride: done, answerStatus } = await ride("evening", 900);
    expect(answerStatus).toBe("REFUSED");
    expect(done.amounts?.riders).toMatchObject([{ refusal: "OUTSIDE_HOURS" }]);
    expect(cab.state().now).toBeGreaterThan(done.boardedAtMs + 3_600_000);
  });

  it("without signal the cab decides alike, says so, and everything is said later", async () => {
    const before = cab.journal.counts();
    await ride("all-well", 1070);
    await cab.command({ kind: "network", network: "cut" });
    await until(() => !cab.agent.view.signal.online);
    // The same person as before: known from the earlier touch. The renewed card too; the friends have ridden once.
    const known = await ride("with-friend", 1800);
    expect(known.ride.touches.map((touch) => touch.standing?.source)).toEqual(["entry", "entry"]);
    expect(known).toMatchObject({ answeredAtMs: null, ride: { amounts: { subsidyMinor: 1000, offline: true } } });
    const unknown = await ride("all-well", 1340);
    expect(unknown.ride.touches[0]?.standing?.source).toBe("unknown");
    expect(cab.agent.view.signal).toMatchObject({ online: false, waiting: 2 });
    await cab.command({ kind: "network", network: "up" });
    await until(() => cab.journal.counts().outbox === 0);
    expect(cab.journal.counts()).toMatchObject({ confirmed: before.confirmed + 3, waiting: 0, parked: 0 });
    for (const { ride: done } of [known, unknown]) {
      await expect
        .poll(() => bookOf(done.rideId), { timeout: 10_000 })
        .toMatchObject({ status: "RECORDED", subsidyMinor: done.amounts?.subsidyMinor });
    }
  });

  it("by hand, key by key: the fare that stands at 支払 is the one recorded", async () => {
    // Somebody with both uses of the day: the third ride of this person is another one alike.
    await cab.command({ kind: "lay", person: "with-friend" });
    await until(() => cab.agent.view.phase === "accepted");
    await cab.command({ kind: "lift" });
    await cab.command({ kind: "meter", state: "hired", fareMinor: 740 });
    await until(() => cab.agent.view.phase === "riding");
    await cab.command({ kind: "meter", state: "paying", fareMinor: 2800 });
    await until(() => cab.agent.view.phase === "choosing");
    expect(cab.agent.view.choices.map((choice) => choice.riderPaysMinor)).toEqual([1800, 1400]);
    cab.agent.intent({ kind: "choose-uses", uses: 2 });
    await until(() => cab.agent.view.amounts !== null);
    expect(cab.agent.view).toMatchObject({ phase: "paying", message: { number: 11 }, collectMinor: 1400 });
    cab.agent.intent({ kind: "act", act: "paid" });
    await cab.command({ kind: "meter", state: "vacant", fareMinor: 0 });
    await until(() => cab.journal.counts().outbox === 0);
  });

  it("undo within a minute takes the ride back on both sides", async () => {
    const { ride: done } = await ride("renewed-card", 1400);
    expect(cab.agent.view.undoUntil).toBeGreaterThan(stack.now());
    cab.agent.intent({ kind: "undo" });
    expect(cab.agent.view).toMatchObject({ phase: "cancelled", message: { number: 25, parameters: { uses: 1 } } });
    await until(() => cab.journal.counts().outbox === 0);
    await expect.poll(() => bookOf(done.rideId), { timeout: 10_000 }).toMatchObject({ reversed: true });
  });

  it("every count agrees at the end", async () => {
    const counts = cab.journal.counts();
    expect(counts).toMatchObject({ waiting: 0, parked: 0, outbox: 0, answered: counts.confirmed });
    const lines = await stack.book();
    const mine = lines.filter((line) =>
      cab.journal.rides(100).some(({ ride: done }) => line.rideKey.endsWith(done.rideId)),
    );
    const today = cab.journal.rides(100).filter(({ ride: done }) => done.boardedAtMs > stack.now() - 3_600_000);
    expect(mine.length).toBeGreaterThanOrEqual(today.length);
    const paid = mine.filter((line) => !line.reversed).reduce((total, line) => total + line.subsidyMinor, 0);
    expect(paid).toBe(counts.subsidyMinor);
    const totals = await stack.bookTotals();
    expect(new Set(Object.values(totals)).size).toBe(1);
  });

  it("hands in what it confirmed without signal after it was stopped, and works on once it is free", async () => {
    await ride("not-registered", 900);
    await until(() => cab.journal.counts().outbox === 0);
    const terminalId = (await stack.book())[0]?.rideKey.split(":")[0] ?? "";
    await cab.command({ kind: "network", network: "cut" });
    await until(() => !cab.agent.view.signal.online);
    const { ride: done } = await ride("renewed-card", 1300);
    await stack.setTerminalState(terminalId, "STOPPED");
    await cab.command({ kind: "network", network: "up" });
    const rideKey = `${terminalId}:${done.rideId}`;
    await expect.poll(() => stack.quarantined(), { timeout: 20_000 }).toContain(rideKey);
    await until(() => cab.journal.last()?.answerStatus === "QUARANTINED");
    await until(() => cab.agent.view.phase === "trouble");
    await stack.setTerminalState(terminalId, "ACTIVE");
    await until(() => {
      cab.agent.wake();
      return cab.agent.view.phase !== "trouble";
    });
    expect(cab.journal.counts()).toMatchObject({ waiting: 0, parked: 0, outbox: 0 });
  });
});

describe("a cab killed at any instant", () => {
  it("loses no confirmed ride and counts none twice", { timeout: 300_000 }, async () => {
    const seed = Number(process.env.NOTTE_SEED ?? 20261124);
    const random = createRandom(seed);
    const port = await freePort();
    const kills = process.env.NOTTE_LONG ? 40 : 5;
    const people: readonly DemoPerson[] = ["all-well", "with-friend", "renewed-card", "not-registered"];
    for (let kill = 0; kill < kills; kill += 1) {
      const child = await stack.spawnCab(port);
      const remote = await openCabRemote(`http://localhost:${port}`);
      if (kill % 2 === 1) await remote.command({ kind: "network", network: "cut" });
      void remote.command({ kind: "ride", person: random.pick(people), fareMinor: 1000 + 10 * kill });
      await new Promise((resolve) => setTimeout(resolve, random.between(50, 1_400)));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      remote.close();
    }
    const cab = await stack.cab();
    // A ride found on the way is ended as the driver would end it.
    await cab.command({ kind: "ride", person: "renewed-card", fareMinor: 1000 });
    await until(() => cab.journal.counts().outbox === 0);
    await cab.stop();
    const journal = new Journal(join(stack.dataDir, "cab", "journal.sqlite"));
    const confirmed = journal.rides(500);
    expect({ seed, parked: journal.counts().parked }).toEqual({ seed, parked: 0 });
    journal.close();
    const keys = [...(await stack.book()).map((line) => line.rideKey), ...(await stack.quarantined())];
    expect(confirmed.length).toBeGreaterThan(0);
    for (const { ride, answerStatus } of confirmed) {
      // Rides of the evening belong to another day of the book.
      if (ride.boardedAtMs < stack.now() - 7_200_000) continue;
      const found = keys.filter((key) => key.endsWith(ride.rideId)).length;
      expect({ seed, ride: ride.rideId, answerStatus, found }).toMatchObject({ found: 1 });
    }
  });
});
