import { randomUUID } from "node:crypto";
import type { StaffRole, Viewer } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, isId, type MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import { createAttemptLimit } from "./attempt-limit.ts";
import { isPasswordRight } from "./password.ts";
import type { Sessions } from "./sessions.ts";
import {
  appendSignInEvent,
  findStaffByLogin,
  putStaff,
  type SignInEventKind,
  type StaffAccount,
} from "./staff-store.ts";

/** How a sign-in ended: a token and who signed in, or why not. */
export type SignedIn =
  | { readonly ok: true; readonly token: string; readonly viewer: Viewer }
  | { readonly ok: false; readonly error: "WRONG_LOGIN_OR_PASSWORD" | "TOO_MANY_ATTEMPTS" | "DEMO_NOT_AVAILABLE" };

/** Where a sign-in comes from. */
export interface SignInOrigin {
  /** The client's address: the peer's, or what the trusted proxies say. */
  readonly address: string;
  /** True when the request was made on this machine and not through a proxy. */
  readonly loopback: boolean;
}

/** The use-cases of signing in and out. */
export interface SignIn {
  withPassword(viewer: Viewer, given: { login: string; password: string }, origin: SignInOrigin): Promise<SignedIn>;
  asDemo(
    viewer: Viewer,
    wanted: { municipality: MunicipalityId; role: StaffRole; companyId: string | null },
    origin: SignInOrigin,
  ): Promise<SignedIn>;
  /** Ends the session of a token; true when there was one. */
  out(viewer: Viewer, token: string | null, origin: SignInOrigin): Promise<boolean>;
  /** True when one-click sign-in is offered to a caller. */
  offersDemo(origin: SignInOrigin): boolean;
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const MAX_FIELD = 256;

/** Builds the sign-in use-cases. `municipalities` are those served here. */
export function createSignIn(deps: {
  readonly sql: Sql;
  readonly sessions: Sessions;
  readonly now: () => number;
  readonly demoMode: boolean;
  readonly municipalities: { has(id: MunicipalityId): boolean };
}): SignIn {
  const { sql, sessions, now } = deps;
  const perLogin = createAttemptLimit({ most: 5, windowMs: QUARTER_MS });
  const perAddress = createAttemptLimit({ most: 30, windowMs: QUARTER_MS });

  const limitedNoted = createAttemptLimit({ most: 1, windowMs: MINUTE_MS });

  const note = (
    kind: SignInEventKind,
    who: Pick<StaffAccount, "municipality" | "staffId"> | undefined,
    origin: SignInOrigin,
  ) =>
    appendSignInEvent(sql, {
      municipality: who?.municipality ?? null,
      eventId: randomUUID(),
      atMs: now(),
      kind,
      staffId: who?.staffId ?? null,
      address: origin.address,
    });

  /** One line a minute and address says it: whoever goes on trying must not fill the record. */
  const noteLimited = async (origin: SignInOrigin): Promise<void> => {
    if (limitedNoted.waitS(origin.address, now()) > 0) return;
    limitedNoted.failed(origin.address, now());
    await note("limited", undefined, origin);
  };

  const enter = async (staff: StaffAccount, demo: boolean, origin: SignInOrigin): Promise<SignedIn> => {
    const token = await sessions.begin(staff, { demo });
    await note(demo ? "demo" : "signed-in", staff, origin);
    const { municipality, staffId, name, roles, companyId } = staff;
    return { ok: true, token, viewer: { kind: "staff", staffId, name, municipality, roles, companyId } };
  };

  const offersDemo = (origin: SignInOrigin): boolean => deps.demoMode && origin.loopback;

  return {
    offersDemo,
    async withPassword(_viewer, { login, password }, origin) {
      const wait = Math.max(perLogin.waitS(login, now()), perAddress.waitS(origin.address, now()));
      if (wait > 0) {
        await noteLimited(origin);
        return { ok: false, error: "TOO_MANY_ATTEMPTS" };
      }
      const usable = login.length <= MAX_FIELD && password.length <= MAX_FIELD;
      const staff = usable ? await findStaffByLogin(sql, login) : undefined;
      // Counted before the slow check, so that parallel guesses do not pass the limit together.
      perLogin.failed(login.slice(0, MAX_FIELD), now());
      perAddress.failed(origin.address, now());
      const right = await isPasswordRight(password.slice(0, MAX_FIELD), staff?.active ? staff.passwordHash : null);
      if (!right || !staff) {
        await note("refused", staff, origin);
        return { ok: false, error: "WRONG_LOGIN_OR_PASSWORD" };
      }
      perLogin.forget(login);
      perAddress.takeBack(origin.address);
      return enter(staff, false, origin);
    },
    async asDemo(_viewer, { municipality, role, companyId }, origin) {
      const companyFits = role === "company-accountant" ? companyId !== null && isId(companyId) : companyId === null;
      if (!offersDemo(origin) || !deps.municipalities.has(municipality) || !companyFits) {
        return { ok: false, error: "DEMO_NOT_AVAILABLE" };
      }
      const staff = demoStaff(municipality, role, companyId);
      await putStaff(sql, staff, now());
      return enter(staff, true, origin);
    },
    async out(_viewer, token, origin) {
      const ended = token === null ? undefined : await sessions.end(token);
      if (ended) {
        await note("signed-out", { municipality: asId(ended.municipality), staffId: ended.staffId }, origin);
      }
      return ended !== undefined;
    },
  };
}

function demoStaff(municipality: MunicipalityId, role: StaffRole, companyId: string | null): StaffAccount {
  const staffId = companyId === null ? `demo.${role}` : `demo.${role}.${companyId}`;
  return {
    municipality,
    staffId,
    login: `${municipality}/${staffId}`,
    name: role,
    passwordHash: null,
    roles: [role],
    companyId: companyId === null ? null : asId<CompanyId>(companyId),
    active: true,
  };
}
