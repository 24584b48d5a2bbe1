import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import type { Clock } from "../clock.ts";

/** PKCS #8 wrapping of a raw Ed25519 private key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
/** Audience every terminal token names. */
const AUDIENCE = "notte-server";
const LIFE_S = 540;
/** A token is replaced this long before it ends. */
const RENEW_S = 60;

/**
 * Until when simulated migration terminals may send: far enough for every demo, and the same at every start, so that
 * enrolling them again changes nothing.
 */
export const SIMULATED_MIGRATION_END_MS = Date.UTC(2036, 3, 1);

/** A terminal's own signing key. */
export interface TerminalKey {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER, base64: as `enrolFleet` takes it. */
  readonly publicKeyBase64: string;
}

/** The Ed25519 key of a simulated terminal: the same for the same seed, so that a fleet can be started again. */
export function deriveTerminalKey(seed: number | string, municipality: string, terminalId: string): TerminalKey {
  const raw = createHash("sha256").update(`notte simulated terminal/${seed}/${municipality}/${terminalId}`).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, raw]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { privateKey, publicKeyBase64: spki.toString("base64") };
}

/** Who signs. */
export interface TerminalIdentity {
  readonly municipality: string;
  readonly terminalId: string;
  readonly privateKey: KeyObject;
}

/** Makes the terminal's tokens (JWT, EdDSA); one is used for nine minutes of the clock given. */
export function createTerminalTokenSource(identity: TerminalIdentity, now: Clock): () => Promise<string> {
  let token: string | undefined;
  let renewAtS = 0;
  return async () => {
    const nowS = Math.floor(now() / 1000);
    if (token === undefined || nowS >= renewAtS) {
      token = await new SignJWT({ municipality: identity.municipality })
        .setProtectedHeader({ alg: "EdDSA", kid: identity.terminalId })
        .setSubject(identity.terminalId)
        .setAudience(AUDIENCE)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + LIFE_S)
        .sign(identity.privateKey);
      renewAtS = nowS + LIFE_S - RENEW_S;
    }
    return token;
  };
}
