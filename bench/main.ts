import { writeFile } from "node:fs/promises";
import os from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Bench, type BenchRow, keepsTarget, type Summary } from "./measure.ts";
import { recordRidesBench } from "./record-rides.ts";
import { startBench } from "./start.ts";
import { touchToPaintBench } from "./touch-to-paint.ts";

/** Every bench, in the order of the table. */
const BENCHES: readonly Bench[] = [
  recordRidesBench("postgres"),
  recordRidesBench("pglite"),
  touchToPaintBench,
  startBench,
];

const { values } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string" }, help: { type: "boolean" } },
});
if (values.help) {
  process.stdout.write(
    `npm run bench -- [--only NAME] [--json FILE]\nbenches: ${BENCHES.map((b) => b.name).join(", ")}\n`,
  );
  process.exit(0);
}

const chosen = BENCHES.filter((bench) => values.only === undefined || bench.name.includes(values.only));
const rows: BenchRow[] = [];
for (const bench of chosen) {
  process.stderr.write(`… ${bench.name}\n`);
  rows.push(...(await bench.run()));
}
const machine = { cpu: os.cpus()[0]?.model ?? "unknown", cores: os.cpus().length, node: process.version };
process.stdout.write(table(rows));
process.stdout.write(`${machine.cores} × ${machine.cpu}, Node ${machine.node}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exit(rows.every(keepsTarget) ? 0 : 1);

/** Text table: figures as median with quartiles. */
function table(all: readonly BenchRow[]): string {
  const cells = all.map((row) => [
    keepsTarget(row) ? "✓" : "✗",
    row.name,
    figures(row.measured, row.unit === "s" ? 1 : 0),
    row.baseline ? figures(row.baseline, 0) : "",
    row.unit,
    row.ratio ? figures(row.ratio, 2) : "",
    targetText(row),
    row.sizes,
  ]);
  const head = ["", "bench", "median (quartiles)", "baseline", "unit", "ratio", "target", "sizes"];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[head, ...cells].map(line).join("\n")}\n`;
}

function figures({ median, q1, q3 }: Summary, digits: number): string {
  return `${median.toFixed(digits)} (${q1.toFixed(digits)}–${q3.toFixed(digits)})`;
}

function targetText({ target }: BenchRow): string {
  if (target === null) return "";
  return "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}
