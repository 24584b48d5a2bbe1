/** Median and quartiles of a series. */
export interface Summary {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** One row of the table. */
export interface BenchRow {
  readonly name: string;
  /** What was done how often, on what. */
  readonly sizes: string;
  /** What the figures are. */
  readonly unit: string;
  readonly measured: Summary;
  /** The same work without what is measured, taken in alternating pairs; null when there is nothing to compare with. */
  readonly baseline: Summary | null;
  /** Measured over baseline, pair by pair. */
  readonly ratio: Summary | null;
  /** What must hold of the median: of the ratio where there is one, of the figure otherwise. */
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | null;
}

/** A bench by name; `--only` picks by it. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly BenchRow[]>;
}

/** Summarizes a series of at least one value. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const low = sorted[Math.floor(place)] ?? Number.NaN;
    const high = sorted[Math.ceil(place)] ?? Number.NaN;
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), q1: at(0.25), q3: at(0.75) };
}

/** Runs baseline and measured work in alternating pairs, each once first in turn, and compares within each pair. */
export async function alternate(options: {
  readonly pairs: number;
  readonly baseline: () => Promise<number>;
  readonly measured: () => Promise<number>;
}): Promise<Pick<BenchRow, "measured" | "baseline" | "ratio">> {
  const baseline: number[] = [];
  const measured: number[] = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    if (pair % 2 === 0) baseline.push(await options.baseline());
    measured.push(await options.measured());
    if (pair % 2 === 1) baseline.push(await options.baseline());
  }
  const ratios = measured.map((value, index) => value / (baseline[index] ?? Number.NaN));
  return { baseline: summarize(baseline), measured: summarize(measured), ratio: summarize(ratios) };
}

/** True when a row keeps its target, or has none. */
export function keepsTarget(row: BenchRow): boolean {
  if (row.target === null) return true;
  const { median } = row.ratio ?? row.measured;
  return "atLeast" in row.target ? median >= row.target.atLeast : median <= row.target.atMost;
}
