import { describe, expect, it } from "vitest";
import type { MunicipalityId, TerminalId } from "../ids.ts";
import { may, PERMISSIONS, type Permission, STAFF_ROLES, type StaffRole, type Viewer } from "./viewer.ts";

const HOME = "home" as MunicipalityId;
const ELSEWHERE = "elsewhere" as MunicipalityId;

/** Who may do what: every role against every permission. */
const TABLE: Readonly<Record<StaffRole | "terminal" | "stopped-terminal" | "anonymous", readonly Permission[]>> = {
  "city-admin": ["registry:write", "registry:audit", "fleet:write", "fleet:read"],
  "city-officer": ["ride:reverse", "ledger:read", "quarantine:resolve"],
  "counter-clerk": ["registry:write"],
  planner: ["picture:read"],
  "company-accountant": ["ride:read-own-company", "fleet:read"],
  auditor: ["ledger:read", "registry:audit"],
  terminal: ["ride:write", "ride:hand-in", "ride:reverse"],
  "stopped-terminal": ["ride:hand-in"],
  anonymous: [],
};

function staff(...roles: StaffRole[]): Viewer {
  return { kind: "staff", staffId: "s", name: "s", municipality: HOME, roles, companyId: null };
}

function viewer(who: keyof typeof TABLE): Viewer {
  if (who === "anonymous") return { kind: "anonymous" };
  if (who !== "terminal" && who !== "stopped-terminal") return staff(who);
  return {
    kind: who,
    terminalId: "t" as TerminalId,
    municipality: HOME,
    terminalKind: "cab",
    companyId: null,
    vehicleId: null,
  };
}

describe("permissions", () => {
  for (const who of [...STAFF_ROLES, "terminal", "stopped-terminal", "anonymous"] as const) {
    it(`of ${who}`, () => {
      expect(PERMISSIONS.filter((permission) => may(viewer(who), permission, HOME)).sort()).toEqual(
        [...TABLE[who]].sort(),
      );
    });

    it(`of ${who} end at the border of the municipality`, () => {
      expect(PERMISSIONS.filter((permission) => may(viewer(who), permission, ELSEWHERE))).toEqual([]);
    });
  }

  it("of several roles add up, of none are none", () => {
    expect(PERMISSIONS.filter((permission) => may(staff("planner", "auditor"), permission, HOME))).toEqual([
      "ledger:read",
      "picture:read",
      "registry:audit",
    ]);
    expect(PERMISSIONS.some((permission) => may(staff(), permission, HOME))).toBe(false);
  });

  it("never let a planner see a ride or the book", () => {
    const seen: readonly Permission[] = ["ledger:read", "ride:read-own-company", "fleet:read"];
    expect(seen.some((permission) => may(viewer("planner"), permission, HOME))).toBe(false);
  });
});
