import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openStaffClient } from "#simulators/api/staff-client.ts";
import { freePort } from "./demo-system.ts";

/** The server as `npm run start:server` runs it, in a process and a directory of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDirectory: string;
  /** Ends it and removes what it left; rejects when it did not end in order. */
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts the server in demo mode and waits until it is ready. Throws with its output when it does not get so far. */
export async function startServerProcess(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "notte-server-"));
  const port = await freePort();
  const child = spawn(process.execPath, ["run.mjs", "server/main.ts"], {
    env: {
      ...process.env,
      ...{ NOTTE_MODE: "demo", DATA_DIR: dataDirectory, PORT: String(port), LOG_LEVEL: "warn" },
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-50_000);
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const url = `http://localhost:${port}`;
  const startedAt = performance.now();
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() - startedAt > START_MS) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start:\n${output}`);
    }
    await wait(50);
  }
  return {
    url,
    dataDirectory,
    async stop() {
      child.kill("SIGTERM");
      const code = await exit;
      rmSync(dataDirectory, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the server ended with ${code}:\n${output}`);
    },
  };
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
}

/** What the books of a municipality add up to. */
export interface Books {
  readonly lastPosition: number;
  readonly eventCount: number;
  readonly rides: number;
  readonly decidedSubsidyMinor: number;
  readonly postedSubsidyMinor: number;
  readonly eventSubsidyMinor: number;
  readonly quarantined: number;
}

/** Asks a demo server for its books as the auditor. */
export async function readBooks(serverUrl: string, municipality: string): Promise<Books> {
  const auditor = await openStaffClient({ serverUrl, municipality }, "AUDITOR");
  const { bookTotals } = await auditor.request<{ bookTotals: Books }>(
    `query ($municipality: ID!) { bookTotals(municipality: $municipality) {
       lastPosition eventCount rides decidedSubsidyMinor postedSubsidyMinor eventSubsidyMinor quarantined } }`,
    { municipality },
  );
  return bookTotals;
}
