import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { InProcessReason } from "#protocol/demo/control.ts";
import { VPCD_DEFAULT, type VpcdAddress } from "./vpcd-door.ts";

/** The PC/SC service (pcscd) with vsmartcard's virtual reader. */
export interface PcscService {
  /** True when it was started here, and ends with `stop`. */
  readonly isOurs: boolean;
  /** Ends the service if it was started here; resolves when it is gone. */
  stop(): Promise<void>;
}

/** The service, or a clause that says why there is none. */
export type PcscServiceFound =
  | { readonly ok: true; readonly service: PcscService }
  | { readonly ok: false; readonly reason: InProcessReason; readonly why: string };

const PCSCD = "/usr/sbin/pcscd";
const SETPRIV = "/usr/bin/setpriv";
const SERVICE_SOCKET = "/run/pcscd/pcscd.comm";
const PACKAGES = [
  [PCSCD, "pcscd"],
  ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "vsmartcard-vpcd"],
] as const;
const START_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Debian packages of the service that are not installed here. */
export function missingPcscPackages(): readonly string[] {
  return PACKAGES.filter(([file]) => !existsSync(file)).map(([, name]) => name);
}

/** Takes the service that runs, or starts one where this process may. An aborted start leaves nothing behind. */
export async function openPcscService(signal?: AbortSignal): Promise<PcscServiceFound> {
  const missing = missingPcscPackages();
  if (missing.length > 0) {
    const detail = missing.join(", ");
    return { ok: false, reason: { code: "NOT_INSTALLED", detail }, why: `not installed: ${detail}` };
  }
  if (await isServing()) return { ok: true, service: { isOurs: false, stop: async () => undefined } };
  if (process.getuid?.() !== 0)
    return {
      ok: false,
      reason: { code: "NOT_RUNNING", detail: null },
      why: "the PC/SC service is not running, and only root may start it",
    };
  const child = launch();
  const stop = (): Promise<void> => end(child);
  const until = performance.now() + START_MS;
  while (performance.now() < until && isAlive(child) && !signal?.aborted) {
    if (await isServing()) return { ok: true, service: { isOurs: true, stop } };
    await wait(LOOK_EVERY_MS);
  }
  await stop();
  return { ok: false, reason: { code: "NOT_STARTED", detail: null }, why: "the PC/SC service could not be started" };
}

/** True when the virtual reader listens for a card. */
export function isVirtualReaderOpen(address: VpcdAddress = VPCD_DEFAULT, patienceMs = START_MS): Promise<boolean> {
  return answers({ host: address.host, port: address.port }, patienceMs);
}

async function isServing(): Promise<boolean> {
  return (await answers({ path: SERVICE_SOCKET }, START_MS)) && (await isVirtualReaderOpen());
}

/** The kernel ends the service when this process is gone, however it went (`setpriv` is part of every Debian). */
function launch(): ChildProcess {
  const child = spawn(SETPRIV, ["--pdeathsig", "TERM", PCSCD, "--foreground"], { stdio: "ignore", detached: true });
  // Without setpriv there is no process: that shows as a service that could not be started.
  child.on("error", () => undefined);
  return child;
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

function answers(target: { path: string } | { host: string; port: number }, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patienceMs, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
