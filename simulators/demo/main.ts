import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Calendar, createCalendar } from "#domain/time/calendar.ts";
import { monthDayField, zoneField } from "#protocol/documents/document-fields.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { chooseDemoStart } from "./demo-clock.ts";
import { type DemoConfig, readDemoConfig } from "./demo-config.ts";
import { createDemoMemory } from "./demo-memory.ts";
import { portProblem, waitUntilUp } from "./ports.ts";
import { endPart, type Part, startPart } from "./process.ts";

/**
 * `npm start`: the whole system on one machine with a simulated city. Starts the server, a simulated cab with its
 * kiosk, the history and the live fleet, each as its own process, and ends them together.
 */

const START_TIMEOUT_MS = 60_000;
const REMEMBER_EVERY_MS = 15_000;
const GRACE_MS = 8_000;
/** A part that could not start has said why, and ends with this code. */
const COULD_NOT_START = 1;

const demoCity = z.object({ municipality: z.string(), companyId: z.string() });
const historyMessage = z.object({ kind: z.literal("history"), done: z.int(), finished: z.boolean() });
const cityClock = z.object({ zone: zoneField, fiscalYearStart: monthDayField });

type DemoCity = z.infer<typeof demoCity>;

/** Prints one clear sentence and ends the process. */
function refuse(sentence: string): never {
  process.stderr.write(`notte: ${sentence}\n`);
  process.exit(1);
}

function readJson<T>(file: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const why =
      cause instanceof z.ZodError
        ? cause.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")
        : (cause as Error).message.split("\n")[0];
    refuse(`${file} cannot be read as a city document (${why}).`);
  }
}

async function main(): Promise<void> {
  const read = readDemoConfig(process.env);
  if (!read.ok) refuse(`the settings cannot be used: ${read.problems.join("; ")}.`);
  const { config } = read;
  for (const name of ["PORT", "KIOSK_PORT"] as const) {
    const problem = await portProblem(config[name]);
    if (problem) refuse(`port ${config[name]} ${problem} with ${name}.`);
  }
  const dataDirectory = openDataDirectory(config.DATA_DIR);
  const city = readJson(join(config.CITIES_DIR, "demo.json"), demoCity);
  const clock = readJson(join(config.CITIES_DIR, city.municipality, "city.json"), cityClock);
  const calendar = createCalendar(clock.zone, clock.fiscalYearStart, zoneOffsetMinutes);
  await run({ config, dataDirectory, city, calendar });
}

/** The data directory's path; it is there and may be written. */
function openDataDirectory(given: string): string {
  const directory = resolve(given);
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "EEXIST" || code === "ENOTDIR" ? "a file stands in its place" : (cause as Error).message;
    refuse(`the data directory ${directory} cannot be used (${why}); choose another with DATA_DIR.`);
  }
  return directory;
}

interface Demo {
  readonly config: DemoConfig;
  readonly dataDirectory: string;
  readonly city: DemoCity;
  readonly calendar: Calendar;
}

