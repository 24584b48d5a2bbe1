import { isId } from "#domain/ids.ts";
import type { InputErrorCode } from "#server/generated/graphql.ts";
import type { InputError } from "#server/rides/ride-service.ts";

/** How a change of the registry ended: rows written, or what could not be taken (then nothing was written). */
export type Enrolled =
  | { readonly ok: true; readonly written: number; readonly error: null }
  | { readonly ok: false; readonly written: 0; readonly error: InputError };

/** Everything was written. */
export function enrolled(written: number): Enrolled {
  return { ok: true, written, error: null };
}

/** Input that is not taken. */
export function refused(code: InputErrorCode, path: string | null, message: string): Enrolled {
  return { ok: false, written: 0, error: { code, message, path } };
}

/** Refuses a list that is too long, or in which an id is malformed or stands twice. */
export function refuseIds(list: string, ids: readonly string[], most: number): Enrolled | undefined {
  if (ids.length > most) return refused("BATCH_TOO_LARGE", list, `at most ${most} ${list} a call`);
  const bad = ids.findIndex((id) => !isId(id));
  if (bad >= 0) return refused("BAD_ID", `${list}.${bad}.id`, "an id has 1-64 of letters, digits and ._:-");
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) return refused("BAD_ID", `${list}.${index}.id`, "the id stands twice in the call");
    seen.add(id);
  }
  return undefined;
}
