import type { IncomingHttpHeaders } from "node:http";
import type { Viewer } from "#domain/identity/viewer.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { Sessions } from "./sessions.ts";
import type { TerminalTokens } from "./terminal-tokens.ts";

/** Name of the session cookie. */
export const SESSION_COOKIE = "notte_session";

/** What a caller shows: the peer's address, its headers, and for sockets the handshake's `auth`. */
export interface Caller {
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
  readonly auth?: { readonly terminal?: unknown; readonly session?: unknown };
}

/** Who a caller is, and the session token by which it is known. */
export interface Authenticated {
  readonly viewer: Viewer;
  readonly sessionToken: string | null;
  /** Asks again whether the viewer still is who it was: sessions end, terminals are stopped. */
  isStillValid(): Promise<boolean>;
}

/** Finds out who asks. */
export interface Authenticator {
  /** @throws AccessError UNAUTHENTICATED for a credential that does not hold, FORBIDDEN for a cookie from another site */
  authenticate(caller: Caller): Promise<Authenticated>;
}

const ANONYMOUS: Authenticated = {
  viewer: { kind: "anonymous" },
  sessionToken: null,
  isStillValid: async () => true,
};

/**
 * Authentication by terminal token, bearer token or cookie, in this order. A wrong token is an error; a cookie whose
 * session is over makes its holder anonymous, so that the sign-in page can be reached.
 */
export function createAuthenticator(sessions: Sessions, terminals: TerminalTokens): Authenticator {
  const terminal = async (token: string): Promise<Authenticated> => {
    const viewer = await terminals.viewerOf(token);
    if (!viewer) {
      throw new AccessError("UNAUTHENTICATED", "The terminal is not known here, or its token does not hold.");
    }
    const isStillValid = async (): Promise<boolean> => (await terminals.find(viewer))?.kind === viewer.kind;
    return { viewer, sessionToken: null, isStillValid };
  };
  const session = async (token: string): Promise<Authenticated | undefined> => {
    const viewer = await sessions.viewerOf(token);
    if (!viewer) return undefined;
    const isStillValid = async (): Promise<boolean> => (await sessions.viewerOf(token)) !== undefined;
    return { viewer, sessionToken: token, isStillValid };
  };
  return {
    async authenticate({ headers, auth }) {
      const [scheme, credential] = credentialOf(headers, auth);
      if (scheme === "terminal") return terminal(credential);
      if (scheme === "bearer") {
        const found = await session(credential);
        if (!found) throw new AccessError("UNAUTHENTICATED", "The session is over or was never begun. Sign in again.");
        return found;
      }
      if (scheme === "unknown") throw new AccessError("UNAUTHENTICATED", "The authorization header cannot be read.");
      const cookie = cookieOf(headers.cookie);
      if (cookie === undefined) return ANONYMOUS;
      if (isFromElsewhere(headers)) throw new AccessError("FORBIDDEN", "The request comes from another site.");
      return (await session(cookie)) ?? ANONYMOUS;
    },
  };
}

type Scheme = "terminal" | "bearer" | "unknown" | "none";

function credentialOf(headers: IncomingHttpHeaders, auth: Caller["auth"]): [Scheme, string] {
  if (typeof auth?.terminal === "string") return ["terminal", auth.terminal];
  if (typeof auth?.session === "string") return ["bearer", auth.session];
  if (headers.authorization === undefined) return ["none", ""];
  const match = /^(Terminal|Bearer) +(\S+)$/i.exec(headers.authorization);
  if (!match?.[1] || !match[2]) return ["unknown", ""];
  return [match[1].toLowerCase() as "terminal" | "bearer", match[2]];
}

function cookieOf(header: string | undefined): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [name, value] = part.trim().split("=", 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/** True when a browser says the request was made by a page of another origin. */
function isFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") return true;
  if (headers.origin === undefined) return false;
  try {
    return new URL(headers.origin).host !== headers.host;
  } catch {
    return true;
  }
}

/** Headers that a proxy adds: with one of them the peer's address says nothing about the caller. */
const PROXY_HEADERS = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];

/**
 * True when a request was made on this machine: loopback peer, no proxy in between, and addressed to a loopback name
 * (so that a foreign name resolving to 127.0.0.1 does not count).
 */
export function isLocalCaller({ address, headers }: Caller): boolean {
  const peer = address.replace(/^::ffff:/, "");
  if (peer !== "::1" && !/^127\.\d+\.\d+\.\d+$/.test(peer)) return false;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
}
