import { randomBytes, randomUUID } from "node:crypto";
import { resolve } from "node:path";
import process from "node:process";
import { createCalendar } from "#domain/time/calendar.ts";
import { METER_PROFILES } from "#protocol/meter/meter-profile.ts";
import { redactedLine } from "#protocol/redact.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { type Agent, createAgent } from "./agent.ts";
import { readTerminalConfig, type TerminalConfig } from "./config.ts";
import { createHidMeter } from "./devices/hid-meter.ts";
import { jpkiDriver } from "./devices/jpki-driver.ts";
import { createKeypadMeter } from "./devices/keypad-meter.ts";
import type { MeterPort } from "./devices/meter.ts";
import { createPcscReader } from "./devices/pcsc-reader.ts";
import { Journal } from "./journal/journal.ts";
import { JournalError } from "./journal/journal-error.ts";
import { openKeyFile, type TerminalKeyFile } from "./key-file.ts";
import { type KioskServer, startKioskServer } from "./kiosk-server.ts";
import { createGraphqlUplink } from "./uplink/graphql-uplink.ts";
import { keptPack, type OpenedPack, obtainPack } from "./uplink/pack-cache.ts";
import { createServerClock } from "./uplink/server-clock.ts";
import { createTerminalTokens } from "./uplink/terminal-token.ts";
import type { Uplink } from "./uplink/uplink.ts";
import { UplinkError } from "./uplink/uplink-error.ts";

/** The terminal of a cab: composition root of production. */

const PACK_RETRY_MS = 3_000;
const PACK_RENEW_MS = 3_600_000;
const LEVELS = ["info", "warn", "error"] as const;

/** Prints one clear sentence and ends the process. */
function refuse(sentence: string): never {
  process.stderr.write(`terminal: ${sentence}\n`);
  process.exit(1);
}

function logTo(least: TerminalConfig["logLevel"]) {
  return (level: (typeof LEVELS)[number], message: string, fields: object = {}): void => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    process.stdout.write(`${redactedLine({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  };
}

function openKey(config: TerminalConfig): TerminalKeyFile {
  try {
    return openKeyFile(config.keyFile);
  } catch (error) {
    return refuse(`the key file ${config.keyFile} cannot be used (${(error as Error).message}).`);
  }
}

function openJournal(config: TerminalConfig): Journal {
  try {
    return new Journal(config.journalFile);
  } catch (error) {
    const code = error instanceof JournalError ? error.code : "IO";
    if (code === "LOCKED") return refuse(`another terminal uses ${config.journalFile}; end it or set JOURNAL_DIR.`);
    if (code === "CORRUPT") {
      return refuse(
        `the journal ${config.journalFile} is damaged; keep the file for recovery and set JOURNAL_DIR anew.`,
      );
    }
    return refuse(`the journal ${config.journalFile} cannot be opened (${code}: ${(error as Error).message}).`);
  }
}

async function openKiosk(config: TerminalConfig): Promise<KioskServer> {
  try {
    return await startKioskServer({
      port: config.kioskPort,
      root: resolve(import.meta.dirname, "kiosk/dist"),
      trustedOrigins: [new URL(config.serverUrl).origin],
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return refuse(`port ${config.kioskPort} is already in use; set KIOSK_PORT.`);
    return refuse(`the kiosk cannot listen on port ${config.kioskPort} (${message}).`);
  }
}

function openMeter(config: TerminalConfig, absurdFareMinor: number): MeterPort {
  const profile = METER_PROFILES.find((candidate) => candidate.id === config.meter);
  return profile ? createHidMeter({ profile, clock: () => performance.now() }) : createKeypadMeter(absurdFareMinor);
}

/**
 * Waits for the first pack: without one the terminal knows neither city nor scheme. Says once what it waits for. One that
 * was stopped works on with the pack it has: it takes no cards, but hands in what it confirmed before.
 */
async function firstPack(uplink: Uplink, journal: Journal, publicKey: string): Promise<OpenedPack> {
  for (let told = ""; ; ) {
    let waitingFor = "the server cannot be reached; waiting for it";
    try {
      const opened = await obtainPack(uplink, journal);
      if (opened) return opened;
    } catch (error) {
      if (!(error instanceof UplinkError)) throw error;
      const kept = keptPack(journal);
      if (kept) return kept;
      waitingFor = `the server does not know this terminal yet; enrol it with this public key: ${publicKey}`;
    }
    if (told !== waitingFor) process.stdout.write(`terminal: ${waitingFor}\n`);
    told = waitingFor;
    await new Promise((resolve) => setTimeout(resolve, PACK_RETRY_MS));
  }
}

async function main(): Promise<void> {
  const read = readTerminalConfig(process.env);
  if (!read.ok) refuse(read.problems.join(" "));
  const { config } = read;
  const log = logTo(config.logLevel);
  const keyFile = openKey(config);
  if (keyFile.isNew) process.stdout.write(`terminal: new key; public part for enrolment: ${keyFile.publicKeyBase64}\n`);
  const journal = openJournal(config);
  const kiosk = await openKiosk(config);
  let agent: Agent | null = null;
  let renewing: NodeJS.Timeout | undefined;
  const end = async (): Promise<void> => {
    clearInterval(renewing);
    await agent?.stop();
    await kiosk.close();
    journal.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end());

  const clock = createServerClock(Date.now, Number(journal.setting("clock-skew-ms") ?? 0));
  const identity = { municipality: config.municipality, terminalId: config.terminalId, key: keyFile.key };
  const tokens = createTerminalTokens(identity, clock.now);
  const uplink = createGraphqlUplink({
    serverUrl: config.serverUrl,
    municipality: config.municipality,
    tokens,
    clock: clock.now,
    fetch,
    onRefused: clock.refused,
  });
  const take = (opened: OpenedPack) => {
    clock.measured(opened.skewMs);
    journal.set("clock-skew-ms", String(clock.skewMs));
    return partsOf(opened);
  };
  const opened = await firstPack(uplink, journal, keyFile.publicKeyBase64);
  agent = createAgent({
    ...take(opened),
    terminalId: config.terminalId,
    reader: createPcscReader(),
    readerNote: null,
    drivers: [jpkiDriver],
    meter: openMeter(config, opened.city.absurdFareMinor),
    journal,
    uplink,
    clock: clock.now,
    ids: { uuid: randomUUID, bytes: (length) => randomBytes(length), fraction: Math.random },
    onView: kiosk.show,
    log,
  });
  agent.start();
  kiosk.attach(agent);
  const working = agent;
  renewing = setInterval(() => {
    obtainPack(uplink, journal).then(
      (renewed) => renewed && working.renew(take(renewed)),
      (error: unknown) => log("warn", "the pack was not renewed", { error: String(error) }),
    );
  }, PACK_RENEW_MS);
  process.stdout.write(`terminal: ready on ${kiosk.url}\n`);
}

function partsOf({ city, pack }: OpenedPack) {
  const calendar = createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes);
  return {
    rules: { city, calendar, vehicleLabel: pack.vehicleLabel ?? pack.terminalId },
    sealing: {
      municipality: pack.municipality,
      keyId: pack.sealingKey.keyId,
      publicKeySpki: Buffer.from(pack.sealingKey.spki, "base64"),
    },
  };
}

await main();
