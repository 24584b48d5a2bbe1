import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { requirePermission } from "#server/identity/require.ts";
import type { Sql } from "#server/storage/database.ts";
import { type RecordedChange, readChanges } from "./change-store.ts";

const MOST_LINES = 500;

/** Use-case that reads the record of the registry's changes. */
export function createChangeReader(sql: Sql) {
  return {
    /** Newest first; `before` null for the newest, `subjectId` null for all. @throws AccessError */
    async read(
      viewer: Viewer,
      municipality: MunicipalityId,
      page: { readonly first: number; readonly before: number | null; readonly subjectId: string | null },
    ): Promise<readonly RecordedChange[]> {
      requirePermission(viewer, "registry:audit", municipality);
      return readChanges(sql, municipality, {
        limit: Math.min(Math.max(page.first, 0), MOST_LINES),
        before: page.before ?? Number.MAX_SAFE_INTEGER,
        subjectId: page.subjectId,
      });
    },
  };
}

/** The reader of the record. */
export type ChangeReader = ReturnType<typeof createChangeReader>;
