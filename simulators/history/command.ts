import { parseDay } from "#domain/time/local.ts";
import {
  createProgressLine,
  readArguments,
  SHARED_HELP,
  sharedSettings,
  stopSignal,
  text,
  UsageError,
  wholeNumber,
} from "../command-line.ts";
import { seedHistory } from "./seed-history.ts";

/** One line for the list of simulators. */
export const HISTORY_COMMAND_SUMMARY = "history --municipality ID [--rides N]   fills the ledger with a city's past";

const HELP = `npm run sim -- history --municipality ID [options]

Registers a city's taxis and people and sends past rides in the order of time. Run again after a stop, it goes on.

  --rides N          how many (default 100000)
  --until DATE       the history ends the evening before this day (default: today)
${SHARED_HELP}`;

/** `npm run sim -- history …`: returns the exit code. */
export async function runHistoryCommand(argv: readonly string[]): Promise<number> {
  const values = readArguments(argv, { rides: { type: "string" }, until: { type: "string" } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const until = text(values, "until");
  if (until !== undefined && parseDay(until) === undefined) {
    throw new UsageError(`--until: "${until}" is no date like 2026-11-23`);
  }
  const line = createProgressLine();
  const startedAt = performance.now();
  try {
    const result = await seedHistory({
      ...sharedSettings(values, process.env),
      rides: wholeNumber(values, "rides", { least: 1, otherwise: 100_000 }),
      ...(until === undefined ? {} : { until }),
      signal: stopSignal(),
      onProgress: ({ phase, done, total }) => line.show(`${phase} ${done}/${total}`, done === total),
    });
    line.end();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `${[
        `${result.total} rides from ${result.firstDay} to ${result.lastDay}, ${seconds} s`,
        ...Object.entries(result.statuses).map(([status, count]) => `${status.padEnd(24)}${count}`),
        `${"replayed".padEnd(24)}${result.replayed}`,
        `${"already there".padEnd(24)}${result.skipped}`,
        `${"fares".padEnd(24)}${result.fareMinor}`,
        `${"subsidies".padEnd(24)}${result.subsidyMinor}`,
        `${"digest".padEnd(24)}${result.digest}`,
      ].join("\n")}\n`,
    );
    return 0;
  } finally {
    line.end();
  }
}
