import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { createCalendar } from "#domain/time/calendar.ts";
import { formatDay } from "#domain/time/local.ts";
import { monthDayField } from "#protocol/documents/document-fields.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { chooseDemoStart } from "./demo-clock.ts";
import { type DemoConfig, readDemoConfig } from "./demo-config.ts";
import { type DemoMemory, recallDemo, rememberDemo } from "./demo-memory.ts";
import { isPortFree, waitUntilUp } from "./ports.ts";
import { endPart, type Part, startPart } from "./process.ts";

/**
 * `npm start`: the whole system on one machine with a simulated city. Starts the server, a simulated cab with its
 * kiosk, the history and the live fleet, each as its own process, and ends them together.
 */

const START_TIMEOUT_MS = 60_000;
const REMEMBER_EVERY_MS = 15_000;
const GRACE_MS = 8_000;

const demoCity = z.object({ municipality: z.string(), companyId: z.string() });
const historyMessage = z.object({ kind: z.literal("history"), done: z.int(), finished: z.boolean() });
const cityClock = z.object({ zone: z.string(), fiscalYearStart: monthDayField });

/** Prints one clear sentence and ends the process. */
function refuse(sentence: string): never {
  process.stderr.write(`notte: ${sentence}\n`);
  process.exit(1);
}

function readJson<T>(file: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    refuse(
      `${file} cannot be read as a city document (${cause instanceof Error ? cause.message.split("\n")[0] : cause}).`,
    );
  }
}

async function main(): Promise<void> {
  const read = readDemoConfig(process.env);
  if (!read.ok) refuse(`the settings cannot be used: ${read.problems.join("; ")}.`);
  const { config } = read;
  for (const port of [config.PORT, config.KIOSK_PORT]) {
    if (!(await isPortFree(port))) {
      refuse(`port ${port} is already in use. End the other program or choose another with PORT and KIOSK_PORT.`);
    }
  }
  const dataDirectory = resolve(config.DATA_DIR);
  try {
    mkdirSync(dataDirectory, { recursive: true });
  } catch (cause) {
    refuse(
      `the data directory ${dataDirectory} cannot be made (${(cause as Error).message}). Choose another with DATA_DIR.`,
    );
  }
  await run(config, dataDirectory);
}

async function run(config: DemoConfig, dataDirectory: string): Promise<void> {
  const city = readJson(join(config.CITIES_DIR, "demo.json"), demoCity);
  const clockOfCity = readJson(join(config.CITIES_DIR, city.municipality, "city.json"), cityClock);
  const calendar = createCalendar(clockOfCity.zone, clockOfCity.fiscalYearStart, zoneOffsetMinutes);
  const remembered = recallDemo(dataDirectory);
  const offsetMs = chooseDemoStart(calendar, Date.now(), remembered?.lastMs ?? null) - Date.now();
  const now = (): number => Date.now() + offsetMs;
  let memory: DemoMemory = {
    lastMs: now(),
    historyUntil: remembered?.historyUntil ?? formatDay(calendar.local(now()).day),
    historyFinished: remembered?.historyFinished ?? false,
  };
  const remember = (change: Partial<DemoMemory>): void => {
    memory = { ...memory, ...change, lastMs: now() };
    rememberDemo(dataDirectory, memory);
  };
  remember({});

  const parts: Part[] = [];
  const stop = new AbortController();
  const end = async (code: number): Promise<void> => {
    if (stop.signal.aborted) return;
    stop.abort();
    clearInterval(ticking);
    remember({});
    for (const part of [...parts].reverse()) await endPart(part, GRACE_MS);
    process.exit(code);
  };
  const ticking = setInterval(() => remember({}), REMEMBER_EVERY_MS);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(0));

  const serverUrl = `http://localhost:${config.PORT}`;
  const kioskUrl = `http://localhost:${config.KIOSK_PORT}`;
  const environment = {
    NOTTE_MODE: "demo",
    PORT: String(config.PORT),
    KIOSK_PORT: String(config.KIOSK_PORT),
    DATA_DIR: dataDirectory,
    CITIES_DIR: config.CITIES_DIR,
    CLOCK_OFFSET_MS: String(Math.round(offsetMs)),
    SERVER_URL: serverUrl,
    KIOSK_URL: kioskUrl,
    DEMO_MUNICIPALITY: city.municipality,
    DEMO_COMPANY_ID: city.companyId,
    DEMO_SEED: String(config.DEMO_SEED),
    DEMO_CABS: String(config.DEMO_CABS),
    DEMO_HISTORY_RIDES: String(config.DEMO_HISTORY_RIDES),
    DEMO_HISTORY_UNTIL: memory.historyUntil,
    DEMO_HISTORY_FINISHED: memory.historyFinished ? "yes" : "no",
  };
  const launch = (name: string, script: string, onMessage?: (message: unknown) => void): Part => {
    const part = startPart({ name, script, environment, ...(onMessage ? { onMessage } : {}) });
    parts.push(part);
    return part;
  };
  const needed = (part: Part): void => {
    void part.ended.then((code) => {
      if (stop.signal.aborted) return;
      process.stderr.write(`notte: the ${part.name} ended (${code}); stopping.\n`);
      void end(1);
    });
  };

  const startedAt = performance.now();
  needed(launch("server", "server/main.ts"));
  // The cab loads its program while the server starts, and waits for it by itself.
  const cab = launch("cab", "simulators/demo/cab-main.ts");
  needed(cab);
  if (!(await waitUntilUp(`${serverUrl}/readyz`, START_TIMEOUT_MS, stop.signal))) return end(1);
  if (!(await waitUntilUp(`${kioskUrl}/healthz`, START_TIMEOUT_MS, stop.signal))) return end(1);
  announce(serverUrl, kioskUrl, performance.now() - startedAt, calendar.local(now()).minute);
  launch("city", "simulators/demo/city-main.ts", (message) => {
    if (cab.child.connected) cab.child.send(message as object);
    const history = historyMessage.safeParse(message);
    if (!history.success || !history.data.finished) return;
    if (!memory.historyFinished) {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
      process.stdout.write(
        `  過去の乗車  The history is complete: ${history.data.done} rides, ${seconds} s after the start.\n`,
      );
    }
    remember({ historyFinished: true });
  });
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
