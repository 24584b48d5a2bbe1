import { createHash, createHmac, createPublicKey, type KeyObject } from "node:crypto";
import { assert } from "#domain/assert.ts";
import { isAtLeast } from "#domain/card/assurance.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { err, ok, type Result } from "#domain/result.ts";
import { decodeEnvelope } from "#protocol/evidence/evidence.ts";
import { isTestAnchor, parseAnchor, type VerifiedCertificate, verifyCertificate } from "./certificate-chain.ts";
import { openEvidence } from "./open-evidence.ts";
import type { CardToken, EvidenceRefusal, Verifier } from "./verifier-port.ts";

/** What the verifier is made of. All keys are in city custody and reach no other part of the server. */
export interface VerifierOptions {
  /** Trusted authorities, DER, as data. */
  readonly anchors: readonly Uint8Array[];
  /** Authorities of simulated cards are refused outside `demo`. */
  readonly mode: "demo" | "production";
  /** X25519 private keys by id; new evidence is sealed to the last one, older ones still open. */
  readonly sealingKeys: readonly { readonly keyId: string; readonly privateKey: KeyObject }[];
  /** HMAC keys, at least 32 bytes; tokens are made under the highest version. */
  readonly tokenKeys: readonly { readonly version: number; readonly key: Uint8Array }[];
  /** Certificates remembered as verified, so that a second touch costs no signature check. Default 50,000. */
  readonly rememberedCertificates?: number;
}

/** Domain of the token HMAC: the same card gives unrelated values for other purposes. */
const TOKEN_DOMAIN = "notte.card-token.v1";
const DEFAULT_REMEMBERED = 50_000;

/**
 * The verifier in this process. It keeps no certificate and no serial number, logs nothing, and remembers only
 * SHA-256 hashes of certificates it has verified.
 * @throws TypeError when a key or anchor is unusable, or when a TEST authority is given in production
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const anchors = options.anchors.map(parseAnchor);
  if (options.mode !== "demo" && anchors.some(isTestAnchor)) {
    throw new TypeError("a TEST authority is trusted only in demo mode");
  }
  if (options.sealingKeys.some(({ privateKey }) => privateKey.asymmetricKeyType !== "x25519")) {
    throw new TypeError("a sealing key is an X25519 key");
  }
  const sealingKeys = new Map(options.sealingKeys.map((entry) => [entry.keyId, entry.privateKey]));
  const currentSealingKey = options.sealingKeys.at(-1);
  const tokenKey = options.tokenKeys.toSorted((left, right) => left.version - right.version).at(-1);
  assert(currentSealingKey !== undefined && tokenKey !== undefined, "a verifier needs a sealing key and a token key");
  assert(tokenKey.key.length >= 32, "a token key has at least 32 bytes");
  const remembered = createRemembered(options.rememberedCertificates ?? DEFAULT_REMEMBERED);

  const verify = (der: Uint8Array, digest: Buffer): Result<VerifiedCertificate, EvidenceRefusal> => {
    const key = digest.toString("latin1");
    const known = remembered.find(key);
    if (known !== undefined) return ok(known);
    const verified = verifyCertificate(der, anchors);
    if (verified.ok) remembered.keep(key, verified.value);
    return verified;
  };
  const identify = (
    municipality: MunicipalityId,
    der: Uint8Array,
  ): Result<CardToken & VerifiedCertificate, EvidenceRefusal> => {
    const digest = createHash("sha256").update(der).digest();
    const verified = verify(der, digest);
    if (!verified.ok) return verified;
    const mac = createHmac("sha256", tokenKey.key).update(`${TOKEN_DOMAIN}\0${municipality}\0`).update(digest).digest();
    return ok({ token: new Uint8Array(mac), keyVersion: tokenKey.version, ...verified.value });
  };

  return {
    sealingKey: {
      keyId: currentSealingKey.keyId,
      publicKeySpki: publicSpki(currentSealingKey.privateKey),
    },
    async open(municipality, sealed, atMs) {
      const envelope = decodeEnvelope(sealed);
      if (!envelope.ok) return refuse("UNREADABLE", envelope.error);
      const privateKey = sealingKeys.get(envelope.value.keyId);
      if (privateKey === undefined) return refuse("UNKNOWN_KEY", "sealed to a key this verifier does not hold");
      const evidence = openEvidence(envelope.value, municipality, privateKey);
      if (!evidence.ok) return refuse("UNREADABLE", evidence.error);
      const card = identify(municipality, evidence.value.body);
      if (!card.ok) return card;
      const { token, keyVersion, validFromMs, validUntilMs } = card.value;
      const good = validFromMs <= atMs && atMs <= validUntilMs;
      const { readAtMs } = evidence.value;
      // The terminal's word for more proof is not taken: a certificate alone was copied or read, never more.
      const assurance = isAtLeast(evidence.value.assurance, "identified") ? "identified" : "presented";
      return ok({ token, keyVersion, validUntilMs, assurance, readAtMs, card: good ? "good" : "needs-renewal" });
    },
    tokenOf(municipality, certificateDer) {
      const card = identify(municipality, certificateDer);
      if (!card.ok) return card;
      const { token, keyVersion, validUntilMs } = card.value;
      return ok({ token, keyVersion, validUntilMs });
    },
  };
}

/** Least recently used out first; Map keeps insertion order. */
function createRemembered(limit: number) {
  const entries = new Map<string, VerifiedCertificate>();
  return {
    find(key: string): VerifiedCertificate | undefined {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    keep(key: string, value: VerifiedCertificate): void {
      entries.set(key, value);
      if (entries.size <= limit) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    },
  };
}

function publicSpki(privateKey: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
}

function refuse(code: EvidenceRefusal["code"], message: string): Result<never, EvidenceRefusal> {
  return err({ code, message });
}
