import type { MunicipalityId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import { linesOf, type Recorded, type RegistryChange } from "./registry-change.ts";

/** Who changed the registry, when and why. */
export interface ChangeAuthor {
  readonly municipality: MunicipalityId;
  readonly atMs: number;
  readonly by: string;
  readonly reason: string | null;
}

/** A line of the record as it is read. */
export interface RecordedChange {
  readonly seq: number;
  readonly atMs: number;
  readonly by: string;
  readonly kind: RegistryChange["kind"];
  readonly reason: string | null;
  readonly subjects: readonly Omit<RegistryChange, "kind">[];
}

/**
 * Lets one transaction at a time change the registry of a municipality: what it reads stays true until it commits, and
 * the record is dense. The first statement of such a transaction.
 */
export async function lockRegistry(sql: Sql, municipality: MunicipalityId): Promise<void> {
  await sql.query(
    `INSERT INTO registry_head (municipality) VALUES ($1)
     ON CONFLICT (municipality) DO UPDATE SET last_seq = registry_head.last_seq`,
    [municipality],
  );
}

/** Appends to the record, in the transaction that changes. Needs {@link lockRegistry}. */
export async function appendChanges(sql: Sql, author: ChangeAuthor, changes: readonly RegistryChange[]): Promise<void> {
  if (changes.length === 0) return;
  const lines = linesOf(changes);
  await sql.query(
    `WITH head AS (
       UPDATE registry_head SET last_seq = last_seq + $2 WHERE municipality = $1 RETURNING last_seq - $2 AS base
     )
     INSERT INTO registry_change (municipality, seq, at_ms, by_viewer, reason, kind, subject_ids, before, after)
     SELECT $1, head.base + line.at, $3::bigint, $4::text, $5::text, line.kind,
            ARRAY(SELECT json_array_elements_text(line.subject_ids)), line.before, line.after
     FROM head, unnest($6::text[], $7::json[], $8::json[], $9::json[]) WITH ORDINALITY
       AS line (kind, subject_ids, before, after, at)`,
    [
      author.municipality,
      lines.length,
      author.atMs,
      author.by,
      author.reason,
      lines.map((line) => line.kind),
      lines.map((line) => JSON.stringify(line.subjects.map(({ subjectId }) => subjectId))),
      lines.map((line) => JSON.stringify(line.subjects.map(({ before }) => before))),
      lines.map((line) => JSON.stringify(line.subjects.map(({ after }) => after))),
    ],
  );
}

/** Lines before `before`, newest first; of one subject when it is named. */
export async function readChanges(
  sql: Sql,
  municipality: MunicipalityId,
  page: { readonly limit: number; readonly before: number; readonly subjectId: string | null },
): Promise<readonly RecordedChange[]> {
  const rows = await sql.query<ChangeRow>(
    `SELECT seq, at_ms AS "atMs", by_viewer AS "by", kind, subject_ids AS "subjectIds", before, after, reason
     FROM registry_change
     WHERE municipality = $1 AND seq < $2::bigint AND ($3::text IS NULL OR $3::text = ANY (subject_ids))
     ORDER BY seq DESC LIMIT $4::int`,
    [municipality, page.before, page.subjectId, page.limit],
  );
  return rows.map(({ subjectIds, before, after, ...line }) => ({
    ...line,
    subjects: subjectIds.map((subjectId, index) => ({
      subjectId,
      before: before[index] ?? null,
      after: after[index] ?? null,
    })),
  }));
}

type ChangeRow = Omit<RecordedChange, "subjects"> & {
  readonly subjectIds: readonly string[];
  readonly before: readonly (Recorded | null)[];
  readonly after: readonly (Recorded | null)[];
};
