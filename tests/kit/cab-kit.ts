import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import {
  type ClientToDemoEvents,
  DEMO_NAMESPACE,
  type DemoCommand,
  type DemoToClientEvents,
} from "#protocol/demo/control.ts";
import { readConfig } from "#server/config.ts";
import { createLog } from "#server/log.ts";
import { startServer } from "#server/start-server.ts";
import { openStaffClient } from "#simulators/api/staff-client.ts";
import { type Cab, type CabObserver, startCab } from "#simulators/demo/cab.ts";
import { FAST_PACE } from "#simulators/demo/cab-script.ts";

export const CAB_CITY = "maebashi";
const COMPANY = "company-3";
/** Tuesday 2026-11-24, 11:00 in Tokyo: within the scheme's hours. */
const STARTS_AT_MS = Date.UTC(2026, 10, 24, 2, 0);

/** What the book says of one ride. */
export interface BookRide {
  readonly rideKey: string;
  readonly status: string;
  readonly reversed: boolean;
  readonly fareMinor: number;
  readonly subsidyMinor: number;
}

/** A real server in this process with simulated cabs beside it, all on one shifted clock that runs. */
export interface CabStack {
  readonly serverUrl: string;
  readonly dataDir: string;
  now(): number;
  /** A cab in this process, with the in-process card, at a quick pace. */
  cab(observe?: CabObserver): Promise<Cab>;
  /** A cab as a process of its own, to be killed. */
  spawnCab(kioskPort: number): Promise<ChildProcess>;
  /** Rides of the cab's company on the day of the test, as the ledger has them. */
  book(): Promise<readonly BookRide[]>;
  quarantined(): Promise<readonly string[]>;
  setTerminalState(terminalId: string, state: "ACTIVE" | "STOPPED"): Promise<void>;
  bookTotals(): Promise<{ decidedSubsidyMinor: number; postedSubsidyMinor: number; eventSubsidyMinor: number }>;
  stop(): Promise<void>;
}

/** Starts the server over a new directory, in the scheme's hours unless the real time is asked for. */
export async function startCabStack(time: "opening-hours" | "real" = "opening-hours"): Promise<CabStack> {
  const dataDir = mkdtempSync(join(tmpdir(), "notte-cab-"));
  const offsetMs = time === "real" ? 0 : STARTS_AT_MS - Date.now();
  const read = readConfig({
    NOTTE_MODE: "demo",
    PORT: "0",
    DATA_DIR: dataDir,
    LOG_LEVEL: "error",
    CLOCK_OFFSET_MS: String(offsetMs),
  });
  if (!read.ok) throw new Error(read.problems.join(" "));
  const server = await startServer(read.config, { log: createLog("error") });
  const now = (): number => Date.now() + offsetMs;
  const ask = async <Data>(query: string): Promise<Data> => {
    const auditor = await openStaffClient({ serverUrl: server.url, municipality: CAB_CITY }, "AUDITOR");
    return auditor.request<Data>(query, {});
  };
  return {
    serverUrl: server.url,
    dataDir,
    now,
    cab: (observe) =>
      startCab({
        serverUrl: server.url,
        kioskPort: 0,
        dataDir,
        clock: now,
        municipality: CAB_CITY,
        companyId: COMPANY,
        companyName: "Company 3",
        door: "in-process",
        kioskRoot: join(import.meta.dirname, "../../terminal/kiosk/dist"),
        pace: FAST_PACE,
        ...(observe ? { observe } : {}),
      }),
    async spawnCab(kioskPort) {
      const child = spawn(process.execPath, ["run.mjs", "simulators/demo/cab-main.ts"], {
        env: {
          ...process.env,
          SERVER_URL: server.url,
          KIOSK_PORT: String(kioskPort),
          DATA_DIR: dataDir,
          CLOCK_OFFSET_MS: String(offsetMs),
          DEMO_MUNICIPALITY: CAB_CITY,
          DEMO_COMPANY_ID: COMPANY,
          CAB_DOOR: "in-process",
          CAB_PACE: "fast",
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const giveUpAt = performance.now() + 60_000;
      while (!(await isUp(`http://localhost:${kioskPort}/healthz`))) {
        if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error("the cab did not start");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return child;
    },
    async book() {
      const { companyDay } = await ask<{ companyDay: { rides: readonly BookRide[] } }>(
        `{ companyDay(municipality: "${CAB_CITY}", companyId: "${COMPANY}", first: 500) {
             rides { rideKey status reversed fareMinor subsidyMinor } } }`,
      );
      return companyDay.rides;
    },
    async quarantined() {
      const { quarantine } = await ask<{ quarantine: readonly { rideKey: string }[] }>(
        `{ quarantine(municipality: "${CAB_CITY}") { rideKey } }`,
      );
      return quarantine.map(({ rideKey }) => rideKey);
    },
    async setTerminalState(terminalId, state) {
      const admin = await openStaffClient({ serverUrl: server.url, municipality: CAB_CITY }, "CITY_ADMIN");
      await admin.request(
        `mutation($m: ID!, $t: ID!, $s: TerminalState!) { setTerminalState(municipality: $m, terminalId: $t, state: $s) { ok } }`,
        { m: CAB_CITY, t: terminalId, s: state },
      );
    },
    async bookTotals() {
      const { bookTotals } = await ask<{ bookTotals: Awaited<ReturnType<CabStack["bookTotals"]>> }>(
        `{ bookTotals(municipality: "${CAB_CITY}") { decidedSubsidyMinor postedSubsidyMinor eventSubsidyMinor } }`,
      );
      return bookTotals;
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}

/** The control namespace of a cab, as the control page uses it. */
export interface CabRemote {
  command(command: DemoCommand): Promise<{ ok: boolean; message: string | null }>;
  close(): void;
}

/** Connects to a cab's control namespace. */
export async function openCabRemote(kioskUrl: string): Promise<CabRemote> {
  const socket: Socket<DemoToClientEvents, ClientToDemoEvents> = io(`${kioskUrl}${DEMO_NAMESPACE}`, {
    transports: ["websocket"],
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return {
    command: (command) => new Promise((resolve) => socket.emit("command", command, resolve)),
    close: () => void socket.close(),
  };
}
