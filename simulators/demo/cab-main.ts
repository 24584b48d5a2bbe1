import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { redactedLine } from "#protocol/redact.ts";
import { JournalError } from "#terminal/journal/journal-error.ts";
import { loadCityModel } from "../city/city-model.ts";
import { shiftedClock } from "../clock.ts";
import { type Cab, startCab } from "./cab.ts";
import { FAST_PACE, HUMAN_PACE } from "./cab-script.ts";
import { waitUntilUp } from "./ports.ts";

/** The simulated cab as a process of its own: `npm start` runs it beside the server. */

const environment = z.object({
  SERVER_URL: z.url().default("http://localhost:4000"),
  KIOSK_PORT: z.coerce.number().int().min(0).max(65_535).default(4100),
  DATA_DIR: z.string().min(1).default(".data"),
  CITIES_DIR: z.string().min(1).default("cities"),
  CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  /** City and company of the cab; those of `CITIES_DIR/demo.json` when not given. */
  DEMO_MUNICIPALITY: z.string().min(1).optional(),
  DEMO_COMPANY_ID: z.string().min(1).optional(),
  /** `in-process` leaves PC/SC alone. */
  CAB_DOOR: z.enum(["auto", "in-process"]).default("auto"),
  CAB_PACE: z.enum(["human", "fast"]).default("human"),
});

type CabEnvironment = z.infer<typeof environment> & z.infer<typeof demoFile>;

const historyMessage = z.object({
  kind: z.literal("history"),
  done: z.int().min(0),
  total: z.int().min(0),
  finished: z.boolean(),
});

/** How long the cab waits for a server that is just starting. */
const SERVER_PATIENCE_MS = 60_000;

/** Prints one clear sentence and ends the process. */
function refuse(sentence: string): never {
  process.stderr.write(`cab: ${sentence}\n`);
  process.exit(1);
}

function whyNot(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === "EADDRINUSE") return "the kiosk's port is already in use; choose another with KIOSK_PORT.";
  if (error instanceof JournalError && error.code === "LOCKED") {
    return "another cab uses this data directory; end it or choose another with DATA_DIR.";
  }
  if (String(message).includes("NODE_MODULE_VERSION")) {
    return "its packages were installed under another version of Node; run `npm ci` with this one.";
  }
  if (error instanceof JournalError) return `its journal (cab/journal.sqlite in DATA_DIR): ${error.message}.`;
  return `it cannot start: ${String(message)}.`;
}

async function main(): Promise<void> {
  const stop = new AbortController();
  // From the first moment on: a signal during the start gives it up.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    refuse(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
  }
  const env = { ...parsed.data, ...whereOf(parsed.data) };
  const history = followHistory();
  const cab = await start(env, stop.signal);
  if (cab) {
    history.tell(cab);
    const { door } = cab.state();
    const how =
      door.technology === "pcsc"
        ? "card through PC/SC"
        : `in-process card: ${[door.reason?.code, door.reason?.detail].filter(Boolean).join(" ")}`;
    process.stdout.write(`cab ready on ${cab.url} (${how})\n`);
    if (!stop.signal.aborted) await once(stop.signal, "abort");
    await cab.stop();
  }
  process.exit(0);
}

/** The running cab; null when the start was given up. */
async function start(env: CabEnvironment, signal: AbortSignal): Promise<Cab | null> {
  const kioskRoot = resolve(import.meta.dirname, "../../terminal/kiosk/dist");
  if (!existsSync(join(kioskRoot, "index.html"))) {
    process.stderr.write("cab: the screen is not built (npm run build); the kiosk shows nothing until it is.\n");
  }
  const isUp = await waitUntilUp(`${env.SERVER_URL}/readyz`, SERVER_PATIENCE_MS, signal);
  if (signal.aborted) return null;
  if (!isUp) refuse(`the server at ${env.SERVER_URL} does not answer; start it first or set SERVER_URL.`);
  try {
    return await startCab({
      serverUrl: env.SERVER_URL,
      kioskPort: env.KIOSK_PORT,
      dataDir: env.DATA_DIR,
      clock: shiftedClock(env.CLOCK_OFFSET_MS),
      municipality: env.municipality,
      companyId: env.companyId,
      companyName: companyName(env),
      door: env.CAB_DOOR,
      kioskRoot,
      pace: env.CAB_PACE === "fast" ? FAST_PACE : HUMAN_PACE,
      signal,
      log: (level, message, fields) => {
        if (level !== "info") process.stderr.write(`${redactedLine({ level, message, ...fields })}\n`);
      },
    });
  } catch (error) {
    if (signal.aborted) return null;
    refuse(whyNot(error));
  }
}

/** Keeps what the parent tells of the history, also before there is a cab to show it. */
function followHistory() {
  let history = { done: 0, total: 0, finished: false };
  let cab: Cab | null = null;
  process.on("message", (message) => {
    const progress = historyMessage.safeParse(message);
    if (!progress.success) return;
    history = { done: progress.data.done, total: progress.data.total, finished: progress.data.finished };
    cab?.history(history);
  });
  return {
    tell(given: Cab): void {
      cab = given;
      cab.history(history);
    },
  };
}

const demoFile = z.object({ municipality: z.string().min(1), companyId: z.string().min(1) });

/** City and company of the cab. */
function whereOf(env: z.infer<typeof environment>): z.infer<typeof demoFile> {
  const { DEMO_MUNICIPALITY: municipality, DEMO_COMPANY_ID: companyId, CITIES_DIR } = env;
  if (municipality && companyId) return { municipality, companyId };
  try {
    return demoFile.parse(JSON.parse(readFileSync(join(CITIES_DIR, "demo.json"), "utf8")));
  } catch {
    refuse(`DEMO_MUNICIPALITY and DEMO_COMPANY_ID are not given, and ${CITIES_DIR}/demo.json cannot be read.`);
  }
}

/** The company's name in the city's data; its id where there is none. */
function companyName(env: { CITIES_DIR: string; municipality: string; companyId: string }): string {
  try {
    const { companies } = loadCityModel(env.CITIES_DIR, env.municipality).demand;
    return companies.find((company) => company.id === env.companyId)?.name ?? env.companyId;
  } catch {
    return env.companyId;
  }
}

await main();
