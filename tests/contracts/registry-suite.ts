import { createHash, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Viewer } from "#domain/identity/viewer.ts";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import { ok } from "#domain/result.ts";
import { createCalendar } from "#domain/time/calendar.ts";
import { type CardRegistry, createCardRegistry } from "#server/registry/card-registry.ts";
import { type ChangeReader, createChangeReader } from "#server/registry/change-reader.ts";
import { createFleetRegistry, type FleetEntries, type FleetRegistry } from "#server/registry/fleet-registry.ts";
import type { Database } from "#server/storage/database.ts";
import type { DatabaseSource } from "../kit/databases.ts";
import { smallCity } from "../kit/small-city.ts";

const NOW = Date.UTC(2026, 10, 23, 2, 0);
const city = smallCity();

function staff(role: "city-admin" | "counter-clerk" | "auditor" | "planner"): Viewer {
  return { kind: "staff", staffId: `s-${role}`, name: role, municipality: city.id, roles: [role], companyId: null };
}
const clerk = staff("counter-clerk");
const admin = staff("city-admin");

/** Whose card is whose, who may change it, and what the record says; run on every kind of database. */
export function registrySuite(source: DatabaseSource): void {
  let database: Database;
  let cards: CardRegistry;
  let fleet: FleetRegistry;
  let changes: ChangeReader;
  let keyVersion = 1;
  let nowMs = NOW;

  beforeAll(async () => {
    database = await source.create();
    cards = createCardRegistry({
      database,
      cities: new Map([[city.id, city]]),
      calendars: new Map([[city.id, createCalendar(city.zone, city.fiscalYearStart, () => 540)]]),
      // A certificate is its text; the token follows from it and the version of the key.
      verifier: {
        tokenOf: (_municipality, certificate) =>
          ok({
            token: new Uint8Array(createHash("sha256").update(`${keyVersion}/`).update(certificate).digest()),
            keyVersion,
            validUntilMs: Date.UTC(2030, 0, 1),
          }),
      },
      now: () => nowMs,
    });
    fleet = createFleetRegistry({ database, now: () => nowMs, changed: () => undefined });
    changes = createChangeReader(database);
  });
  afterAll(() => source.close());
  beforeEach(async () => {
    keyVersion = 1;
    nowMs = NOW;
    for (const table of ["entitlement", "credential", "company", "vehicle", "terminal", "fleet_version"]) {
      await database.query(`DELETE FROM ${table}`);
    }
    await database.query("DELETE FROM registry_change");
    await database.query("DELETE FROM registry_head");
  });

  const person = (name: string, change: object = {}) => ({
    id: `ent-${name}`,
    credentialId: `cred-${name}`,
    validFromDay: 20_000,
    validToDay: 22_000,
    ...change,
  });
  const register = (...people: readonly ReturnType<typeof person>[]) =>
    cards.registerEntitlements(clerk, city.id, people);
  const link = (...entries: readonly (readonly [certificate: string, name: string, credentialId?: string])[]) =>
    cards.linkCards(
      clerk,
      city.id,
      entries.map(([certificate, name, credentialId = `cred-${name}`]) => ({
        entitlementId: `ent-${name}`,
        credentialId,
        certificate: new TextEncoder().encode(certificate),
      })),
    );
  const setState = (credentialId: string, state: "good" | "stopped") =>
    cards.setCredentialState(clerk, { municipality: city.id, credentialId, state });
  const unlink = (credentialId: string, reason = "linked by mistake") =>
    cards.unlinkCard(clerk, { municipality: city.id, credentialId, reason });
  const refusal = (code: string, path: string) => ({ ok: false, written: 0, error: { code, path } });
  /** Everything that must not change when a call is refused. */
  const everything = async (): Promise<unknown> => [
    await database.query("SELECT * FROM entitlement ORDER BY entitlement_id"),
    await database.query("SELECT * FROM credential ORDER BY credential_id"),
    await database.query("SELECT * FROM registry_change ORDER BY seq"),
    await database.query("SELECT * FROM registry_head"),
  ];
  const recorded = async (viewer = staff("auditor")) =>
    (await changes.read(viewer, city.id, { first: 500, before: null, subjectId: null })).toReversed();
  const recordedSubjects = async () =>
    (await recorded()).flatMap(({ subjects, ...line }) => subjects.map((subject) => ({ ...line, ...subject })));
  const kinds = async () => (await recordedSubjects()).map(({ kind, subjectId }) => `${kind} ${subjectId}`);

  describe("a credential", () => {
    it("never goes over to another entitlement by registering, and nothing of the call is written", async () => {
      await register(person("a"), person("b"));
      const before = await everything();
      const wrong = [person("c"), person("d", { credentialId: "cred-a" })];
      expect(await register(...wrong)).toMatchObject(refusal("CREDENTIAL_TAKEN", "input.1.credentialId"));
      expect(await everything()).toEqual(before);
    });

    it("never goes over to another entitlement by linking, and nothing of the call is written", async () => {
      await register(person("a"), person("b"));
      await link(["x", "a"]);
      const before = await everything();
      const answer = await link(["y", "b"], ["z", "b", "cred-a"]);
      expect(answer).toMatchObject(refusal("CREDENTIAL_TAKEN", "input.1.credentialId"));
      expect(await everything()).toEqual(before);
    });

    it("goes to one of many calls that want it at once, and the others are told", async () => {
      const names = Array.from({ length: 8 }, (_, n) => String(n));
      // Every connection is open and the record has begun: the calls below really meet.
      await Promise.all(names.map((name) => register(person(name))));
      const answers = await Promise.all(names.map((name) => register(person(name, { credentialId: "one" }))));
      const codes = answers.map(({ error }) => error?.code ?? "none").sort();
      expect(codes).toEqual([...Array(7).fill("CREDENTIAL_TAKEN"), "none"]);
      expect((await recorded()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
  });

  describe("a card", () => {
    beforeEach(async () => {
      await register(person("a"), person("b"));
      expect(await link(["x", "a"])).toMatchObject({ ok: true, written: 1 });
    });

    it("that is another person's is refused until it is unlinked there, and nothing of the call is written", async () => {
      const before = await everything();
      expect(await link(["y", "a", "cred-a2"], ["x", "b"])).toMatchObject(refusal("CARD_TAKEN", "input.1.certificate"));
      expect(await everything()).toEqual(before);
      expect(await unlink("cred-a")).toMatchObject({ ok: true, written: 1 });
      expect(await link(["x", "b"])).toMatchObject({ ok: true });
      expect(await link(["x", "a"])).toMatchObject(refusal("CARD_TAKEN", "input.0.certificate"));
    });

    it("that is stopped is not made good by linking it elsewhere, to the same person or another", async () => {
      await setState("cred-a", "stopped");
      const before = await everything();
      expect(await link(["x", "a", "cred-a2"])).toMatchObject(refusal("CARD_STOPPED", "input.0.certificate"));
      expect(await link(["x", "b"])).toMatchObject(refusal("CARD_STOPPED", "input.0.certificate"));
      // Nor by freeing it first: with another card in its place, or by unlinking it.
      expect(await link(["y", "a"])).toMatchObject(refusal("CARD_STOPPED", "input.0.credentialId"));
      expect(await unlink("cred-a")).toMatchObject(refusal("CARD_STOPPED", "input.credentialId"));
      expect(await everything()).toEqual(before);
    });

    it("that is linked again where it is stays as it is, also when it is stopped", async () => {
      await setState("cred-a", "stopped");
      const before = await everything();
      expect(await link(["x", "a"])).toMatchObject({ ok: true, written: 1 });
      expect(await register(person("a"))).toMatchObject({ ok: true, written: 1 });
      expect(await everything()).toEqual(before);
      const [row] = await database.query("SELECT state FROM credential WHERE credential_id = 'cred-a'");
      expect(row).toEqual({ state: "stopped" });
    });

    it("goes from one credential of a person to another, and a new one takes its place", async () => {
      expect(await link(["y", "a"], ["x", "a", "cred-a2"])).toMatchObject({ ok: true });
      expect((await kinds()).slice(-3)).toEqual(["card-unlinked cred-a", "card-linked cred-a", "card-linked cred-a2"]);
      expect(await link(["x", "b"])).toMatchObject(refusal("CARD_TAKEN", "input.0.certificate"));
    });

    it("that is stopped keeps its state when the key of the tokens is changed", async () => {
      await setState("cred-a", "stopped");
      keyVersion = 2;
      expect(await link(["x", "a"])).toMatchObject({ ok: true });
      const [row] = await database.query("SELECT state, key_version FROM credential WHERE credential_id = 'cred-a'");
      expect(row).toEqual({ state: "stopped", key_version: 2 });
    });

    it("is unlinked with a reason, once, and only where there is one", async () => {
      expect(await unlink("cred-a", "  ")).toMatchObject(refusal("REASON_MISSING", "input.reason"));
      expect(await unlink("none")).toMatchObject(refusal("UNKNOWN_CREDENTIAL", "input.credentialId"));
      expect(await unlink("cred-a", "wrong person at the counter")).toMatchObject({ ok: true, written: 1 });
      expect(await unlink("cred-a")).toMatchObject({ ok: true, written: 0 });
      expect((await recordedSubjects()).at(-1)).toMatchObject({
        kind: "card-unlinked",
        subjectId: "cred-a",
        by: "s-counter-clerk",
        reason: "wrong person at the counter",
        after: null,
      });
    });
  });

  describe("the record", () => {
    it("says what changed, from what to what, by whom and when, and nothing of what stayed", async () => {
      await register(person("a"));
      nowMs += 1_000;
      await register(person("a"), person("b"));
      await register(person("a", { validToDay: 22_001 }), person("b"));
      await register(person("a", { validToDay: 22_001, credentialId: "cred-a2" }));
      const lines = await recordedSubjects();
      expect(lines.map(({ seq, kind, subjectId, atMs }) => [seq, kind, subjectId, atMs - NOW])).toEqual([
        [1, "entitlement-created", "ent-a", 0],
        [2, "entitlement-created", "ent-b", 1_000],
        [3, "entitlement-changed", "ent-a", 1_000],
        [4, "entitlement-changed", "ent-a", 1_000],
      ]);
      const [, , longer, secondCard] = lines;
      expect(longer?.before).toEqual({
        schemeId: city.schemeId,
        validFrom: "2024-10-04",
        validTo: "2030-03-27",
        credentialId: "cred-a",
      });
      expect(longer?.after).toEqual({ ...longer?.before, validTo: "2030-03-28" });
      expect(secondCard).toMatchObject({ before: { credentialId: null }, after: { credentialId: "cred-a2" } });
    });

    it("knows stops and resumptions once each, and holds neither token nor certificate", async () => {
      await register(person("a"));
      await link(["x", "a"]);
      for (const state of ["stopped", "stopped", "good", "good"] as const) await setState("cred-a", state);
      expect(await kinds()).toEqual([
        "entitlement-created ent-a",
        "card-linked cred-a",
        "card-stopped cred-a",
        "card-resumed cred-a",
      ]);
      const [stored] = await database.query<{ token: Uint8Array }>("SELECT token FROM credential");
      const text = JSON.stringify(await recorded());
      expect(text).not.toContain(Buffer.from(stored?.token ?? []).toString("hex"));
      expect(text).not.toMatch(/token|certificate"/i);
    });

    it("knows the fleet, and a change of key by its hash", async () => {
      const { publicKey } = generateKeyPairSync("ed25519");
      const other = generateKeyPairSync("ed25519").publicKey;
      const spki = (key: typeof publicKey) => new Uint8Array(key.export({ format: "der", type: "spki" }));
      const entries = (key = publicKey, label = "7"): FleetEntries => ({
        municipality: city.id,
        companies: [{ id: "c", name: "C" }],
        vehicles: [{ id: "v", companyId: "c", label }],
        terminals: [{ id: "t", kind: "cab", vehicleId: "v", publicKey: spki(key), validUntilMs: null }],
      });
      await fleet.enrol(admin, entries());
      await fleet.enrol(admin, entries());
      const versions = () => database.query("SELECT version FROM fleet_version");
      expect(await versions()).toEqual([{ version: 1 }]);
      await fleet.enrol(admin, entries(other, "8"));
      for (const state of ["stopped", "stopped", "active"] as const) {
        await fleet.setTerminalState(admin, { municipality: city.id, terminalId: "t", state });
      }
      expect(await versions()).toEqual([{ version: 4 }]);
      expect(await kinds()).toEqual([
        "company-enrolled c",
        "vehicle-enrolled v",
        "terminal-enrolled t",
        "vehicle-changed v",
        "terminal-changed t",
        "terminal-stopped t",
        "terminal-resumed t",
      ]);
      const changed = (await recordedSubjects()).find(({ kind }) => kind === "terminal-changed");
      const sha256 = (key: typeof publicKey) => createHash("sha256").update(spki(key)).digest("hex");
      expect(changed?.before).toMatchObject({ keySha256: sha256(publicKey) });
      expect(changed?.after).toMatchObject({ keySha256: sha256(other) });
    });

    it("refuses a migration terminal without an end, and writes nothing", async () => {
      const publicKey = new Uint8Array(
        generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }),
      );
      const enrol = (validUntilMs: number | null) =>
        fleet.enrol(admin, {
          municipality: city.id,
          companies: [],
          vehicles: [],
          terminals: [{ id: "m", kind: "migration", vehicleId: null, publicKey, validUntilMs }],
        });
      expect(await enrol(null)).toMatchObject(refusal("VALID_UNTIL_MISSING", "terminals.0.validUntil"));
      expect(await kinds()).toEqual([]);
      expect(await enrol(NOW + 1)).toMatchObject({ ok: true });
      expect(await enrol(NOW + 2)).toMatchObject({ ok: true });
      expect(await kinds()).toEqual(["terminal-enrolled m", "terminal-changed m"]);
    });

    it("takes many subjects of one call in one line, in their order", async () => {
      const people = Array.from({ length: 250 }, (_, n) => person(String(n)));
      await register(...people);
      const lines = await recorded();
      expect(lines.map(({ seq, subjects }) => [seq, subjects.length])).toEqual([
        [1, 100],
        [2, 100],
        [3, 50],
      ]);
      expect((await recordedSubjects()).map(({ subjectId }) => subjectId)).toEqual(people.map(({ id }) => id));
    });

    it("stays dense when many change the registry at once", async () => {
      const names = Array.from({ length: 12 }, (_, n) => `p${n}`);
      await Promise.all(names.map((name) => register(person(name), person(`${name}-x`))));
      expect((await recorded()).map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
      expect(new Set(await kinds()).size).toBe(24);
    });

    it("is read in pages, newest first, of one subject when asked, by administrators and auditors alone", async () => {
      for (let n = 0; n < 5; n++) await register(person(String(n)));
      await link(["x", "3"]);
      await setState("cred-3", "stopped");
      const page = async (first: number, before: number | null, subjectId: string | null = null) =>
        (await changes.read(staff("auditor"), city.id, { first, before, subjectId })).map(({ seq }) => seq);
      expect(await page(3, null)).toEqual([7, 6, 5]);
      expect(await page(3, 5)).toEqual([4, 3, 2]);
      expect(await page(3, 2)).toEqual([1]);
      expect(await page(-1, null)).toEqual([]);
      expect(await page(9, null, "cred-3")).toEqual([7, 6]);
      expect(await recorded(admin)).toHaveLength(7);
      for (const viewer of [clerk, staff("planner")]) {
        await expect(recorded(viewer)).rejects.toMatchObject({ code: "FORBIDDEN" });
      }
      const elsewhere = asId<MunicipalityId>("elsewhere");
      await expect(changes.read(admin, elsewhere, { first: 1, before: null, subjectId: null })).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
    });
  });
}
