import { may, type Permission, type Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { AccessError } from "#server/rides/ride-service.ts";

/**
 * Lets only viewers through who hold the permission in the municipality. The first thing every use-case does, so that
 * nothing is read for others.
 * @throws AccessError UNAUTHENTICATED for anonymous viewers, FORBIDDEN for the rest
 */
export function requirePermission(viewer: Viewer, permission: Permission, municipality: MunicipalityId): void {
  if (may(viewer, permission, municipality)) return;
  if (viewer.kind === "anonymous") throw new AccessError("UNAUTHENTICATED", "Sign in first.");
  throw new AccessError("FORBIDDEN", `This needs the right "${permission}" in that municipality.`);
}
