import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { testAnchorsDirectory } from "#simulators/card/test-keys.ts";
import { type Answer, registerPeople, startTestServer, TEST_CITY, type TestServer } from "#tests/kit/test-server.ts";

let directory: string;
let ca: TestCa;
let test: TestServer;
let admin: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-registry-"));
  // The server starts before there is any authority, as it does in a demo.
  test = await startTestServer({ TRUST_ANCHORS_DIR: testAnchorsDirectory(directory) });
  ca = await createTestCa(directory);
  admin = await test.as("CITY_ADMIN");
  await registerPeople(test, 5);
});
afterAll(async () => {
  await test.stop();
  rmSync(directory, { recursive: true, force: true });
});

const link = async (input: readonly object[]) => {
  const query =
    "mutation ($m: ID!, $input: [LinkCardInput!]!) { linkCards(municipality: $m, input: $input) { ok written error { code path } } }";
  return (await test.graphql(query, { m: TEST_CITY, input }, admin)).data.linkCards;
};
const card = async (person: string, n: number) => ({
  entitlementId: `ent-${n}`,
  credentialId: `cred-${n}`,
  certificate: Buffer.from(await ca.certificate(person)).toString("base64"),
});
const enrol = async (input: object) => {
  const query = "mutation ($input: FleetInput!) { enrolFleet(input: $input) { ok written error { code path } } }";
  return (await test.graphql(query, { input: { municipality: TEST_CITY, ...input } }, admin)).data.enrolFleet;
};
const state = async (credentialId: string, to: string) => {
  const query =
    "mutation ($m: ID!, $c: ID!, $s: CredentialState!) { setCredentialState(municipality: $m, credentialId: $c, state: $s) { ok error { code } } }";
  return (await test.graphql(query, { m: TEST_CITY, c: credentialId, s: to }, admin)).data.setCredentialState;
};

describe("linking cards", () => {
  it("takes cards of an authority that came after the start, again and again", async () => {
    const input = [await card("one", 1), await card("two", 2)];
    await expect.poll(async () => (await link(input)).ok, { timeout: 5_000 }).toBe(true);
    expect(await link(input)).toEqual({ ok: true, written: 2, error: null });
  });
  it("leaves a card with its person until it is unlinked there", async () => {
    const taken = { ok: false, written: 0, error: { code: "CARD_TAKEN", path: "input.0.certificate" } };
    expect(await link([await card("one", 3)])).toEqual(taken);
    const unlink =
      "mutation ($input: UnlinkCardInput!) { unlinkCard(input: $input) { ok written error { code path } } }";
    const input = { municipality: TEST_CITY, credentialId: "cred-1", reason: "another person's card" };
    const { data } = await test.graphql(unlink, { input }, admin);
    expect(data.unlinkCard).toEqual({ ok: true, written: 1, error: null });
    expect(await link([await card("one", 3)])).toMatchObject({ ok: true });
  });
  it("tells auditors what was changed, newest first", async () => {
    const query = `query ($m: ID!, $s: ID) {
      registryChanges(municipality: $m, first: 2, subjectId: $s) { seq at by kind reason subjects { id before after } }
    }`;
    const auditor = await test.as("AUDITOR");
    const { data } = await test.graphql(query, { m: TEST_CITY, s: "cred-1" }, auditor);
    expect(data.registryChanges).toMatchObject([
      { kind: "CARD_UNLINKED", by: "demo.city-admin", at: test.now(), reason: "another person's card" },
      { kind: "CARD_LINKED", reason: null },
    ]);
    const [unlinked, linked] = data.registryChanges.map(({ subjects }: Answer["data"]) => subjects[0]);
    expect([unlinked, linked]).toMatchObject([
      { id: "cred-1", after: null },
      { id: "cred-1", before: null },
    ]);
    expect(unlinked.before).toBe(linked.after);
    expect(JSON.parse(linked.after)).toMatchObject({ entitlementId: "ent-1", keyVersion: 1 });
  });
  it("refuses what is no certificate, unknown entitlements and repetitions, and writes nothing", async () => {
    const good = await card("four", 4);
    const junk = { ...(await card("five", 5)), certificate: "AAAA" };
    expect(await link([good, junk])).toMatchObject({
      ok: false,
      error: { code: "CERTIFICATE_UNREADABLE", path: "input.1.certificate" },
    });
    expect(await link([{ ...good, entitlementId: "none" }])).toMatchObject({ error: { code: "UNKNOWN_ENTITLEMENT" } });
    expect(await link([good, good])).toMatchObject({ error: { code: "BAD_ID", path: "input.1.id" } });
    expect(await link([good, { ...good, credentialId: "cred-5" }])).toMatchObject({ error: { code: "BAD_ID" } });
    expect(await link(Array.from({ length: 501 }, (_, n) => ({ ...good, credentialId: `c${n}` })))).toMatchObject({
      error: { code: "BATCH_TOO_LARGE" },
    });
  });
  it("stops and frees a credential, and knows which there are", async () => {
    expect(await state("cred-1", "STOPPED")).toEqual({ ok: true, error: null });
    expect(await state("cred-1", "GOOD")).toEqual({ ok: true, error: null });
    expect(await state("none", "GOOD")).toEqual({ ok: false, error: { code: "UNKNOWN_CREDENTIAL" } });
  });
});

