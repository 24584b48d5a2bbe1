import type { CompanyId, MunicipalityId, TerminalId, VehicleId } from "../ids.ts";

/** Roles of staff. Scopes follow from role, municipality and company; a screen never decides them. */
export const STAFF_ROLES = [
  "city-admin",
  "city-officer",
  "counter-clerk",
  "planner",
  "company-accountant",
  "auditor",
] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Who asks. Part of the signature of every use-case. */
export type Viewer =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "staff";
      readonly staffId: string;
      readonly name: string;
      readonly municipality: MunicipalityId;
      readonly roles: readonly StaffRole[];
      /** Set for staff of a taxi company. */
      readonly companyId: CompanyId | null;
    }
  | {
      readonly kind: "terminal";
      readonly terminalId: TerminalId;
      readonly municipality: MunicipalityId;
      /** A `cab` terminal is bound to a vehicle; a `migration` terminal carries the past into the ledger for any vehicle. */
      readonly terminalKind: "cab" | "migration";
      readonly companyId: CompanyId | null;
      readonly vehicleId: VehicleId | null;
    }
  /** A terminal that was stopped. A kind of its own, so that whatever is open to terminals is closed to it. */
  | {
      readonly kind: "stopped-terminal";
      readonly terminalId: TerminalId;
      readonly municipality: MunicipalityId;
      readonly terminalKind: "cab" | "migration";
      readonly companyId: CompanyId | null;
      readonly vehicleId: VehicleId | null;
    };

/** What a viewer may do. One table; use-cases ask {@link may}. */
export const PERMISSIONS = [
  "ride:write",
  /** Hand in rides a passenger was already told of, for a person to judge. */
  "ride:hand-in",
  "ride:reverse",
  "ride:read-own-company",
  "ledger:read",
  "quarantine:resolve",
  "picture:read",
  "registry:write",
  /** Read who changed what in the registry. */
  "registry:audit",
  "fleet:write",
  "fleet:read",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const OF_ROLE: Readonly<Record<StaffRole, readonly Permission[]>> = {
  "city-admin": ["registry:write", "registry:audit", "fleet:write", "fleet:read"],
  "city-officer": ["ledger:read", "ride:reverse", "quarantine:resolve"],
  "counter-clerk": ["registry:write"],
  planner: ["picture:read"],
  "company-accountant": ["ride:read-own-company", "fleet:read"],
  auditor: ["ledger:read", "registry:audit"],
};

const OF_TERMINAL: readonly Permission[] = ["ride:write", "ride:hand-in", "ride:reverse"];

/** True when the viewer holds the permission within the municipality. */
export function may(viewer: Viewer, permission: Permission, municipality: MunicipalityId): boolean {
  switch (viewer.kind) {
    case "anonymous":
      return false;
    case "terminal":
      return viewer.municipality === municipality && OF_TERMINAL.includes(permission);
    case "stopped-terminal":
      return viewer.municipality === municipality && permission === "ride:hand-in";
    case "staff":
      return viewer.municipality === municipality && viewer.roles.some((role) => OF_ROLE[role].includes(permission));
  }
}
