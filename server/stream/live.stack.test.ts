import type { Socket as NetSocket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "#simulators/random.ts";
import { followOver } from "#tests/kit/feed-client.ts";
import {
  RECORD,
  registerPeople,
  rideInput,
  startTestServer,
  TEST_CITY,
  type TestServer,
  type TestTerminal,
} from "#tests/kit/test-server.ts";
import { companyModel, ledgerModel, pictureModel } from "#web/live/feed-models.ts";

const SEED = 20_261_123;
const STEPS = 40;
const WAIT = { timeout: 30_000, interval: 50 };

let test: TestServer;
let migration: TestTerminal;

beforeAll(async () => {
  test = await startTestServer();
  migration = await test.enrol("MIGRATION", "m1");
  await test.enrol("CAB", "cab1", "c-1");
  await test.enrol("CAB", "cab2", "c-1");
  await test.enrol("CAB", "cab3", "c-2");
  await registerPeople(test, 200);
});
afterAll(() => test.stop());

const connectAs = async (role: string, companyId?: string) => {
  const { authorization } = await test.as(role, companyId);
  return test.connect({ session: authorization?.replace("Bearer ", "") ?? "" });
};
const record = async (inputs: readonly object[]) => {
  const headers = { authorization: `Terminal ${await migration.token()}` };
  return (await test.graphql(RECORD, { input: inputs }, headers)).data.recordRides.outcomes;
};
/** A ride in the city's middle, some time ago and never at the same time as another of the same vehicle. */
let rides = 0;
const ride = (vehicleId: string): object => {
  rides += 1;
  const alightedAt = test.now() - 60_000;
  const boardedAt = alightedAt - 300_000 - rides;
  return {
    vehicleId,
    ...rideInput(0, { boardedAt, alightedAt, riders: [{ credentialId: `cred-${1 + (rides % 200)}` }] }),
  };
};

describe("feeds over lines that break", () => {
  it(`end like feeds over lines that never did (seed ${SEED})`, async () => {
    const random = createRandom(SEED);
    const follow = async () => ({
      company: followOver(await connectAs("COMPANY_ACCOUNTANT", "c-1"), companyModel, { municipality: TEST_CITY }),
      ledger: followOver(await connectAs("AUDITOR"), ledgerModel, { municipality: TEST_CITY }),
      picture: followOver(await connectAs("PLANNER"), pictureModel, { municipality: TEST_CITY }),
    });
    const steady = await follow();
    const shaky = await follow();
    for (const feed of Object.values(shaky)) feed.loseWhen(() => random.chance(0.1));
    const officer = await test.as("CITY_OFFICER");
    const recorded: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      const count = 1 + random.below(4);
      const outcomes = await record(Array.from({ length: count }, () => ride(`v-cab${1 + random.below(3)}`)));
      recorded.push(...outcomes.map((outcome: { rideKey: string }) => outcome.rideKey));
      if (step % 6 === 5) {
        await test.graphql(
          "mutation ($input: ReverseRideInput!) { reverseRide(input: $input) { ok } }",
          { input: { municipality: TEST_CITY, rideKey: random.pick(recorded), reason: "test" } },
          officer,
        );
      }
      for (const feed of Object.values(shaky)) if (random.chance(0.2)) feed.cut();
    }
    for (const feed of Object.values(shaky)) feed.loseWhen(() => false);
    for (const feed of Object.values(shaky)) feed.cut();
    const fresh = await follow();
    const { data } = await test.graphql(
      `{ bookTotals(municipality: "${TEST_CITY}") { lastPosition } }`,
      {},
      await test.as("AUDITOR"),
    );
    for (const kind of ["company", "ledger", "picture"] as const) {
      await expect.poll(() => fresh[kind].state().status, WAIT).toBe("live");
      const expected = (): unknown => ({ ...fresh[kind].state().view, at: 0 });
      await expect.poll(() => ({ ...steady[kind].state().view, at: 0 }), WAIT).toEqual(expected());
      await expect.poll(() => ({ ...shaky[kind].state().view, at: 0 }), WAIT).toEqual(expected());
    }
    expect(fresh.ledger.state().cursor).toBe(data.bookTotals.lastPosition);
    expect(steady.company.state().view?.rides.some((line) => line.reversed)).toBe(true);
    expect(steady.company.state().view?.rides.every((line) => line.companyId === "c-1")).toBe(true);
    // The steady line was told of changes as they came, not only by a snapshot.
    expect(steady.company.received()).toContain("fromPosition");
  });
});

