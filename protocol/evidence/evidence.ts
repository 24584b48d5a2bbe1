import { ASSURANCES, type Assurance } from "#domain/card/assurance.ts";
import { err, ok, type Result } from "#domain/result.ts";
import { concatBytes } from "../bytes.ts";

/**
 * What a touch proves, as the terminal saw it (docs/protocols/evidence.md). It exists in memory for one touch only;
 * whatever is stored or sent is sealed to the verifier's key.
 */
export interface CardEvidence {
  /** Which driver read it. New cards are new kinds, never other meanings of an old one. */
  readonly kind: EvidenceKind;
  /** `jpki-certificate`: the user-authentication certificate, DER. */
  readonly body: Uint8Array;
  readonly assurance: Assurance;
  /** When the card was read, epoch ms of the terminal's clock. */
  readonly readAtMs: number;
}

/** What the terminal has read. */
const EVIDENCE_KINDS = ["jpki-certificate"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

const KIND_BYTES: Readonly<Record<EvidenceKind, number>> = { "jpki-certificate": 0x01 };
const ASSURANCE_BYTES: Readonly<Record<Assurance, number>> = { presented: 1, identified: 2, possession: 3, device: 4 };

/** Sealed evidence, taken apart. */
export interface EvidenceEnvelope {
  /** Names the verifier's X25519 key; 1..64 printable ASCII characters. */
  readonly keyId: string;
  /** The terminal's one-time X25519 public key, 32 raw bytes. */
  readonly ephemeralKey: Uint8Array;
  /** AES-256-GCM ciphertext followed by its 16-byte tag. */
  readonly ciphertext: Uint8Array;
}

const VERSION = 0x01;
const EVIDENCE_HEADER_BYTES = 13;
const X25519_BYTES = 32;
/** Bytes of the GCM tag at the end of the ciphertext. */
export const EVIDENCE_TAG_BYTES = 16;
/** HKDF output: 32 bytes of AES-256 key, then 12 of nonce. */
export const EVIDENCE_KEY_BYTES = 32;
/** Bytes of the AEAD nonce. */
export const EVIDENCE_NONCE_BYTES = 12;
/** Longest sealed evidence accepted, in bytes. */
export const MAX_SEALED_BYTES = 8192;

const KEY_ID = /^[\x21-\x7e]{1,64}$/;

/** Bytes of evidence before sealing: version, kind, assurance, time (8 bytes), body length (2 bytes), body. */
export function encodeEvidence(evidence: CardEvidence): Uint8Array {
  if (evidence.body.length === 0 || evidence.body.length > 0xffff)
    throw new RangeError("evidence body is 1..65535 bytes");
  if (!Number.isSafeInteger(evidence.readAtMs) || evidence.readAtMs < 0) throw new RangeError("time is epoch ms");
  const header = new DataView(new ArrayBuffer(EVIDENCE_HEADER_BYTES));
  header.setUint8(0, VERSION);
  header.setUint8(1, KIND_BYTES[evidence.kind]);
  header.setUint8(2, ASSURANCE_BYTES[evidence.assurance]);
  header.setBigUint64(3, BigInt(evidence.readAtMs));
  header.setUint16(11, evidence.body.length);
  return concatBytes(new Uint8Array(header.buffer), evidence.body);
}

/** The evidence in opened bytes; an error text when they are not of this format. */
export function decodeEvidence(bytes: Uint8Array): Result<CardEvidence, string> {
  if (bytes.length <= EVIDENCE_HEADER_BYTES) return err("evidence is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VERSION) return err("unknown evidence version");
  const kind = EVIDENCE_KINDS.find((candidate) => KIND_BYTES[candidate] === view.getUint8(1));
  const assurance = ASSURANCES.find((candidate) => ASSURANCE_BYTES[candidate] === view.getUint8(2));
  if (kind === undefined || assurance === undefined) return err("unknown evidence kind or assurance");
  const readAtMs = Number(view.getBigUint64(3));
  const body = bytes.slice(EVIDENCE_HEADER_BYTES);
  if (!Number.isSafeInteger(readAtMs) || body.length !== view.getUint16(11))
    return err("evidence header is inconsistent");
  return ok({ kind, assurance, readAtMs, body });
}

/** The bytes before the ciphertext: version, key id with its length, ephemeral key. They are authenticated too. */
export function encodeEnvelopeHeader(envelope: Pick<EvidenceEnvelope, "keyId" | "ephemeralKey">): Uint8Array {
  if (!KEY_ID.test(envelope.keyId)) throw new RangeError("key id is 1..64 printable ASCII characters");
  if (envelope.ephemeralKey.length !== X25519_BYTES) throw new RangeError("an X25519 key has 32 bytes");
  const keyId = new TextEncoder().encode(envelope.keyId);
  return concatBytes(Uint8Array.of(VERSION, keyId.length), keyId, envelope.ephemeralKey);
}

/** Sealed bytes of an envelope. */
export function encodeEnvelope(envelope: EvidenceEnvelope): Uint8Array {
  return concatBytes(encodeEnvelopeHeader(envelope), envelope.ciphertext);
}

/** The envelope in sealed bytes; an error text when they are not of this format. */
export function decodeEnvelope(sealed: Uint8Array): Result<EvidenceEnvelope, string> {
  const keyIdLength = sealed[1];
  if (sealed.length > MAX_SEALED_BYTES) return err("sealed evidence is too long");
  if (sealed[0] !== VERSION || keyIdLength === undefined) return err("unknown envelope version");
  const keyId = new TextDecoder().decode(sealed.slice(2, 2 + keyIdLength));
  const keyStart = 2 + keyIdLength;
  const ephemeralKey = sealed.slice(keyStart, keyStart + X25519_BYTES);
  const ciphertext = sealed.slice(keyStart + X25519_BYTES);
  if (!KEY_ID.test(keyId) || ephemeralKey.length !== X25519_BYTES) return err("envelope header is damaged");
  if (ciphertext.length <= EVIDENCE_TAG_BYTES) return err("envelope is cut short");
  return ok({ keyId, ephemeralKey, ciphertext });
}

/**
 * HKDF `info`: binds the derived key to one municipality and one verifier key, so that evidence sealed for one city
 * cannot be opened as another's.
 */
export function sealingContext(municipality: string, keyId: string): Uint8Array {
  return new TextEncoder().encode(["notte.evidence.v1", municipality, keyId].join("\0"));
}
