import { createPublicKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { z } from "zod";
import { AccessError } from "#server/rides/ride-service.ts";
import type { KnownTerminal, TerminalDirectory, TerminalViewer } from "./terminal-directory.ts";

/** Audience every terminal token names. */
export const TERMINAL_AUDIENCE = "notte-server";
/** Longest life of a token, in seconds. */
const MAX_LIFE_S = 600;
/** How far a terminal's clock may be off, in seconds. */
const TOLERANCE_S = 60;
const MAX_TOKEN_LENGTH = 2_048;
const MAX_REMEMBERED = 20_000;

const claims = z.object({
  municipality: z.string().min(1).max(64),
  sub: z.string().min(1).max(64),
  aud: z.literal(TERMINAL_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
});

interface Verified {
  readonly municipality: string;
  readonly terminalId: string;
  readonly expiresAtS: number;
  readonly fleetVersion: number;
}

/** Checks tokens that terminals sign with their own key (EdDSA, header `kid` = terminal id). */
export interface TerminalTokens {
  /**
   * The terminal a token speaks for, or undefined: unknown, badly signed, too old, too long-lived.
   * @throws AccessError FORBIDDEN when the terminal's own time is over
   */
  viewerOf(token: string): Promise<TerminalViewer | undefined>;
  /** A terminal that spoke before, as it is now; undefined when it is gone or its time is over. */
  find(viewer: Pick<TerminalViewer, "municipality" | "terminalId">): Promise<TerminalViewer | undefined>;
}

/** Token checks against a directory. A good signature is remembered until it expires or the fleet changes. */
export function createTerminalTokens(directory: TerminalDirectory, now: () => number): TerminalTokens {
  const remembered = new Map<string, Verified>();
  const isOver = ({ validUntilMs }: KnownTerminal): boolean => validUntilMs !== null && now() >= validUntilMs;
  const admitted = (terminal: KnownTerminal): TerminalViewer => {
    if (isOver(terminal)) throw new AccessError("FORBIDDEN", "The terminal's time is over; enrol it with a new end.");
    return terminal.viewer;
  };
  return {
    async find({ municipality, terminalId }) {
      const terminal = await directory.find(municipality, terminalId);
      return terminal && !isOver(terminal) ? terminal.viewer : undefined;
    },
    async viewerOf(token) {
      if (token.length > MAX_TOKEN_LENGTH) return undefined;
      const known = remembered.get(token);
      const unverified = known ?? readUnverified(token);
      if (!unverified) return undefined;
      const terminal = await directory.find(unverified.municipality, unverified.terminalId);
      if (!terminal) {
        remembered.delete(token);
        return undefined;
      }
      if (known && known.fleetVersion === terminal.fleetVersion && now() / 1000 <= known.expiresAtS + TOLERANCE_S) {
        return admitted(terminal);
      }
      const expiresAtS = await verify(token, terminal, now());
      if (expiresAtS === undefined) {
        remembered.delete(token);
        return undefined;
      }
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(token, {
        municipality: unverified.municipality,
        terminalId: unverified.terminalId,
        expiresAtS,
        fleetVersion: terminal.fleetVersion,
      });
      return admitted(terminal);
    },
  };
}

function readUnverified(token: string): { municipality: string; terminalId: string } | undefined {
  try {
    const parsed = claims.safeParse(decodeJwt(token));
    const { kid } = decodeProtectedHeader(token);
    if (!parsed.success || kid !== parsed.data.sub) return undefined;
    return { municipality: parsed.data.municipality, terminalId: parsed.data.sub };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** When the token expires (epoch seconds), or undefined when it does not hold. */
async function verify(token: string, terminal: KnownTerminal, nowMs: number): Promise<number | undefined> {
  try {
    const key = createPublicKey({ key: Buffer.from(terminal.publicKeySpki), format: "der", type: "spki" });
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["EdDSA"],
      audience: TERMINAL_AUDIENCE,
      currentDate: new Date(nowMs),
      clockTolerance: TOLERANCE_S,
      maxTokenAge: MAX_LIFE_S + TOLERANCE_S,
      requiredClaims: ["iat", "exp", "sub", "municipality"],
    });
    const { iat, exp } = payload;
    if (iat === undefined || exp === undefined || exp - iat > MAX_LIFE_S) return undefined;
    return exp;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}
