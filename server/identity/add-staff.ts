import { randomUUID } from "node:crypto";
import { STAFF_ROLES, type StaffRole } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, isId, type MunicipalityId } from "#domain/ids.ts";
import type { Database } from "#server/storage/database.ts";
import { hashPassword } from "./password.ts";
import { countStaff, findStaffByLogin, putStaff } from "./staff-store.ts";

/** An account to be made, as typed. */
export interface NewStaff {
  readonly municipality: string;
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly companyId: string | null;
}

const PASSWORD_MIN = 12;
const TEXT_MAX = 64;

/** Why an account cannot be made, one sentence; null when it can. */
export function faultOfStaff(staff: NewStaff, municipalities: { has(id: MunicipalityId): boolean }): string | null {
  if (!municipalities.has(asId(staff.municipality))) return `There is no municipality "${staff.municipality}".`;
  if (staff.login.trim() !== staff.login || staff.login === "" || staff.login.length > TEXT_MAX) {
    return `A login has 1-${TEXT_MAX} characters without spaces around it.`;
  }
  if (staff.password.length < PASSWORD_MIN) return `A password has at least ${PASSWORD_MIN} characters.`;
  if (staff.name.trim() === "" || staff.name.length > TEXT_MAX) return `A name has 1-${TEXT_MAX} characters.`;
  const unknown = staff.roles.find((role) => !isStaffRole(role));
  if (unknown !== undefined) return `There is no role "${unknown}"; roles are ${STAFF_ROLES.join(", ")}.`;
  if (staff.roles.length === 0) return "At least one role is needed.";
  if (staff.roles.includes("company-accountant") !== (staff.companyId !== null)) {
    return "A company accountant needs a company, others have none.";
  }
  if (staff.companyId !== null && !isId(staff.companyId)) return `"${staff.companyId}" is not the id of a company.`;
  return null;
}

/** Makes the account. The caller has checked it with {@link faultOfStaff}. Returns false when the login is taken. */
export async function addStaff(database: Database, staff: NewStaff, nowMs: number): Promise<boolean> {
  const passwordHash = await hashPassword(staff.password);
  return database.transaction(async (tx) => {
    if (await findStaffByLogin(tx, staff.login)) return false;
    await putStaff(
      tx,
      {
        municipality: asId(staff.municipality),
        staffId: randomUUID(),
        login: staff.login,
        name: staff.name,
        passwordHash,
        roles: staff.roles.filter(isStaffRole),
        companyId: staff.companyId === null ? null : asId<CompanyId>(staff.companyId),
        active: true,
      },
      nowMs,
    );
    return true;
  });
}

/** True when nobody can sign in with a password yet. */
export async function needsFirstStaff(database: Database): Promise<boolean> {
  return (await countStaff(database)) === 0;
}

function isStaffRole(role: string): role is StaffRole {
  return (STAFF_ROLES as readonly string[]).includes(role);
}
