import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { concatBytes } from "#protocol/bytes.ts";
import {
  type CardEvidence,
  EVIDENCE_KEY_BYTES,
  EVIDENCE_NONCE_BYTES,
  encodeEnvelope,
  encodeEnvelopeHeader,
  encodeEvidence,
  sealingContext,
} from "#protocol/evidence/evidence.ts";

/** The verifier's key and the municipality the evidence is for. */
export interface SealingTarget {
  readonly municipality: string;
  readonly keyId: string;
  /** X25519 public key, SubjectPublicKeyInfo in DER, as the server's `verifierSealingKey`. */
  readonly publicKeySpki: Uint8Array;
}

/** Bytes before the raw key in an X25519 SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX_BYTES = 12;

/**
 * Seals evidence so that only the verifier opens it (docs/protocols/evidence.md §3). Each call uses a new one-time key.
 * @param ephemeral replaces the one-time key in tests of the format
 * @throws TypeError when the target's key is no X25519 key
 */
export function sealEvidence(
  evidence: CardEvidence,
  target: SealingTarget,
  ephemeral: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = generateKeyPairSync("x25519"),
): Uint8Array {
  const recipient = recipientOf(target);
  const ephemeralKey = rawPublicKey(ephemeral.publicKey);
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient.key });
  const salt = concatBytes(ephemeralKey, recipient.raw);
  const context = sealingContext(target.municipality, target.keyId);
  const derived = Buffer.from(hkdfSync("sha256", secret, salt, context, EVIDENCE_KEY_BYTES + EVIDENCE_NONCE_BYTES));
  const cipher = createCipheriv(
    "aes-256-gcm",
    derived.subarray(0, EVIDENCE_KEY_BYTES),
    derived.subarray(EVIDENCE_KEY_BYTES),
  );
  cipher.setAAD(encodeEnvelopeHeader({ keyId: target.keyId, ephemeralKey }));
  const ciphertext = concatBytes(cipher.update(encodeEvidence(evidence)), cipher.final(), cipher.getAuthTag());
  return encodeEnvelope({ keyId: target.keyId, ephemeralKey, ciphertext });
}

interface Recipient {
  readonly key: KeyObject;
  readonly raw: Uint8Array;
}

/** The verifier's key changes seldom and takes longer to read than to use. */
const recipients = new WeakMap<Uint8Array, Recipient>();

function recipientOf({ publicKeySpki }: SealingTarget): Recipient {
  const known = recipients.get(publicKeySpki);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(publicKeySpki), format: "der", type: "spki" });
  if (key.asymmetricKeyType !== "x25519") throw new TypeError("the verifier's sealing key is not X25519");
  const recipient = { key, raw: rawPublicKey(key) };
  recipients.set(publicKeySpki, recipient);
  return recipient;
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX_BYTES));
}
