import type { CityDesk } from "../api/city-desk.ts";
import { deriveTerminalKey } from "../api/terminal-key.ts";
import type { Cab } from "./cabs.ts";
import type { CityModel } from "./city-model.ts";

/** Registers the companies of a city, the given cabs and one terminal for each. May be repeated. */
export async function enrolCityFleet(
  desk: CityDesk,
  city: CityModel,
  { cabs, seed }: { cabs: readonly Cab[]; seed: number | string },
): Promise<void> {
  await desk.enrolFleet({
    companies: city.demand.companies.map(({ id, name }) => ({ id, name })),
    vehicles: cabs.map(({ vehicleId, companyId, label }) => ({ id: vehicleId, companyId, label })),
    terminals: cabs.map(({ terminalId, vehicleId }) => ({
      id: terminalId,
      kind: "CAB" as const,
      vehicleId,
      publicKey: deriveTerminalKey(seed, city.id, terminalId).publicKeyBase64,
    })),
  });
}
