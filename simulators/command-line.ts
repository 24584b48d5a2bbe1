import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

/** Options that all simulators of a city share. */
export const SHARED_OPTIONS = {
  help: { type: "boolean", short: "h" },
  municipality: { type: "string" },
  seed: { type: "string" },
  server: { type: "string" },
  "cities-dir": { type: "string" },
  "data-dir": { type: "string" },
} as const;

/** Help lines of the shared options. */
export const SHARED_HELP = `  --municipality ID  which city (a folder of the cities directory; default: what its demo.json names)
  --seed N           people, cabs and rides follow from it (default 1)
  --server URL       default: SERVER_URL or http://localhost:4000
  --cities-dir DIR   default: CITIES_DIR or cities
  --data-dir DIR     where the TEST authority of simulated cards lives; the server's (default: DATA_DIR or .data)

Signs in with one click in demo mode; otherwise with NOTTE_LOGIN and NOTTE_PASSWORD
(a person who may register people and taxis, and for the history also read the ledger).
CLOCK_OFFSET_MS shifts the clock as it shifts the server's.
`;

/** The command line cannot be used; the message is for people. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Where and as whom the simulators work. */
export interface SharedSettings {
  readonly municipality: string;
  readonly seed: number;
  readonly serverUrl: string;
  readonly citiesDirectory: string;
  readonly testCaDirectory: string;
  readonly now: () => number;
  readonly login?: { readonly name: string; readonly password: string };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses arguments against the shared options and the command's own.
 * @throws UsageError
 */
export function readArguments(
  argv: readonly string[],
  own: Readonly<Record<string, { type: "string" | "boolean" }>>,
): Values {
  try {
    const { values } = parseArgs({ args: [...argv], options: { ...SHARED_OPTIONS, ...own }, strict: true });
    return values as Values;
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
}

/**
 * What the shared options and the environment say.
 * @throws UsageError
 */
export function sharedSettings(
  values: Values,
  env: NodeJS.ProcessEnv,
  usual: keyof DemoCities = "municipality",
): SharedSettings {
  const citiesDirectory = text(values, "cities-dir") ?? env.CITIES_DIR ?? "cities";
  const municipality = text(values, "municipality") ?? usualCity(citiesDirectory, usual);
  const offsetMs = Number(env.CLOCK_OFFSET_MS ?? 0);
  if (!Number.isSafeInteger(offsetMs)) throw new UsageError("CLOCK_OFFSET_MS is no whole number");
  const name = env.NOTTE_LOGIN;
  const password = env.NOTTE_PASSWORD;
  return {
    municipality,
    seed: wholeNumber(values, "seed", { least: 0, otherwise: 1 }),
    serverUrl: serverUrlOf(text(values, "server") ?? env.SERVER_URL ?? "http://localhost:4000"),
    citiesDirectory,
    testCaDirectory: join(text(values, "data-dir") ?? env.DATA_DIR ?? ".data", "test-ca"),
    now: () => Date.now() + offsetMs,
    ...(name && password ? { login: { name, password } } : {}),
  };
}

/** `demo.json` of the cities: which one is shown, and in which one trips of a file are driven. */
const demoCities = z.object({ municipality: z.string().min(1), tripsMunicipality: z.string().min(1) });
type DemoCities = z.infer<typeof demoCities>;

function usualCity(citiesDirectory: string, which: keyof DemoCities): string {
  try {
    return demoCities.parse(JSON.parse(readFileSync(join(citiesDirectory, "demo.json"), "utf8")))[which];
  } catch {
    throw new UsageError(`--municipality is missing, and ${join(citiesDirectory, "demo.json")} names no usual one`);
  }
}

function serverUrlOf(given: string): string {
  if (URL.canParse(given) && /^https?:/.test(given)) return given;
  throw new UsageError(`--server (or SERVER_URL): "${given}" is no address like http://localhost:4000`);
}

/** A text option, or undefined. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * A whole-number option.
 * @throws UsageError
 */
export function wholeNumber(values: Values, name: string, bounds: { least: number; otherwise: number }): number {
  const value = text(values, name);
  if (value === undefined) return bounds.otherwise;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < bounds.least) {
    throw new UsageError(`--${name}: "${value}" is no whole number from ${bounds.least}`);
  }
  return number;
}

/** A signal that fires on SIGINT and SIGTERM. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** Prints progress: one line that is overwritten on a terminal, a line now and then elsewhere. */
export function createProgressLine(stream: NodeJS.WriteStream = process.stderr) {
  let lastAt = 0;
  let open = false;
  return {
    show(line: string, last = false): void {
      const now = performance.now();
      if (!last && now - lastAt < (stream.isTTY ? 100 : 2_000)) return;
      lastAt = now;
      stream.write(stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
      open = stream.isTTY;
    },
    end(): void {
      if (open) stream.write("\n");
      open = false;
    },
  };
}
