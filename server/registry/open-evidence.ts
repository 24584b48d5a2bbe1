import { createDecipheriv, createPublicKey, diffieHellman, hkdfSync, type KeyObject } from "node:crypto";
import { err, type Result } from "#domain/result.ts";
import { concatBytes } from "#protocol/bytes.ts";
import {
  type CardEvidence,
  decodeEvidence,
  EVIDENCE_KEY_BYTES,
  EVIDENCE_NONCE_BYTES,
  EVIDENCE_TAG_BYTES,
  type EvidenceEnvelope,
  encodeEnvelopeHeader,
  sealingContext,
} from "#protocol/evidence/evidence.ts";

/** Bytes before the raw key in an X25519 SubjectPublicKeyInfo (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

/**
 * Opens an envelope sealed by a terminal (docs/protocols/evidence.md §3). The error text says nothing about the card.
 */
export function openEvidence(
  envelope: EvidenceEnvelope,
  municipality: string,
  privateKey: KeyObject,
): Result<CardEvidence, string> {
  try {
    return decodeEvidence(decrypt(envelope, municipality, privateKey));
  } catch {
    // Wrong key, wrong municipality and changed bytes all end here: GCM cannot tell them apart, and neither may we.
    return err("evidence does not open with this key for this municipality");
  }
}

function decrypt(envelope: EvidenceEnvelope, municipality: string, privateKey: KeyObject): Uint8Array {
  const { keyId, ephemeralKey, ciphertext } = envelope;
  const sender = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, ephemeralKey]), format: "der", type: "spki" });
  const secret = diffieHellman({ privateKey, publicKey: sender });
  const salt = concatBytes(ephemeralKey, rawPublicKey(privateKey));
  const context = sealingContext(municipality, keyId);
  const derived = Buffer.from(hkdfSync("sha256", secret, salt, context, EVIDENCE_KEY_BYTES + EVIDENCE_NONCE_BYTES));
  const decipher = createDecipheriv(
    "aes-256-gcm",
    derived.subarray(0, EVIDENCE_KEY_BYTES),
    derived.subarray(EVIDENCE_KEY_BYTES),
  );
  decipher.setAAD(encodeEnvelopeHeader({ keyId, ephemeralKey }));
  decipher.setAuthTag(ciphertext.slice(-EVIDENCE_TAG_BYTES));
  return concatBytes(decipher.update(ciphertext.slice(0, -EVIDENCE_TAG_BYTES)), decipher.final());
}

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return spki.subarray(SPKI_PREFIX.length);
}
