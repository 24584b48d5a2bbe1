import { createHash, randomBytes } from "node:crypto";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { Sql } from "#server/storage/database.ts";
import {
  deleteSession,
  findSession,
  putSession,
  type StaffAccount,
  type StoredSession,
  touchSession,
} from "./staff-store.ts";

const MINUTE_MS = 60_000;
/** A session ends this long after sign-in, whatever happens. */
const ABSOLUTE_MS = 12 * 60 * MINUTE_MS;
/** A session ends this long after it was last used. */
const IDLE_MS = 2 * 60 * MINUTE_MS;

/** Makes, finds and ends sessions of staff. */
export interface Sessions {
  /** A new session; the token is given out once and never stored. */
  begin(staff: StaffAccount, options: { readonly demo: boolean }): Promise<string>;
  /** The viewer of a token, or undefined when the session is unknown, over, stopped, or a demo one outside demo mode. */
  viewerOf(token: string): Promise<Extract<Viewer, { kind: "staff" }> | undefined>;
  /** Ends the session of a token. Returns who had it. */
  end(token: string): Promise<{ readonly municipality: string; readonly staffId: string } | undefined>;
}

/** Tokens are `<municipality>.<43 characters>`: 256 random bits behind the shard they live in. */
const TOKEN = /^([A-Za-z0-9][A-Za-z0-9_:-]{0,63})\.([A-Za-z0-9_-]{43})$/;

function addressOf(token: string): { municipality: string; tokenHash: Uint8Array } | undefined {
  const municipality = TOKEN.exec(token)?.[1];
  if (municipality === undefined) return undefined;
  return { municipality, tokenHash: new Uint8Array(createHash("sha256").update(token).digest()) };
}

/** True while a session may be used. */
function isLive(session: StoredSession, nowMs: number): boolean {
  return nowMs < session.endsAtMs && nowMs < session.seenAtMs + IDLE_MS && session.staff.active;
}

/** Sessions kept in `sql`, timed by `now` (epoch ms). */
export function createSessions(deps: {
  readonly sql: Sql;
  readonly now: () => number;
  readonly demoMode: boolean;
}): Sessions {
  const { sql, now, demoMode } = deps;
  return {
    async begin(staff, { demo }) {
      const token = `${staff.municipality}.${randomBytes(32).toString("base64url")}`;
      const at = now();
      const hash = addressOf(token)?.tokenHash;
      if (!hash) throw new RangeError(`municipality id ${staff.municipality} cannot stand in a session token`);
      await putSession(sql, hash, { demo, beganAtMs: at, seenAtMs: at, endsAtMs: at + ABSOLUTE_MS, staff });
      return token;
    },
    async viewerOf(token) {
      const key = addressOf(token);
      const session = key && (await findSession(sql, key.municipality, key.tokenHash));
      if (!key || !session || !isLive(session, now()) || (session.demo && !demoMode)) return undefined;
      if (now() > session.seenAtMs + MINUTE_MS) await touchSession(sql, key, now());
      const { municipality, staffId, name, roles, companyId } = session.staff;
      return { kind: "staff", staffId, name, municipality, roles, companyId };
    },
    async end(token) {
      const key = addressOf(token);
      const staffId = key && (await deleteSession(sql, key.municipality, key.tokenHash));
      return key && staffId !== undefined ? { municipality: key.municipality, staffId } : undefined;
    },
  };
}
