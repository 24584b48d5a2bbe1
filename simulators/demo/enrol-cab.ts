import type { KeyObject } from "node:crypto";
import { createCalendar } from "#domain/time/calendar.ts";
import { parseCityDocumentText } from "#protocol/documents/city-document.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { openCityDesk } from "../api/city-desk.ts";
import { createGraphqlClient } from "../api/graphql-client.ts";
import { createTerminalTokenSource, deriveTerminalKey, SIMULATED_MIGRATION_END_MS } from "../api/terminal-key.ts";
import type { TestCa } from "../card/test-ca.ts";
import { type PastRides, pastRides, recordPastRides, registerDemoPeople } from "./cab-people.ts";

/** The simulated cab as the server knows it. */
export interface CabEnrolment {
  readonly terminalId: string;
  readonly vehicleLabel: string;
  readonly key: KeyObject;
  /** The earlier rides of the six people, recorded while the cab is already usable. */
  readonly past: PastRides;
}

const SEED = "demo-cab";
const VEHICLE_LABEL = "88";
const PACK = "query { terminalPack { cityDocument } }";

/**
 * Makes the cab and its six people known through the public API, as a city's administrator would: company, vehicle,
 * terminal; entitlements and cards; the past rides of one of them. Everything may be repeated at every start.
 * @throws ApiError
 */
export async function enrolCab(options: {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly companyId: string;
  readonly companyName: string;
  readonly clock: () => number;
  readonly ca: TestCa;
}): Promise<CabEnrolment> {
  const { serverUrl, municipality, companyId, companyName, clock } = options;
  const desk = await openCityDesk({ serverUrl, municipality });
  const vehicleId = `${companyId}-demo`;
  const terminalId = `${vehicleId}-cab`;
  const migrationId = `${vehicleId}-migration`;
  const key = deriveTerminalKey(SEED, municipality, terminalId);
  const migrationKey = deriveTerminalKey(SEED, municipality, migrationId);
  await desk.enrolFleet({
    companies: [{ id: companyId, name: companyName }],
    vehicles: [{ id: vehicleId, companyId, label: VEHICLE_LABEL }],
    terminals: [
      { id: terminalId, kind: "CAB", vehicleId, publicKey: key.publicKeyBase64 },
      {
        id: migrationId,
        kind: "MIGRATION",
        publicKey: migrationKey.publicKeyBase64,
        validUntil: SIMULATED_MIGRATION_END_MS,
      },
    ],
  });
  const clientOf = (id: string, privateKey: KeyObject) => {
    const token = createTerminalTokenSource({ municipality, terminalId: id, privateKey }, clock);
    return createGraphqlClient({ serverUrl, authorization: async () => `Terminal ${await token()}` });
  };
  const cab = clientOf(terminalId, key.privateKey);
  const { terminalPack } = await cab.request<{ terminalPack: { cityDocument: string } }>(PACK, {});
  const city = parseCityDocumentText(terminalPack.cityDocument);
  const calendar = createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes);
  const people = { city, calendar, now: clock, ca: options.ca, desk };
  await registerDemoPeople(people);
  const past = recordPastRides(clientOf(migrationId, migrationKey.privateKey), pastRides(people, vehicleId));
  return { terminalId, vehicleLabel: VEHICLE_LABEL, key: key.privateKey, past };
}
