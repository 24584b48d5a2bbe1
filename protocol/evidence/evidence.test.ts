import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import {
  type CardEvidence,
  decodeEnvelope,
  decodeEvidence,
  encodeEnvelope,
  encodeEnvelopeHeader,
  encodeEvidence,
  MAX_SEALED_BYTES,
  sealingContext,
} from "./evidence.ts";

/** docs/protocols/evidence.md §2: version 01, kind 01, assurance 02, 2026-11-22T00:00:00Z, length 3, body. */
const EVIDENCE_HEX = "01 01 02 000001A2008D7400 0003 30A1B2";
const EVIDENCE: CardEvidence = {
  kind: "jpki-certificate",
  assurance: "identified",
  readAtMs: 1_795_305_600_000,
  body: fromHex("30A1B2"),
};
const ENVELOPE = { keyId: "k1", ephemeralKey: new Uint8Array(32).fill(7), ciphertext: new Uint8Array(17).fill(9) };

describe("evidence", () => {
  it("is pinned by bytes", () => {
    expect(toHex(encodeEvidence(EVIDENCE))).toBe(EVIDENCE_HEX.replaceAll(" ", ""));
    expect(decodeEvidence(fromHex(EVIDENCE_HEX))).toEqual({ ok: true, value: EVIDENCE });
  });
  it.each([
    ["cut short", "010102000001A2008D74000003"],
    ["an unknown version", "02 01 02 000001A2008D7400 0003 30A1B2"],
    ["an unknown kind", "01 7F 02 000001A2008D7400 0003 30A1B2"],
    ["an unknown assurance", "01 01 09 000001A2008D7400 0003 30A1B2"],
    ["a time no clock has", "01 01 02 FFFFFFFFFFFFFFFF 0003 30A1B2"],
    ["another length than it says", "01 01 02 000001A2008D7400 0004 30A1B2"],
  ])("is not %s", (_name, hex) => {
    expect(decodeEvidence(fromHex(hex)).ok).toBe(false);
  });
  it("refuses to encode nonsense", () => {
    expect(() => encodeEvidence({ ...EVIDENCE, body: new Uint8Array(0) })).toThrow(RangeError);
    expect(() => encodeEvidence({ ...EVIDENCE, readAtMs: -1 })).toThrow(RangeError);
    expect(() => encodeEvidence({ ...EVIDENCE, readAtMs: 1.5 })).toThrow(RangeError);
  });
});

describe("envelope", () => {
  it("is version, key id, one-time key, ciphertext", () => {
    const bytes = encodeEnvelope(ENVELOPE);
    expect(toHex(bytes)).toBe(`01026B31${"07".repeat(32)}${"09".repeat(17)}`);
    expect(decodeEnvelope(bytes)).toEqual({ ok: true, value: ENVELOPE });
  });
  it.each([
    ["empty", ""],
    ["an unknown version", `02026B31${"07".repeat(32)}${"09".repeat(17)}`],
    ["without key id", `0100${"07".repeat(32)}${"09".repeat(17)}`],
    ["with a key id that is no text", `01020001${"07".repeat(32)}${"09".repeat(17)}`],
    ["cut in the one-time key", `01026B31${"07".repeat(20)}`],
    ["nothing but a tag", `01026B31${"07".repeat(32)}${"09".repeat(16)}`],
  ])("is not %s", (_name, hex) => {
    expect(decodeEnvelope(fromHex(hex)).ok).toBe(false);
  });
  it("has a bound", () => {
    const bytes = encodeEnvelope({ ...ENVELOPE, ciphertext: new Uint8Array(MAX_SEALED_BYTES) });
    expect(decodeEnvelope(bytes)).toMatchObject({ ok: false, error: "sealed evidence is too long" });
  });
  it("refuses to encode a bad key or key id", () => {
    expect(() => encodeEnvelopeHeader({ ...ENVELOPE, keyId: "" })).toThrow(RangeError);
    expect(() => encodeEnvelopeHeader({ ...ENVELOPE, keyId: "with space" })).toThrow(RangeError);
    expect(() => encodeEnvelopeHeader({ ...ENVELOPE, ephemeralKey: new Uint8Array(31) })).toThrow(RangeError);
  });
  it("binds municipality and key id", () => {
    expect(new TextDecoder().decode(sealingContext("city-a", "k1"))).toBe("notte.evidence.v1\0city-a\0k1");
  });
});
