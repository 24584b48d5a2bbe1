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
import { runTrips } from "../trips/run-trips.ts";
import { describeTotals } from "../trips/trip-tally.ts";
import { runFleet } from "./run-fleet.ts";

/** Lines for the list of simulators. */
export const FLEET_COMMAND_SUMMARY = "fleet [--municipality ID] [--cabs N]    drives taxis until it is stopped";
export const TRIPS_COMMAND_SUMMARY = "fleet --trips FILE [--municipality ID]  drives the trips of a file again";

const HELP = `npm run sim -- fleet [options]

Drives taxis: passengers appear at the hour's rate, lay their cards and pay. Runs until SIGTERM or Ctrl-C.

  --cabs N           how many (default 80)
  --speed N          drives and waits this many times faster (default 1)
  --demand N         passengers this many times as often (default 1)

npm run sim -- fleet --trips FILE [options]

Drives the trips of a CSV file (columns trip_start_timestamp, trip_seconds, trip_miles, fare, pickup_latitude, …) through
terminals and the public API; every row ends as recorded, refused, held for a person, or rejected with a reason.

  --limit N          only the first N rows
${SHARED_HELP}`;

/** `npm run sim -- fleet …`: returns the exit code. */
export async function runFleetCommand(argv: readonly string[]): Promise<number> {
  const own = ["cabs", "speed", "demand", "trips", "limit"].map((name) => [name, { type: "string" }] as const);
  const values = readArguments(argv, Object.fromEntries(own));
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const file = text(values, "trips");
  return file === undefined ? driveLive(values) : driveFile(file, values);
}

type Values = ReturnType<typeof readArguments>;

async function driveLive(values: Values): Promise<number> {
  if (values.limit !== undefined) throw new UsageError("--limit belongs to --trips");
  const line = createProgressLine();
  const settings = sharedSettings(values, process.env);
  const cabs = wholeNumber(values, "cabs", { least: 1, otherwise: 80 });
  const end = await runFleet({
    ...settings,
    cabs,
    speed: wholeNumber(values, "speed", { least: 1, otherwise: 1 }),
    demand: wholeNumber(values, "demand", { least: 1, otherwise: 1 }),
    signal: stopSignal(),
    onProgress: (now) =>
      line.show(
        `${now.busy} of ${cabs} taxis busy; rides: ${now.recorded} recorded, ${now.refused} refused, ` +
          `${now.cancelled} cancelled, ${now.failed} failed; no taxi free: ${now.noCab}`,
      ),
  });
  line.end();
  process.stdout.write(`${end.recorded} rides recorded, ${end.refused} refused, ${end.cancelled} cancelled\n`);
  return 0;
}

async function driveFile(file: string, values: Values): Promise<number> {
  const line = createProgressLine();
  const startedAt = performance.now();
  try {
    const totals = await runTrips({
      ...sharedSettings(values, process.env, "tripsMunicipality"),
      file,
      ...(values.limit === undefined ? {} : { limit: wholeNumber(values, "limit", { least: 1, otherwise: 1 }) }),
      signal: stopSignal(),
      onProgress: ({ done, total }) => line.show(`${done}/${total} trips`, done === total),
    });
    line.end();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${describeTotals(totals)}\n${seconds} s\n`);
    return 0;
  } finally {
    line.end();
  }
}
