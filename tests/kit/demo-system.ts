import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** The whole system as `npm start` runs it, in its own directory and on free ports. */
export interface DemoSystem {
  readonly serverUrl: string;
  readonly kioskUrl: string;
  /** For another start on what this one left. */
  readonly dataDirectory: string;
  /** Milliseconds from the start until server and kiosk answered. */
  readonly usableAfterMs: number;
  /** What it printed so far. */
  output(): string;
  /** Ends it as Ctrl+C would; resolves with the exit code. Keeps the data directory. */
  end(): Promise<number | null>;
  /** Removes what it left. */
  remove(): void;
}

export interface DemoSystemOptions {
  readonly historyRides: number;
  readonly cabs: number;
  /** A directory of an earlier start; default: a new one. */
  readonly dataDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const START_MS = 90_000;

/** A TCP port that is free on loopback now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ port: 0, host: "127.0.0.1" }, () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** Starts the program of `npm start` as a child process. */
export function spawnDemo(environment: Readonly<Record<string, string>>): {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, ["run.mjs", "simulators/demo/main.ts"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-100_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, output: () => text, exit };
}

/** Starts the system and waits until server and kiosk answer. Throws with its output when they do not. */
export async function startDemoSystem(options: DemoSystemOptions): Promise<DemoSystem> {
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), "notte-demo-"));
  const [port, kioskPort] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const { child, output, exit } = spawnDemo({
    PORT: String(port),
    KIOSK_PORT: String(kioskPort),
    DATA_DIR: dataDirectory,
    DEMO_HISTORY_RIDES: String(options.historyRides),
    DEMO_CABS: String(options.cabs),
    ...options.environment,
  });
  const serverUrl = `http://localhost:${port}`;
  const kioskUrl = `http://localhost:${kioskPort}`;
  while (!((await answers(`${serverUrl}/readyz`)) && (await answers(`${kioskUrl}/healthz`)))) {
    if (child.exitCode !== null || performance.now() - startedAt > START_MS) {
      child.kill("SIGTERM");
      throw new Error(`the system did not start:\n${output()}`);
    }
    await wait(50);
  }
  return {
    serverUrl,
    kioskUrl,
    dataDirectory,
    usableAfterMs: performance.now() - startedAt,
    output,
    async end() {
      child.kill("SIGINT");
      return exit;
    },
    remove: () => rmSync(dataDirectory, { recursive: true, force: true }),
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}