describe("registering", () => {
  it("refuses an entitlement that ends before it begins", async () => {
    const query =
      "mutation ($m: ID!, $input: [EntitlementInput!]!) { registerEntitlements(municipality: $m, input: $input) { ok error { code path } } }";
    const input = [{ id: "e", credentialId: "c", validFrom: "2026-04-01", validTo: "2026-03-31" }];
    const { data } = await test.graphql(query, { m: TEST_CITY, input }, admin);
    expect(data.registerEntitlements).toEqual({ ok: false, error: { code: "TIME_ORDER", path: "input.0.validTo" } });
  });
});

describe("enrolling a fleet", () => {
  it("refuses what hangs on nothing, bad ids, empty names and keys that are none", async () => {
    const vehicle = { id: "v1", companyId: "none", label: "1" };
    expect(await enrol({ vehicles: [vehicle] })).toMatchObject({ ok: false, error: { code: "UNKNOWN_COMPANY" } });
    const companies = [{ id: "c1", name: "One" }];
    expect(await enrol({ companies: [{ id: "no spaces", name: "x" }] })).toMatchObject({ error: { code: "BAD_ID" } });
    expect(await enrol({ companies: [{ id: "c1", name: " " }] })).toMatchObject({ error: { code: "BAD_NAME" } });
    const terminal = { id: "t1", kind: "CAB", vehicleId: "v1", publicKey: "AAAA" };
    const all = { companies, vehicles: [{ ...vehicle, companyId: "c1" }], terminals: [terminal] };
    expect(await enrol(all)).toMatchObject({ error: { code: "KEY_UNREADABLE", path: "terminals.0.publicKey" } });
    expect((await test.graphql("{ municipalities { id companies { id } } }")).data.municipalities).toContainEqual({
      id: TEST_CITY,
      companies: [],
    });
  });
  it("refuses a terminal whose id would let it name the rides of another", async () => {
    const publicKey = generateKeyPairSync("ed25519")
      .publicKey.export({ format: "der", type: "spki" })
      .toString("base64");
    const terminals = [{ id: "t-1:x", kind: "MIGRATION", publicKey, validUntil: test.now() + 1 }];
    expect(await enrol({ terminals })).toMatchObject({ ok: false, error: { code: "BAD_ID", path: "terminals.0.id" } });
    expect(await enrol({ terminals: [{ ...terminals[0], id: "t-1.x" }] })).toMatchObject({ ok: true });
  });
  it("lets a migration terminal speak until its end, on sockets too", async () => {
    const migration = await test.enrol("MIGRATION", "old-system");
    const began = test.now();
    const viewer = "{ viewer { kind } }";
    const ask = async () => test.graphql(viewer, {}, { authorization: `Terminal ${await migration.token()}` });
    expect((await ask()).data.viewer.kind).toBe("TERMINAL");
    const socket = test.connect({ terminal: await migration.token() });
    await expect.poll(() => socket.connected, { timeout: 5_000 }).toBe(true);
    const ended = new Promise((resolve) => socket.once("disconnect", resolve));
    test.setNow(began + 365 * 86_400_000);
    const refused = await ask();
    expect([refused.status, refused.errors[0]?.extensions.code]).toEqual([403, "FORBIDDEN"]);
    await ended;
    test.setNow(began);
    // In that year the administrator's session ended too.
    admin = await test.as("CITY_ADMIN");
  });
  it("takes companies, vehicles and terminals together, and the pack names them", async () => {
    const cab = await test.enrol("CAB", "cab7", "c-7");
    await test.enrol("CAB", "cab7", "c-7").catch(() => undefined);
    const headers = { authorization: `Terminal ${await cab.token()}` };
    const fresh = await test.enrol("CAB", "cab8", "c-7");
    const pack = "{ terminalPack { terminalId vehicleId vehicleLabel companyId companyName cityDocument serverTime } }";
    const { data } = await test.graphql(pack, {}, { authorization: `Terminal ${await fresh.token()}` });
    expect(data.terminalPack).toMatchObject({
      terminalId: "t-cab8",
      vehicleId: "v-cab8",
      vehicleLabel: "cab8",
      companyId: "c-7",
      companyName: "Company c-7",
      serverTime: test.now(),
    });
    expect(JSON.parse(data.terminalPack.cityDocument).city.id).toBe(TEST_CITY);
    // Enrolled again with another key, the old key counts no longer.
    expect((await test.graphql(pack, {}, headers)).errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect((await test.graphql(pack, {}, admin)).errors[0]?.extensions.code).toBe("FORBIDDEN");
  });
});
