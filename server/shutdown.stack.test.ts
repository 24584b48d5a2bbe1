import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RECORD, registerPeople, rideInput, startTestServer, type TestServer } from "#tests/kit/test-server.ts";

it("what was confirmed while the server stopped is in the ledger after the next start", async () => {
  const directory = mkdtempSync(join(tmpdir(), "notte-shutdown-"));
  let test: TestServer = await startTestServer({ DATA_DIR: directory });
  try {
    const migration = await test.enrol("MIGRATION", "m1");
    await test.enrol("CAB", "cab1");
    await registerPeople(test, 60);
    const headers = { authorization: `Terminal ${await migration.token()}` };
    const inputs = Array.from({ length: 60 }, (_, n) => {
      const boardedAt = test.now() - 3_600_000 - n;
      const riders = [{ credentialId: `cred-${n + 1}` }];
      return [{ vehicleId: "v-cab1", ...rideInput(0, { boardedAt, alightedAt: boardedAt + 60_000, riders }) }];
    });
    const calls = inputs.map((input) => test.graphql(RECORD, { input }, headers).catch(() => undefined));
    await Promise.race(calls);
    const stopped = test.stop();
    const answers = await Promise.all(calls);
    await stopped;
    const confirmed = inputs.filter((_, n) => answers[n]?.data?.recordRides?.outcomes[0].status === "RECORDED");
    expect(confirmed.length).toBeGreaterThan(0);
    for (const answer of answers) {
      if (answer && !answer.data)
        expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([503, "OVERLOADED"]);
    }

    test = await startTestServer({ DATA_DIR: directory });
    for (const input of confirmed) {
      const { data } = await test.graphql(RECORD, { input }, headers);
      expect(data.recordRides.outcomes[0]).toMatchObject({ status: "RECORDED", replayed: true });
    }
  } finally {
    await test.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
