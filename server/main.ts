import { readConfig, type ServerConfig } from "./config.ts";
import { createLog, type Log } from "./log.ts";
import type { RunningServer } from "./start-server.ts";
import { openDatabase } from "./storage/open-database.ts";

/**
 * The server as a program. Without arguments it serves; `add-staff` and `make-keys` prepare an installation.
 * Exit codes: 0 ended as asked, 1 could not start, 2 broke while running.
 */

const SHUTDOWN_LIMIT_MS = 20_000;

function refuse(sentences: readonly string[]): never {
  for (const sentence of sentences) process.stderr.write(`notte server: ${sentence}\n`);
  process.exit(1);
}

/** Errors whose message is a sentence for whoever starts the server. */
const READABLE: ReadonlySet<string> = new Set([
  "StartError",
  "ListenError",
  "KeysError",
  "DocumentError",
  "StorageError",
]);

/** The sentence of an error that was made to be read, or undefined for one that nobody expected. */
function sentenceOf(error: unknown): string | undefined {
  return error instanceof Error && READABLE.has(error.name) ? error.message : undefined;
}

function configOrRefuse(): ServerConfig {
  const read = readConfig(process.env);
  return read.ok ? read.config : refuse(read.problems);
}

async function serve(): Promise<void> {
  const config = configOrRefuse();
  const log = createLog(config.logLevel);
  // From the first moment on: a signal during the start waits for its end, so that nothing is left half open.
  const starting = start(config, log);
  let isEnding = false;
  const end = (why: string, code: number): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ why }, "ending");
    setTimeout(() => {
      log.fatal({}, "the server did not end in time");
      process.exit(2);
    }, SHUTDOWN_LIMIT_MS).unref();
    starting
      .then((server) => server.stop())
      .then(
        () => process.exit(code),
        (error: unknown) => {
          log.fatal({ err: error }, "the server could not end cleanly");
          process.exit(2);
        },
      );
  };
  process.on("SIGTERM", () => end("SIGTERM", 0));
  process.on("SIGINT", () => end("SIGINT", 0));
  await starting;
  process.on("uncaughtException", (error) => broke(log, error, end));
  process.on("unhandledRejection", (error) => broke(log, error, end));
}

/**
 * The embedded database needs a second to open; the rest of a demo is loaded meanwhile. In production nothing is opened or
 * made before keys and cities are known to be there.
 */
async function start(config: ServerConfig, log: Log): Promise<RunningServer> {
  if (config.mode === "production") {
    const { startServer } = await import("./start-server.ts");
    return startServer(config, { log });
  }
  const database = openDatabase(config, (error) => log.warn({ err: error }, "an idle connection was lost"));
  // Thrown where it is waited for.
  database.catch(() => undefined);
  const { startServer } = await import("./start-server.ts");
  return startServer(config, { log, database });
}

/** A broken invariant: what was confirmed is in the database; the supervisor starts again. */
function broke(log: Log, error: unknown, end: (why: string, code: number) => void): void {
  log.fatal({ err: error }, "the server broke");
  end("broken", 2);
}

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === undefined) return serve();
  const { parseStaffArguments, runAddStaff, runMakeKeys } = await import("./commands.ts");
  if (command === "make-keys") return runMakeKeys(rest, refuse);
  if (command === "add-staff") {
    return runAddStaff(parseStaffArguments(rest, process.env, refuse), configOrRefuse(), refuse);
  }
  return refuse([`There is no command "${command}"; there are add-staff and make-keys.`]);
}

main().catch((error: unknown) => {
  const sentence = sentenceOf(error);
  if (sentence === undefined) throw error;
  refuse([sentence]);
});
