import type { TripAnswer } from "./trip-terminal.ts";

/** How the rows of a trips file ended; the four kinds add up to `rows`. */
export interface TripTotals {
  readonly rows: number;
  readonly recorded: number;
  /** In the ledger with zero subsidy, by refusal code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Confirmed to a passenger but not acceptable: a person decides. By input error code. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** By input error code, or why the row is unusable. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Counts answers. */
export function createTripTally() {
  let rows = 0;
  let recorded = 0;
  const counts = { refused: {}, quarantined: {}, rejected: {} } as Record<
    "refused" | "quarantined" | "rejected",
    Record<string, number>
  >;
  return {
    add(answer: TripAnswer): void {
      rows += 1;
      if (answer.kind === "recorded") recorded += 1;
      else counts[answer.kind][answer.code] = (counts[answer.kind][answer.code] ?? 0) + 1;
    },
    rows: () => rows,
    totals: (): TripTotals => ({ rows, recorded, ...counts }),
  };
}

/** The totals as lines for people: every count, and the sum. */
export function describeTotals(totals: TripTotals): string {
  const lines: (readonly [string, number])[] = [["recorded", totals.recorded]];
  for (const kind of ["refused", "quarantined", "rejected"] as const) {
    for (const [code, count] of Object.entries(totals[kind]).sort(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push([`${kind} (${code})`, count]);
    }
  }
  const sum = lines.reduce((total, [, count]) => total + count, 0);
  lines.push(["together", sum], ["rows of the file", totals.rows]);
  return lines.map(([what, count]) => `${what.padEnd(44)}${String(count).padStart(8)}`).join("\n");
}
