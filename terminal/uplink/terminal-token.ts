import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";

const LIFE_S = 540;
const RENEW_BEFORE_S = 120;

/** Who a terminal is to the server. */
export interface TerminalIdentity {
  readonly municipality: string;
  readonly terminalId: string;
  /** Ed25519 private key. */
  readonly key: KeyObject;
}

/** Makes the short-lived tokens a terminal signs with its own key. */
export interface TerminalTokens {
  /** A token good for at least two more minutes. */
  current(): Promise<string>;
  /** The server did not like the last one: the next is made anew. */
  forget(): void;
}

/**
 * Tokens of a terminal (alg EdDSA; kid = sub = terminal id, aud = "notte-server", at most 600 s).
 * @param clock the server's time as well as it is known here, epoch ms
 */
export function createTerminalTokens(identity: TerminalIdentity, clock: () => number): TerminalTokens {
  let made: { readonly token: string; readonly goodUntilS: number; readonly madeAtS: number } | null = null;
  return {
    async current() {
      const nowS = Math.floor(clock() / 1000);
      if (made && nowS >= made.madeAtS && nowS < made.goodUntilS) return made.token;
      const token = await new SignJWT({ municipality: identity.municipality })
        .setProtectedHeader({ alg: "EdDSA", kid: identity.terminalId })
        .setSubject(identity.terminalId)
        .setAudience("notte-server")
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + LIFE_S)
        .sign(identity.key);
      made = { token, goodUntilS: nowS + LIFE_S - RENEW_BEFORE_S, madeAtS: nowS };
      return token;
    },
    forget() {
      made = null;
    },
  };
}

/** Reads an Ed25519 private key (PKCS#8, PEM). @throws TypeError when it is another kind of key */
export function readTerminalKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new TypeError("the terminal key is not an Ed25519 key");
  return key;
}
