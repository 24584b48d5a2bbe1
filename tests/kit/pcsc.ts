import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A running PC/SC service with the virtual reader. */
export interface PcscService {
  /** Ends pcscd and starts it again; `whileAway` runs in between. */
  restart(whileAway: () => Promise<void>): Promise<void>;
  /** Ends pcscd if the tests started it. */
  stop(): Promise<void>;
}

const PCSCD = "/usr/sbin/pcscd";
const SERVICE_SOCKET = "/run/pcscd/pcscd.comm";
const VPCD_PORT = 35963;
const START_MS = 10_000;

/** What has to be installed for these tests; empty when all is there. */
function missingForPcsc(): string[] {
  const needed = [
    [PCSCD, "pcscd"],
    ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "vsmartcard-vpcd"],
    ["/usr/bin/opensc-tool", "opensc"],
  ] as const;
  return needed.filter(([file]) => !existsSync(file)).map(([, name]) => name);
}

/**
 * Starts pcscd with its virtual reader, or takes the one that runs already. Tests call it in `beforeAll` and
 * `stop()` in `afterAll`.
 * @throws Error that says what is missing and how to get it
 */
export async function startPcsc(): Promise<PcscService> {
  const missing = missingForPcsc();
  if (missing.length > 0) throw new Error(`PC/SC tests need: apt-get install ${missing.join(" ")}`);
  let owned: ChildProcess | null = null;
  if (!(await isServing())) owned = await launch();
  return {
    async restart(whileAway) {
      if (owned === null) throw new Error("pcscd runs outside the tests: stop it, so that they can restart their own");
      await end(owned);
      await whileAway();
      owned = await launch();
    },
    async stop() {
      if (owned !== null) await end(owned);
      owned = null;
    },
  };
}

async function launch(): Promise<ChildProcess> {
  if (process.getuid?.() !== 0) throw new Error("pcscd does not run, and only root can start it");
  const child = spawn(PCSCD, ["--foreground"], { stdio: "ignore" });
  for (let waited = 0; waited < START_MS; waited += 100) {
    if (child.exitCode !== null) throw new Error(`pcscd ended with ${child.exitCode}`);
    if (await isServing()) return child;
    await wait(100);
  }
  await end(child);
  throw new Error("pcscd did not open its virtual reader");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function isServing(): Promise<boolean> {
  return (await answers({ path: SERVICE_SOCKET })) && (await answers({ host: "127.0.0.1", port: VPCD_PORT }));
}

function answers(target: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
