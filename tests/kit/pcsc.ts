import { existsSync } from "node:fs";
import { missingPcscPackages, openPcscService, type PcscService } from "#simulators/card/pcsc-service.ts";

/** A running PC/SC service with the virtual reader. */
export interface TestPcsc {
  /** Ends pcscd and starts it again; `whileAway` runs in between. */
  restart(whileAway: () => Promise<void>): Promise<void>;
  /** Ends pcscd if the tests started it. */
  stop(): Promise<void>;
}

/** Debian packages these tests need and this machine has not. */
export function missingForPcscTests(): readonly string[] {
  const opensc = existsSync("/usr/bin/opensc-tool") ? [] : ["opensc"];
  return [...missingPcscPackages(), ...opensc];
}

/**
 * Starts pcscd with its virtual reader, or takes the one that runs already. Tests call it in `beforeAll` and
 * `stop()` in `afterAll`.
 * @throws Error that says what is missing and how to get it
 */
export async function startPcsc(): Promise<TestPcsc> {
  const missing = missingForPcscTests();
  if (missing.length > 0) throw new Error(`PC/SC tests need: apt-get install ${missing.join(" ")}`);
  let service = await open();
  return {
    async restart(whileAway) {
      if (!service.isOurs) throw new Error("pcscd runs outside the tests: stop it, so that they can restart their own");
      await service.stop();
      await whileAway();
      service = await open();
    },
    stop: () => service.stop(),
  };
}

async function open(): Promise<PcscService> {
  const found = await openPcscService();
  if (!found.ok) throw new Error(found.why);
  return found.service;
}