async function run({ config, dataDirectory, city, calendar }: Demo): Promise<void> {
  const memory = createDemoMemory(dataDirectory, calendar, (lastMs) => chooseDemoStart(calendar, Date.now(), lastMs));
  const serverUrl = `http://localhost:${config.PORT}`;
  const kioskUrl = `http://localhost:${config.KIOSK_PORT}`;
  const crew = createCrew({
    NOTTE_MODE: "demo",
    PORT: String(config.PORT),
    KIOSK_PORT: String(config.KIOSK_PORT),
    DATA_DIR: dataDirectory,
    CITIES_DIR: config.CITIES_DIR,
    CLOCK_OFFSET_MS: String(memory.offsetMs),
    SERVER_URL: serverUrl,
    KIOSK_URL: kioskUrl,
    DEMO_MUNICIPALITY: city.municipality,
    DEMO_COMPANY_ID: city.companyId,
    DEMO_SEED: String(config.DEMO_SEED),
    DEMO_CABS: String(config.DEMO_CABS),
    DEMO_HISTORY_RIDES: String(config.DEMO_HISTORY_RIDES),
    DEMO_HISTORY_UNTIL: memory.value.historyUntil,
    DEMO_HISTORY_FINISHED: memory.value.historyFinished ? "yes" : "no",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void crew.end(0));

  const startedAt = performance.now();
  crew.launch({ name: "server", script: "server/main.ts" });
  // The cab loads its program while the server starts, and waits for it by itself.
  const cab = crew.launch({ name: "cab", script: "simulators/demo/cab-main.ts" });
  for (const url of [`${serverUrl}/readyz`, `${kioskUrl}/healthz`]) {
    if (await waitUntilUp(url, START_TIMEOUT_MS, crew.ending)) continue;
    if (!crew.ending.aborted) process.stderr.write(`notte: ${url} did not answer within a minute; stopping.\n`);
    return crew.end(1);
  }
  // From here on the directory is this demo's: the server holds its lock.
  memory.remember({});
  const ticking = setInterval(() => memory.remember({}), REMEMBER_EVERY_MS);
  crew.ending.addEventListener("abort", () => {
    clearInterval(ticking);
    memory.remember({});
  });
  announce(serverUrl, kioskUrl, performance.now() - startedAt, calendar.local(memory.now()).minute);
  crew.launch({
    name: "city",
    script: "simulators/demo/city-main.ts",
    mayEnd: true,
    onMessage: (message) => {
      // The cab may be going just now; then nobody is left to be told.
      if (cab.child.connected) cab.child.send(message as object, () => undefined);
      const history = historyMessage.safeParse(message);
      if (!history.success || !history.data.finished) return;
      if (!memory.value.historyFinished) {
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
        process.stdout.write(
          `  過去の乗車  The history is complete: ${history.data.done} rides, ${seconds} s after the start.\n`,
        );
      }
      memory.remember({ historyFinished: true });
    },
  });
}

interface Member {
  readonly name: string;
  readonly script: string;
  /** The others go on without it. */
  readonly mayEnd?: boolean;
  readonly onMessage?: (message: unknown) => void;
}

/** The demo's processes: one that fails ends all. */
function createCrew(environment: Readonly<Record<string, string>>) {
  const parts: Part[] = [];
  const stop = new AbortController();
  const end = async (code: number): Promise<void> => {
    if (stop.signal.aborted) return;
    stop.abort();
    for (const part of [...parts].reverse()) await endPart(part, GRACE_MS);
    process.exit(code);
  };
  const ended = ({ name, mayEnd = false }: Member, code: number | string): void => {
    if (stop.signal.aborted || (mayEnd && code === 0)) return;
    if (code !== COULD_NOT_START) {
      const then = mayEnd ? "the others go on without it" : "stopping";
      process.stderr.write(`notte: the ${name} ended (${code}); ${then}.\n`);
    }
    if (!mayEnd) void end(1);
  };
  return {
    /** Aborts when the demo begins to end. */
    ending: stop.signal,
    launch(member: Member): Part {
      const part = startPart({ ...member, environment });
      parts.push(part);
      void part.ended.then((code) => ended(member, code));
      return part;
    },
    /** Ends every process, the server last, and then this one. */
    end,
  };
}

function announce(serverUrl: string, kioskUrl: string, tookMs: number, minute: number): void {
  const time = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
  process.stdout.write(
    [
      "",
      "  乗って Notte",
      `  はじめの2分  The first two minutes  ${serverUrl}`,
      `  車内の画面    The screen in the cab  ${kioskUrl}`,
      `  カードとメーター Card and meter       ${kioskUrl}/control`,
      `  GraphQL                              ${serverUrl}/graphql`,
      `  ${(tookMs / 1000).toFixed(1)} s; the sample city's clock stands at ${time}. Ctrl+C ends everything.`,
      "",
      "",
    ].join("\n"),
  );
}

await main();