describe("a client that does not read", () => {
  it("is turned away instead of growing memory, and ends like the others once it reads again", async () => {
    await record(Array.from({ length: 200 }, () => ride("v-cab3")));
    const socket = await connectAs("AUDITOR");
    const slow = followOver(socket, ledgerModel, { municipality: TEST_CITY });
    await expect.poll(() => slow.state().status, WAIT).toBe("live");
    const told: string[] = [];
    socket.on("rejoin", (feed) => void told.push(feed));
    const { transport } = socket.io.engine as unknown as { transport: { ws: { _socket: NetSocket } } };
    const wire = transport.ws._socket;
    wire.pause();
    // Answers of megabytes a second fill what the system buffers; after that the server must not keep more.
    const busy: unknown[] = [];
    for (let second = 0; second < 8; second++) {
      for (let n = 0; n < 18; n++) {
        socket.emit("join", { feed: "ledger", municipality: TEST_CITY }, (reply) => {
          if (!reply.ok) busy.push(reply.code);
        });
      }
      await record([ride("v-cab3")]);
      await delay(1_000);
    }
    wire.resume();
    await expect.poll(() => busy, WAIT).toContain("BUSY");
    await expect.poll(() => told, WAIT).toContain("ledger");
    const fresh = followOver(await connectAs("AUDITOR"), ledgerModel, { municipality: TEST_CITY });
    await expect.poll(() => fresh.state().status, WAIT).toBe("live");
    await expect.poll(() => slow.state().view, WAIT).toEqual(fresh.state().view);
  });
});

describe("who may join", () => {
  const join = async (socket: Awaited<ReturnType<typeof connectAs>>, request: object): Promise<unknown> =>
    socket.timeout(5_000).emitWithAck("join", { feed: "company", municipality: TEST_CITY, ...request } as never);

  it("company staff get their own company only", async () => {
    const socket = await connectAs("COMPANY_ACCOUNTANT", "c-1");
    expect(await join(socket, { companyId: "c-2" })).toEqual({ ok: false, code: "NOT_ALLOWED" });
    expect(await join(socket, { feed: "ledger" })).toEqual({ ok: false, code: "NOT_ALLOWED" });
    expect(await join(socket, { feed: "picture" })).toEqual({ ok: false, code: "NOT_ALLOWED" });
    expect(await join(socket, {})).toMatchObject({ ok: true, snapshot: { company: { id: "c-1" } } });
  });
  it("planners get the picture and never a ride", async () => {
    const socket = await connectAs("PLANNER");
    expect(await join(socket, { companyId: "c-1" })).toEqual({ ok: false, code: "NOT_ALLOWED" });
    expect(await join(socket, { feed: "ledger" })).toEqual({ ok: false, code: "NOT_ALLOWED" });
    expect(await join(socket, { feed: "picture", municipality: "lakeside" })).toEqual({
      ok: false,
      code: "NOT_ALLOWED",
    });
    const picture = followOver(socket, pictureModel, { municipality: TEST_CITY });
    expect(await join(socket, { feed: "picture" })).toMatchObject({ ok: true });
    const [outcome] = await record([ride("v-cab1")]);
    await expect.poll(picture.received, WAIT).toContain("ridesToday");
    for (const word of [outcome.rideKey, "rideKey", "vehicle", "cred-", "person", "tag", "steps"]) {
      expect(picture.received()).not.toContain(word);
    }
  });
  it("terminals get no feed, nobody else a connection", async () => {
    const terminal = test.connect({ terminal: await migration.token() });
    expect(await join(terminal, {})).toEqual({ ok: false, code: "NOT_ALLOWED" });
    for (const auth of [{}, { session: "nonsense" }, { terminal: "x.y.z" }]) {
      const socket = test.connect(auth as Record<string, string>);
      const error = await new Promise<Error & { data?: { code: string } }>((resolve) =>
        socket.once("connect_error", resolve),
      );
      expect(error.data?.code).toBe("UNAUTHENTICATED");
    }
  });
  it("what cannot be read is refused, not thrown", async () => {
    const socket = await connectAs("PLANNER");
    for (const request of [
      null,
      7,
      "x",
      { feed: "everything" },
      { feed: "picture", cursor: -1 },
      { municipality: {} },
    ]) {
      const reply = socket.timeout(5_000).emitWithAck("join", request as never);
      expect(await reply).toEqual({ ok: false, code: "BAD_REQUEST" });
    }
    socket.emit("leave", { nonsense: true } as never);
    socket.emit("positions", "nonsense" as never);
    socket.emit("join", undefined as never, undefined as never);
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
  });
  it("a stopped terminal is refused and disconnected within a second or so", async () => {
    const doomed = await test.enrol("MIGRATION", "m2");
    const token = await doomed.token();
    const ask = () => test.graphql("{ terminalPack { terminalId } }", {}, { authorization: `Terminal ${token}` });
    const socket = test.connect({ terminal: token });
    await expect.poll(() => socket.connected, WAIT).toBe(true);
    expect((await ask()).data.terminalPack.terminalId).toBe(doomed.id);
    const gone = new Promise<string>((resolve) => socket.once("disconnect", resolve));
    const stop =
      "mutation ($m: ID!, $t: ID!) { setTerminalState(municipality: $m, terminalId: $t, state: STOPPED) { ok } }";
    await test.graphql(stop, { m: TEST_CITY, t: doomed.id }, await test.as("CITY_ADMIN"));
    const stoppedAt = performance.now();
    expect((await ask()).errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(await gone).toBe("io server disconnect");
    expect(performance.now() - stoppedAt).toBeLessThan(4_000);
    const again = test.connect({ terminal: await doomed.token() });
    const refusal = await new Promise<Error>((resolve) => again.once("connect_error", resolve));
    expect(refusal).toMatchObject({ data: { code: "FORBIDDEN" } });
  });
});
