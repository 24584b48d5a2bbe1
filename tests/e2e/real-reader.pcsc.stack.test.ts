import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_NAMESPACE, type DemoState, demoState } from "#protocol/demo/control.ts";
import { type DemoSystem, startDemoSystem } from "#tests/kit/demo-system.ts";
import { startPcsc, type TestPcsc } from "#tests/kit/pcsc.ts";

/** The main job for real: a card on pcscd's reader becomes a ride in the ledger. */
describe("a card on a real PC/SC reader", () => {
  let pcsc: TestPcsc;
  let system: DemoSystem;

  beforeAll(async () => {
    pcsc = await startPcsc();
    system = await startDemoSystem({ historyRides: 0, cabs: 0 });
  });
  afterAll(async () => {
    expect(await system?.end()).toBe(0);
    system?.remove();
    await pcsc?.stop();
  });

  it("is read through the daemon, decided by the server and stands in the ledger", async () => {
    const socket = io(`${system.kioskUrl}${DEMO_NAMESPACE}`, { transports: ["websocket"] });
    let state: DemoState | null = null;
    socket.on("state", (message) => {
      state = demoState.parse(message);
    });
    try {
      await expect.poll(() => state?.door.technology, { timeout: 20_000 }).toBe("pcsc");
      const reply = await socket
        .timeout(60_000)
        .emitWithAck("command", { kind: "ride", person: "all-well", fareMinor: 1070 });
      expect(reply).toEqual({ ok: true, message: null });
      await expect.poll(() => state?.lastRide?.synced, { timeout: 20_000 }).toBe(true);
      expect(await ledgerSubsidies(system.serverUrl)).toContain(535);
    } finally {
      socket.close();
    }
  });
});

/** City's part of the newest ledger entries, asked over GraphQL as an auditor of the demo. */
async function ledgerSubsidies(serverUrl: string): Promise<readonly number[]> {
  const { municipality } = (await (await fetch(`${serverUrl}/demo.json`)).json()) as { municipality: string };
  const ask = async <T>(query: string, token?: string): Promise<T> => {
    const answer = await fetch(`${serverUrl}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query }),
    });
    return ((await answer.json()) as { data: T }).data;
  };
  const { demoSignIn } = await ask<{ demoSignIn: { token: string } }>(
    `mutation { demoSignIn(municipality: "${municipality}", role: AUDITOR) { token } }`,
  );
  const { ledger } = await ask<{ ledger: { postings: { account: string; amountMinor: number }[] }[] }>(
    `{ ledger(municipality: "${municipality}", first: 20) { postings { account amountMinor } } }`,
    demoSignIn.token,
  );
  return ledger.flatMap(({ postings }) =>
    postings.filter(({ account }) => account === "city-subsidy").map(({ amountMinor }) => amountMinor),
  );
}
