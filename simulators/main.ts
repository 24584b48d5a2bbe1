import { ApiError } from "./api/api-error.ts";
import { CARD_COMMAND_SUMMARY, runCardCommand } from "./card/command.ts";
import { CityModelError } from "./city/city-model.ts";
import { UsageError } from "./command-line.ts";
import { FLEET_COMMAND_SUMMARY, runFleetCommand, TRIPS_COMMAND_SUMMARY } from "./fleet/command.ts";
import { HISTORY_COMMAND_SUMMARY, runHistoryCommand } from "./history/command.ts";
import { TripsFileError } from "./trips/run-trips.ts";

/** `npm run sim -- …`: the simulators from the command line. Each command has its own `--help`. */

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  card: runCardCommand,
  fleet: runFleetCommand,
  history: runHistoryCommand,
};

const HELP = `npm run sim -- COMMAND [options]

  ${[CARD_COMMAND_SUMMARY, HISTORY_COMMAND_SUMMARY, FLEET_COMMAND_SUMMARY, TRIPS_COMMAND_SUMMARY].join("\n  ")}

  COMMAND --help    what a command can do
`;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    const asked = name === undefined || name === "--help" || name === "-h" || name === "help";
    process.stdout.write(HELP);
    if (!asked) process.stderr.write(`\nnotte: there is no simulator "${name}".\n`);
    return asked ? 0 : 2;
  }
  try {
    return await command(rest);
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`notte: ${error.message}\n`);
    if (error instanceof UsageError) return 2;
    return error instanceof ApiError && error.code === "ABORTED" ? 130 : 1;
  }
}

/** Failures with a sentence for people; anything else is a fault of the program and keeps its trace. */
function isExpected(error: unknown): error is Error {
  return [ApiError, CityModelError, TripsFileError, UsageError].some((kind) => error instanceof kind);
}

process.exitCode = await main(process.argv.slice(2));
