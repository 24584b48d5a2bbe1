import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { createPcscReader } from "#terminal/devices/pcsc-reader.ts";
import type { ReaderEvent, ReaderPort } from "#terminal/devices/reader.ts";
import { createInProcessReader } from "../card/in-process-reader.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import { createVpcdDoor } from "../card/vpcd-door.ts";

/** How the simulated cab's cards reach its reader. */
export interface CabDoor {
  readonly reader: ReaderPort;
  /** Why the in-process reader is used; null on PC/SC. */
  readonly note: string | null;
  lay(card: VirtualCard): Promise<void>;
  lift(): Promise<void>;
  close(): Promise<void>;
}

const PCSCD = "/usr/sbin/pcscd";
const VPCD_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const SERVICE_SOCKET = "/run/pcscd/pcscd.comm";
const VPCD_PORT = 35963;
const SERVICE_START_MS = 4_000;
const READER_START_MS = 5_000;

/**
 * The real PC/SC service with the virtual reader of vsmartcard where both are there (started here when this process
 * may), otherwise the in-process reader with the reason.
 */
export async function openCabDoor(wish: "auto" | "in-process"): Promise<CabDoor> {
  if (wish === "in-process") return inProcessDoor("the in-process card was asked for");
  if (!existsSync(PCSCD) || !existsSync(VPCD_DRIVER)) {
    return inProcessDoor("pcscd and vsmartcard-vpcd are not installed");
  }
  let service: ChildProcess | null = null;
  if (!(await isServing())) {
    if (process.getuid?.() !== 0) return inProcessDoor("the PC/SC service is not running");
    service = await startService();
    if (!service) return inProcessDoor("the PC/SC service could not be started");
  }
  const port = createPcscReader();
  const relay = createRelay(port);
  const ready = await relay.firstState(READER_START_MS);
  if (ready?.kind === "ready" && ready.name.includes("Virtual PCD")) return pcscDoor(relay.reader, service);
  const why =
    ready?.kind === "absent" ? ready.reason : ready ? `another reader is connected (${ready.name})` : "no reader";
  await port.close();
  service?.kill("SIGTERM");
  return inProcessDoor(why);
}

function pcscDoor(reader: ReaderPort, service: ChildProcess | null): CabDoor {
  const door = createVpcdDoor();
  return {
    reader,
    note: null,
    lay: (card) => door.lay(card),
    lift: () => door.lift(),
    async close() {
      await door.lift();
      service?.kill("SIGTERM");
    },
  };
}

function inProcessDoor(note: string): CabDoor {
  const reader = createInProcessReader();
  return {
    reader,
    note,
    lay: async (card) => reader.lay(card),
    lift: async () => reader.lift(),
    close: async () => undefined,
  };
}

/** A reader port that was started already: keeps the last state until somebody listens. */
function createRelay(port: ReaderPort) {
  let listener: ((event: ReaderEvent) => void) | null = null;
  let last: Extract<ReaderEvent, { kind: "ready" | "absent" }> | null = null;
  let told: () => void = () => {};
  port.start((event) => {
    if (event.kind === "ready" || event.kind === "absent") {
      last = event;
      told();
    }
    listener?.(event);
  });
  return {
    /** The first word of the reader; an `absent` is given the whole time to turn into `ready`. */
    async firstState(timeoutMs: number) {
      const until = performance.now() + timeoutMs;
      while (last?.kind !== "ready" && performance.now() < until) {
        await new Promise<void>((resolve) => {
          told = resolve;
          setTimeout(resolve, until - performance.now());
        });
      }
      return last as Extract<ReaderEvent, { kind: "ready" | "absent" }> | null;
    },
    reader: {
      technology: "pcsc",
      start(given) {
        listener = given;
        if (last) given(last);
      },
      close: () => port.close(),
    } satisfies ReaderPort,
  };
}

async function startService(): Promise<ChildProcess | null> {
  const child = spawn(PCSCD, ["--foreground"], { stdio: "ignore" });
  const until = performance.now() + SERVICE_START_MS;
  while (performance.now() < until && child.exitCode === null) {
    if (await isServing()) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGTERM");
  return null;
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
