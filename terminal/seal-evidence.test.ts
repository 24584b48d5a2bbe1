import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { CardEvidence } from "#protocol/evidence/evidence.ts";
import { sealEvidence } from "./seal-evidence.ts";

/** X25519 private key of the raw bytes `first`, `first + 1`, … (RFC 8410 PKCS#8). */
function keyFrom(first: number) {
  const raw = Uint8Array.from({ length: 32 }, (_, index) => first + index);
  const privateKey = createPrivateKey({
    key: Buffer.concat([fromHex("302E020100300506032B656E04220420"), raw]),
    format: "der",
    type: "pkcs8",
  });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const evidence: CardEvidence = {
  kind: "jpki-certificate",
  assurance: "identified",
  readAtMs: 1_795_305_600_000,
  body: fromHex("30A1B2"),
};
const target = {
  municipality: "city-a",
  keyId: "k1",
  publicKeySpki: new Uint8Array(keyFrom(0x01).publicKey.export({ format: "der", type: "spki" })),
};

describe("sealing evidence", () => {
  it("gives the bytes of docs/protocols/evidence.md §4, computed by another implementation", () => {
    expect(toHex(sealEvidence(evidence, target, keyFrom(0x41)))).toBe(
      "01026B31" +
        "64B101B1D0BE5A8704BD078F9895001FC03E8E9F9522F188DD128D9846D48466" +
        "69D53AD28B56BC0D5190064C42537E53E46F14B8EB24AA29AE5DD639F5EEC1A2",
    );
  });
  it("never gives the same bytes twice: what is journaled cannot be matched to a card", () => {
    expect(toHex(sealEvidence(evidence, target))).not.toBe(toHex(sealEvidence(evidence, target)));
  });
  it("takes only an X25519 key", () => {
    const other = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" });
    expect(() => sealEvidence(evidence, { ...target, publicKeySpki: new Uint8Array(other) })).toThrow(TypeError);
  });
});
