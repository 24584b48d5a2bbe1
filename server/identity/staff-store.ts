import { STAFF_ROLES, type StaffRole } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, type MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";

/** An account of staff as stored. */
export interface StaffAccount {
  readonly municipality: MunicipalityId;
  readonly staffId: string;
  readonly login: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly roles: readonly StaffRole[];
  readonly companyId: CompanyId | null;
  readonly active: boolean;
}

/** What is kept of a session: the hash of its token, its times (epoch ms), and whose it is. */
export interface StoredSession {
  readonly demo: boolean;
  readonly beganAtMs: number;
  readonly seenAtMs: number;
  readonly endsAtMs: number;
  readonly staff: StaffAccount;
}

export type SignInEventKind = "signed-in" | "refused" | "limited" | "signed-out" | "demo";

/** A line of the append-only record of sign-ins. */
export interface SignInEvent {
  readonly municipality: MunicipalityId | null;
  readonly eventId: string;
  readonly atMs: number;
  readonly kind: SignInEventKind;
  readonly staffId: string | null;
  readonly address: string;
}

interface StaffRow {
  municipality: string;
  staff_id: string;
  login: string;
  name: string;
  password_hash: string | null;
  roles: unknown;
  company_id: string | null;
  state: string;
}

const STAFF_COLUMNS = "s.municipality, s.staff_id, s.login, s.name, s.password_hash, s.roles, s.company_id, s.state";

function accountOf(row: StaffRow): StaffAccount {
  const roles = Array.isArray(row.roles) ? row.roles : [];
  return {
    municipality: asId(row.municipality),
    staffId: row.staff_id,
    login: row.login,
    name: row.name,
    passwordHash: row.password_hash,
    roles: STAFF_ROLES.filter((role) => roles.includes(role)),
    companyId: row.company_id === null ? null : asId<CompanyId>(row.company_id),
    active: row.state === "active",
  };
}

/** The account with a login, or undefined. */
export async function findStaffByLogin(sql: Sql, login: string): Promise<StaffAccount | undefined> {
  const [row] = await sql.query<StaffRow>(`SELECT ${STAFF_COLUMNS} FROM staff s WHERE s.login = $1`, [login]);
  return row && accountOf(row);
}

/** Writes an account; an existing one of the same id is replaced. */
export async function putStaff(sql: Sql, account: StaffAccount, nowMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO staff (municipality, staff_id, login, name, password_hash, roles, company_id, state, made_at)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)
     ON CONFLICT (municipality, staff_id) DO UPDATE SET login = excluded.login, name = excluded.name,
       password_hash = excluded.password_hash, roles = excluded.roles, company_id = excluded.company_id,
       state = excluded.state`,
    [
      account.municipality,
      account.staffId,
      account.login,
      account.name,
      account.passwordHash,
      JSON.stringify(account.roles),
      account.companyId,
      account.active ? "active" : "stopped",
      nowMs,
    ],
  );
}

/** How many accounts can sign in with a password. */
export async function countStaff(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ n: number }>("SELECT count(*)::int AS n FROM staff WHERE password_hash IS NOT NULL");
  return row?.n ?? 0;
}

/** Keeps a new session. */
export async function putSession(sql: Sql, tokenHash: Uint8Array, session: StoredSession): Promise<void> {
  await sql.query(
    `INSERT INTO staff_session (municipality, token_hash, staff_id, demo, began_at, seen_at, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      session.staff.municipality,
      tokenHash,
      session.staff.staffId,
      session.demo,
      session.beganAtMs,
      session.seenAtMs,
      session.endsAtMs,
    ],
  );
}

/** The session with a token hash and its account, or undefined. */
export async function findSession(
  sql: Sql,
  municipality: string,
  tokenHash: Uint8Array,
): Promise<StoredSession | undefined> {
  const [row] = await sql.query<StaffRow & { demo: boolean; began_at: number; seen_at: number; ends_at: number }>(
    `SELECT ${STAFF_COLUMNS}, t.demo, t.began_at, t.seen_at, t.ends_at
     FROM staff_session t JOIN staff s ON s.municipality = t.municipality AND s.staff_id = t.staff_id
     WHERE t.municipality = $1 AND t.token_hash = $2`,
    [municipality, tokenHash],
  );
  if (!row) return undefined;
  return {
    demo: row.demo,
    beganAtMs: row.began_at,
    seenAtMs: row.seen_at,
    endsAtMs: row.ends_at,
    staff: accountOf(row),
  };
}

/** Remembers when a session was last used. */
export async function touchSession(
  sql: Sql,
  key: { readonly municipality: string; readonly tokenHash: Uint8Array },
  nowMs: number,
): Promise<void> {
  await sql.query("UPDATE staff_session SET seen_at = $3 WHERE municipality = $1 AND token_hash = $2", [
    key.municipality,
    key.tokenHash,
    nowMs,
  ]);
}

/** Ends a session. Returns whose it was. */
export async function deleteSession(
  sql: Sql,
  municipality: string,
  tokenHash: Uint8Array,
): Promise<string | undefined> {
  const [row] = await sql.query<{ staff_id: string }>(
    "DELETE FROM staff_session WHERE municipality = $1 AND token_hash = $2 RETURNING staff_id",
    [municipality, tokenHash],
  );
  return row?.staff_id;
}

/** Forgets sessions that have ended. */
export async function deleteEndedSessions(sql: Sql, nowMs: number): Promise<void> {
  await sql.query("DELETE FROM staff_session WHERE ends_at < $1", [nowMs]);
}

/** Municipality column of events about a login that belongs to nobody. */
const NO_MUNICIPALITY = "-";

/** Appends to the record of sign-ins. */
export async function appendSignInEvent(sql: Sql, event: SignInEvent): Promise<void> {
  await sql.query(
    "INSERT INTO sign_in_event (municipality, event_id, at, kind, staff_id, address) VALUES ($1, $2, $3, $4, $5, $6)",
    [event.municipality ?? NO_MUNICIPALITY, event.eventId, event.atMs, event.kind, event.staffId, event.address],
  );
}
