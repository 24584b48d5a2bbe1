import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gazetteer } from "#protocol/documents/gazetteer.ts";
import { openCityDesk } from "../api/city-desk.ts";
import { createGraphqlClient, type GraphqlClient } from "../api/graphql-client.ts";
import { createTerminalTokenSource, deriveTerminalKey, SIMULATED_MIGRATION_END_MS } from "../api/terminal-key.ts";
import { createTestCa } from "../card/test-ca.ts";
import { type Cab, listCabs } from "../city/cabs.ts";
import { loadCityModel } from "../city/city-model.ts";
import { enrolCityFleet } from "../city/enrol-city-fleet.ts";
import { createCardHolders } from "../people/card-holders.ts";
import { readEvidence } from "../people/read-evidence.ts";
import { createRandom } from "../random.ts";
import type { FleetWorld } from "./live-cab.ts";
import { createRoadGraph } from "./road-graph.ts";
import type { FleetOptions } from "./run-fleet.ts";

/** A fleet that is registered and may begin. */
export interface FleetSetUp {
  readonly world: FleetWorld;
  readonly cabs: readonly Cab[];
  /** Tokens of the terminal that reports the positions of the whole fleet. */
  readonly telemetryToken: () => Promise<string>;
  /** A client that speaks as the cab's own terminal. A closing one does not wait and is not stopped. */
  clientOf(cab: Cab, closing?: boolean): GraphqlClient;
}

const TELEMETRY_TERMINAL = "fleet-positions";
const RETRY_FOR_MS = 300_000;
/** Different people without a registration. */
const STRANGERS = 50;

/**
 * Registers cabs, terminals and the telemetry terminal, and opens the TEST CA.
 * @throws ApiError, CityModelError
 */
export async function setUpFleet(options: FleetOptions): Promise<FleetSetUp> {
  const { municipality, now, seed, serverUrl, signal } = options;
  const city = loadCityModel(options.citiesDirectory, municipality);
  const file = join(options.citiesDirectory, municipality, "gazetteer.json");
  const places = gazetteer.parse(JSON.parse(readFileSync(file, "utf8")));
  const desk = await openCityDesk({ ...options, retryForMs: RETRY_FOR_MS });
  const cabs = spread(listCabs(city), options.cabs);
  await enrolCityFleet(desk, city, { cabs, seed });
  const { publicKeyBase64 } = deriveTerminalKey(seed, municipality, TELEMETRY_TERMINAL);
  await desk.enrolFleet({
    companies: [],
    vehicles: [],
    terminals: [
      { id: TELEMETRY_TERMINAL, kind: "MIGRATION", publicKey: publicKeyBase64, validUntil: SIMULATED_MIGRATION_END_MS },
    ],
  });
  const holders = createCardHolders({ municipality, ca: await createTestCa(options.testCaDirectory), desk });
  const sealing = { municipality, ...(await desk.sealingKey()) };
  // Live rides differ from run to run: their ids must never meet those of an earlier start.
  const random = createRandom(`${seed}/live/${now()}`);
  const tokenOf = (terminalId: string): (() => Promise<string>) => {
    const { privateKey } = deriveTerminalKey(seed, municipality, terminalId);
    return createTerminalTokenSource({ municipality, terminalId, privateKey }, now);
  };
  return {
    cabs,
    telemetryToken: tokenOf(TELEMETRY_TERMINAL),
    clientOf(cab, closing = false) {
      const token = tokenOf(cab.terminalId);
      const authorization = async (): Promise<string> => `Terminal ${await token()}`;
      return createGraphqlClient(
        closing
          ? { serverUrl, authorization, retryForMs: 0 }
          : { serverUrl, authorization, lastCalls: signal, retryForMs: RETRY_FOR_MS },
      );
    },
    world: {
      city,
      roads: createRoadGraph(places, city.streets),
      now,
      speed: options.speed ?? 1,
      random,
      signal,
      async evidenceOf(resident, atMs) {
        const card = resident ? await holders.cardOf(resident) : await holders.strangersCard(random.below(STRANGERS));
        return readEvidence(card, sealing, atMs);
      },
    },
  };
}

/** `wanted` cabs evenly spread over all, so that every company has its share. */
function spread(all: readonly Cab[], wanted: number): readonly Cab[] {
  const count = Math.min(wanted, all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as Cab);
}
