import { createHash, createHmac, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import type { CardEvidence } from "#protocol/evidence/evidence.ts";
import { createTestCa, type TestCa } from "#simulators/card/test-ca.ts";
import { testAnchorsDirectory } from "#simulators/card/test-keys.ts";
import { sealEvidence } from "#terminal/seal-evidence.ts";
import { loadTrustAnchors } from "./trust-anchors.ts";
import { createVerifier } from "./verifier.ts";

// Making RSA keys takes a second, on a busy machine many.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const city = asId<MunicipalityId>("city-a");
const otherCity = asId<MunicipalityId>("city-b");
const at = Date.UTC(2026, 10, 22);
const sealingKey = { keyId: "k1", privateKey: generateKeyPairSync("x25519").privateKey };
const tokenKey = { version: 3, key: randomBytes(32) };

let directory: string;
let ca: TestCa;
let certificate: Uint8Array;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "notte-verifier-"));
  ca = await createTestCa(directory);
  certificate = await ca.certificate("person-1");
});
afterAll(() => rmSync(directory, { recursive: true }));

const verifierOf = (anchors: readonly Uint8Array[], rememberedCertificates = 10) =>
  createVerifier({
    anchors,
    mode: "demo",
    sealingKeys: [sealingKey],
    tokenKeys: [{ version: 2, key: randomBytes(32) }, tokenKey],
    rememberedCertificates,
  });
const seal = (body: Uint8Array, municipality: string = city): Uint8Array => {
  const evidence: CardEvidence = { kind: "jpki-certificate", body, assurance: "identified", readAtMs: at - 5 };
  return sealEvidence(evidence, { municipality, ...verifierOf(ca.anchors()).sealingKey });
};

