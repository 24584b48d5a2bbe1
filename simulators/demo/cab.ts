import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { fareOf } from "#domain/ride/fare.ts";
import { createCalendar } from "#domain/time/calendar.ts";
import type { DemoCommand, DemoState } from "#protocol/demo/control.ts";
import type { KioskView } from "#protocol/kiosk/view.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { type Agent, createAgent } from "#terminal/agent.ts";
import { jpkiDriver } from "#terminal/devices/jpki-driver.ts";
import { Journal } from "#terminal/journal/journal.ts";
import { type KioskServer, startKioskServer } from "#terminal/kiosk-server.ts";
import { createGraphqlUplink } from "#terminal/uplink/graphql-uplink.ts";
import { obtainPack } from "#terminal/uplink/pack-cache.ts";
import { openPositionStream, type PositionStream } from "#terminal/uplink/positions.ts";
import { createTerminalTokens } from "#terminal/uplink/terminal-token.ts";
import { createTestCa, type TestCa } from "../card/test-ca.ts";
import { createVirtualMeter, type VirtualMeter } from "../meter/virtual-meter.ts";
import { createCabClock } from "./cab-clock.ts";
import { type CabControl, serveCabControl } from "./cab-control.ts";
import { type CabDoor, openCabDoor } from "./cab-door.ts";
import { createCabNetwork } from "./cab-network.ts";
import { createDemoCards } from "./cab-people.ts";
import { placesOf } from "./cab-route.ts";
import { HUMAN_PACE, type ScriptPace } from "./cab-script.ts";
import { createCabSimulation, type LayObserver } from "./cab-simulation.ts";
import { type CabEnrolment, enrolCab } from "./enrol-cab.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** What a simulated cab is started with. */
export interface CabOptions {
  readonly serverUrl: string;
  readonly kioskPort: number;
  /** Holds `cab/journal.sqlite` and the TEST CA (`test-ca`). */
  readonly dataDir: string;
  /** The demo's time, epoch ms. */
  readonly clock: () => number;
  readonly municipality: string;
  readonly companyId: string;
  readonly companyName: string;
  /** `auto`: PC/SC where it works. */
  readonly door: "auto" | "in-process";
  /** Directory of the built screen. */
  readonly kioskRoot: string;
  readonly pace?: ScriptPace;
  /** For measuring: what happens between the laying of a card and the paint. */
  readonly observe?: CabObserver;
  /** Gives the start up; it then rejects, and has closed what it had opened. */
  readonly signal?: AbortSignal;
  readonly log?: (level: "info" | "warn" | "error", message: string, fields?: object) => void;
}

/** Watches a cab from outside. */
export interface CabObserver extends LayObserver {
  onView(view: KioskView): void;
  /** The kiosk reported the paint of a revision. */
  onPainted(revision: number): void;
}

/** A simulated cab at work. */
export interface Cab {
  readonly url: string;
  readonly agent: Agent;
  readonly journal: Journal;
  state(): DemoState;
  command(command: DemoCommand): Promise<{ ok: boolean; message: string | null }>;
  /** Progress of the demo history, to be shown on the control page. */
  history(progress: DemoState["history"]): void;
  stop(): Promise<void>;
}

const POSITION_EVERY_MS = 1_000;

/** Enrols, opens devices and journal, and starts the agent and its kiosk. Rejects when the port or the journal is taken. */
export async function startCab(options: CabOptions): Promise<Cab> {
  const journal = new Journal(join(options.dataDir, "cab", "journal.sqlite"));
  let kiosk: KioskServer | null = null;
  // What else fails gives the search for the reader up too.
  const failing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal;
  // The reader needs seconds to be found; the city's desk is asked meanwhile.
  const opening = openCabDoor(options.door, signal);
  opening.catch(() => undefined);
  try {
    kiosk = await startKioskServer({
      port: options.kioskPort,
      root: options.kioskRoot,
      trustedOrigins: originsOf(options.serverUrl),
      pages: [{ path: "/control", root: join(import.meta.dirname, "control/dist") }],
    });
    const ca = await createTestCa(join(options.dataDir, "test-ca"));
    const enrolment = await unlessAborted(enrolCab({ ...options, ca }), signal);
    return await runCab({ options, journal, kiosk, enrolment, door: await opening, ca, signal });
  } catch (error) {
    failing.abort();
    await opening.then(
      (door) => door.close(),
      () => undefined,
    );
    await kiosk?.close();
    journal.close();
    throw error;
  }
}

