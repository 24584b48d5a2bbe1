import type { Viewer } from "#domain/identity/viewer.ts";

/** What can happen to the registry. */
export type RegistryChangeKind =
  | "entitlement-created"
  | "entitlement-changed"
  | "card-linked"
  | "card-unlinked"
  | "card-stopped"
  | "card-resumed"
  | "company-enrolled"
  | "company-changed"
  | "vehicle-enrolled"
  | "vehicle-changed"
  | "terminal-enrolled"
  | "terminal-changed"
  | "terminal-stopped"
  | "terminal-resumed";

/** What is said of a subject in the record; never a token, a certificate or a key. */
export type Recorded = Readonly<Record<string, string | number | null>>;

/** One change of one subject. `before` is null for what is new, `after` for what is gone. */
export interface RegistryChange {
  readonly kind: RegistryChangeKind;
  /** Id of the entitlement, credential (of cards), company, vehicle or terminal. */
  readonly subjectId: string;
  readonly before: Recorded | null;
  readonly after: Recorded | null;
}

/** Most subjects of one line. Whoever registers a city's people at once must not wait for a line of each. */
const MOST_SUBJECTS = 100;

/** A line of the record: neighbouring changes of one call and one kind share it. */
interface RecordLine {
  readonly kind: RegistryChangeKind;
  readonly subjects: readonly RegistryChange[];
}

/** The lines of a call's changes, in their order. */
export function linesOf(changes: readonly RegistryChange[]): readonly RecordLine[] {
  const lines: { kind: RegistryChangeKind; subjects: RegistryChange[] }[] = [];
  for (const change of changes) {
    const last = lines.at(-1);
    if (last?.kind === change.kind && last.subjects.length < MOST_SUBJECTS) last.subjects.push(change);
    else lines.push({ kind: change.kind, subjects: [change] });
  }
  return lines;
}

/** True when two records say the same; both are made by the same function, so that their fields stand in one order. */
export function saysTheSame(before: Recorded | null, after: Recorded | null): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** How whoever changes the registry is named in the record. */
export function nameInRecord(viewer: Viewer): string {
  return viewer.kind === "staff" ? viewer.staffId : viewer.kind;
}