describe("verifier", () => {
  it("makes the token as HMAC of domain, municipality and certificate hash under the highest key version", async () => {
    const opened = await verifierOf(ca.anchors()).open(city, seal(certificate), at);
    const digest = createHash("sha256").update(certificate).digest();
    const expected = createHmac("sha256", tokenKey.key)
      .update(Buffer.concat([Buffer.from("notte.card-token.v1\0city-a\0"), digest]))
      .digest();
    expect(opened).toEqual({
      ok: true,
      value: {
        token: new Uint8Array(expected),
        keyVersion: 3,
        assurance: "identified",
        readAtMs: at - 5,
        validUntilMs: Date.parse(new X509Certificate(certificate).validTo),
        card: "good",
      },
    });
  });

  it("takes a certificate for no more than identification, whatever the terminal claims", async () => {
    const verifier = verifierOf(ca.anchors());
    const told = { kind: "jpki-certificate", body: certificate, readAtMs: at } as const;
    for (const [assurance, counts] of [
      ["possession", "identified"],
      ["device", "identified"],
      ["presented", "presented"],
    ] as const) {
      const sealed = sealEvidence({ ...told, assurance }, { municipality: city, ...verifier.sealingKey });
      expect(await verifier.open(city, sealed, at)).toMatchObject({ ok: true, value: { assurance: counts } });
    }
  });

  it("gives a linked card the token its touch will have, and another city another one", async () => {
    const verifier = verifierOf(ca.anchors());
    const linked = verifier.tokenOf(city, certificate);
    const touched = await verifier.open(city, seal(certificate), at);
    const elsewhere = verifier.tokenOf(otherCity, certificate);
    if (!linked.ok || !touched.ok || !elsewhere.ok) throw new Error("refused");
    expect(touched.value.token).toEqual(linked.value.token);
    expect(elsewhere.value.token).not.toEqual(linked.value.token);
  });

  it("opens evidence for the municipality it was sealed for, and for no other", async () => {
    const opened = await verifierOf(ca.anchors()).open(otherCity, seal(certificate), at);
    expect(opened).toMatchObject({ ok: false, error: { code: "UNREADABLE" } });
  });

  it("refuses evidence with any byte changed", async () => {
    const sealed = seal(certificate);
    const verifier = verifierOf(ca.anchors());
    for (const index of [0, 1, 2, 4, 20, 36, 60, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed, (byte, position) => (position === index ? byte ^ 1 : byte));
      expect((await verifier.open(city, changed, at)).ok, `byte ${index}`).toBe(false);
    }
  });

  it("refuses evidence for a key it does not hold", async () => {
    const evidence: CardEvidence = {
      kind: "jpki-certificate",
      body: certificate,
      assurance: "identified",
      readAtMs: at,
    };
    const target = { municipality: city, ...verifierOf(ca.anchors()).sealingKey, keyId: "k0" };
    const opened = await verifierOf(ca.anchors()).open(city, sealEvidence(evidence, target), at);
    expect(opened).toMatchObject({ ok: false, error: { code: "UNKNOWN_KEY" } });
  });

  it("tells the two authorities of one name apart by key", async () => {
    const older = await ca.certificate("person-old", { generation: 1 });
    const [first, second] = loadTrustAnchors(testAnchorsDirectory(directory));
    if (first === undefined || second === undefined) throw new Error("two anchors expected");
    expect(new X509Certificate(first).subject).toBe(new X509Certificate(second).subject);
    expect(verifierOf([first]).tokenOf(city, older).ok).toBe(true);
    expect(verifierOf([second]).tokenOf(city, older)).toMatchObject({ error: { code: "UNTRUSTED_AUTHORITY" } });
    expect(verifierOf([second]).tokenOf(city, certificate).ok).toBe(true);
    expect(verifierOf([first, second]).tokenOf(city, certificate).ok).toBe(true);
  });

  it.each([
    ["before the certificate begins", Date.UTC(2024, 0, 1), "needs-renewal"],
    ["in its last second", Date.UTC(2026, 5, 30, 14, 59, 59), "good"],
    ["a second later", Date.UTC(2026, 5, 30, 15, 0, 0), "needs-renewal"],
  ])("says %s: %s is %s", async (_when, rideAt, expected) => {
    const dates = { notBefore: Date.UTC(2025, 0, 1), notAfter: Date.UTC(2026, 5, 30, 14, 59, 59) };
    const short = await ca.certificate("person-short", dates);
    const opened = await verifierOf(ca.anchors()).open(city, seal(short), rideAt);
    expect(opened).toMatchObject({ ok: true, value: { card: expected, validUntilMs: dates.notAfter } });
  });

  it("ends a certificate with its authority", async () => {
    const outliving = await ca.certificate("person-late", { generation: 1, notAfter: Date.UTC(2030, 0, 1) });
    const opened = await verifierOf(ca.anchors()).open(city, seal(outliving), Date.UTC(2025, 9, 21));
    expect(opened).toMatchObject({ ok: true, value: { card: "needs-renewal" } });
  });

  it("refuses authorities, foreign certificates and anything else in place of a card's certificate", async () => {
    const strangers = mkdtempSync(join(tmpdir(), "notte-stranger-"));
    const stranger = await (await createTestCa(strangers)).certificate("person-1");
    rmSync(strangers, { recursive: true });
    const verifier = verifierOf(ca.anchors());
    const anchor = ca.anchors()[0] ?? new Uint8Array();
    const padded = new Uint8Array([...certificate, 0]);
    expect(verifier.tokenOf(city, stranger)).toMatchObject({ error: { code: "UNTRUSTED_AUTHORITY" } });
    expect(verifier.tokenOf(city, anchor)).toMatchObject({ error: { code: "NOT_A_CARD_CERTIFICATE" } });
    expect(verifier.tokenOf(city, padded)).toMatchObject({ error: { code: "NOT_A_CARD_CERTIFICATE" } });
    expect(verifier.tokenOf(city, randomBytes(900))).toMatchObject({ error: { code: "NOT_A_CARD_CERTIFICATE" } });
  });

  it("keeps answering right when more cards come than it remembers", async () => {
    const verifier = verifierOf(ca.anchors(), 2);
    const people = ["a", "b", "c", "a", "c", "b"];
    const certificates = await Promise.all(people.map((key) => ca.certificate(`person-${key}`)));
    const fresh = verifierOf(ca.anchors());
    for (const der of certificates) expect(verifier.tokenOf(city, der)).toEqual(fresh.tokenOf(city, der));
  });

  it("does not start in production with the authority of simulated cards", () => {
    const start = () =>
      createVerifier({ anchors: ca.anchors(), mode: "production", sealingKeys: [sealingKey], tokenKeys: [tokenKey] });
    expect(start).toThrow("only in demo mode");
  });
});