interface Parts {
  readonly options: CabOptions;
  readonly journal: Journal;
  readonly kiosk: KioskServer;
  readonly enrolment: CabEnrolment;
  readonly door: CabDoor;
  readonly ca: TestCa;
  readonly signal: AbortSignal;
}

async function runCab(parts: Parts): Promise<Cab> {
  const { options, journal, kiosk, enrolment, door } = parts;
  const log = options.log ?? (() => undefined);
  const identity = { municipality: options.municipality, terminalId: enrolment.terminalId, key: enrolment.key };
  const tokens = createTerminalTokens(identity, options.clock);
  let positions: PositionStream | null = null;
  let control: CabControl | null = null;
  const network = createCabNetwork((up) => positions?.connected(up));
  let clock: () => number = options.clock;
  const uplink = createGraphqlUplink({
    serverUrl: options.serverUrl,
    municipality: options.municipality,
    tokens,
    clock: () => clock(),
    fetch: network.fetch,
  });
  const opened = await unlessAborted(obtainPack(uplink, journal), parts.signal);
  if (!opened) throw new Error("the server gave no terminal pack");
  const { city, pack } = opened;
  const calendar = createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes);
  const cabClock = createCabClock(city, calendar, options.clock);
  clock = cabClock.now;
  const meter = createVirtualMeter({ clock: () => performance.now() });
  restoreMeter(meter, journal);
  positions = openPositionStream({ serverUrl: options.serverUrl, tokens, intervalMs: POSITION_EVERY_MS });
  const agent = createAgent({
    rules: { city, calendar, vehicleLabel: pack.vehicleLabel ?? enrolment.vehicleLabel },
    terminalId: enrolment.terminalId,
    sealing: {
      municipality: options.municipality,
      keyId: pack.sealingKey.keyId,
      publicKeySpki: Buffer.from(pack.sealingKey.spki, "base64"),
    },
    reader: door.reader,
    readerNote: door.note,
    drivers: [jpkiDriver],
    meter,
    journal,
    uplink,
    clock,
    ids: { uuid: randomUUID, bytes: (length) => randomBytes(length), fraction: Math.random },
    onView: (view) => {
      kiosk.show(view);
      options.observe?.onView(view);
      control?.changed();
    },
    log,
  });
  const simulation = createCabSimulation({
    agent,
    door,
    meter,
    network,
    clock: cabClock,
    journal,
    cards: createDemoCards({ city, ca: parts.ca }),
    past: enrolment.past,
    places: placesOf(city),
    pace: options.pace ?? HUMAN_PACE,
    reportPosition: (position) => positions?.report(position),
    baseClock: options.clock,
    onChange: () => control?.changed(),
    ...(options.observe ? { observe: options.observe } : {}),
  });
  control = serveCabControl(kiosk.io, simulation);
  agent.start();
  kiosk.attach({
    get view() {
      return agent.view;
    },
    intent: agent.intent,
    painted(revision) {
      options.observe?.onPainted(revision);
      agent.painted(revision);
    },
  });
  return {
    url: kiosk.url,
    agent,
    journal,
    state: simulation.state,
    command: simulation.command,
    history: simulation.history,
    async stop() {
      simulation.stop();
      control?.stop();
      positions?.close();
      await agent.stop();
      await door.close();
      await kiosk.close();
      journal.close();
    },
  };
}

/** The meter goes on where the journal's ride left it: a real one would not have stopped. */
function restoreMeter(meter: VirtualMeter, journal: Journal): void {
  const { ride } = journal.found();
  if (!ride?.hired) return;
  meter.setState("hired");
  if (!ride.fare) return;
  meter.setFare(fareOf(ride.fare.components));
  meter.setState("paying");
}

/** The start page of the server embeds the screen, by either name of this machine. */
function originsOf(serverUrl: string): readonly string[] {
  const { protocol, port } = new URL(serverUrl);
  return ["localhost", "127.0.0.1"].map((name) => `${protocol}//${name}${port ? `:${port}` : ""}`);
}
