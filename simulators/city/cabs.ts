import type { Random } from "../random.ts";
import type { CityModel } from "./city-model.ts";

/** A cab with its own terminal, as enrolled at the server. */
export interface Cab {
  readonly vehicleId: string;
  readonly terminalId: string;
  readonly companyId: string;
  /** Number painted on the cab, unique within its company. */
  readonly label: string;
  /** What its firm charges for the way to a passenger who telephoned; 0 for most. */
  readonly pickupMinor: number;
}

const FIRST_LABEL = 101;

/** All cabs of a city, in the order of its companies. Ids come from the data alone, not from a seed. */
export function listCabs(city: CityModel): readonly Cab[] {
  return city.demand.companies.flatMap((company) =>
    Array.from({ length: company.cabs }, (_, number) => {
      const label = String(FIRST_LABEL + number);
      const vehicleId = `${company.id}-${label}`;
      return {
        vehicleId,
        terminalId: `${vehicleId}-cab`,
        companyId: company.id,
        label,
        pickupMinor: company.pickupMinor,
      };
    }),
  );
}

const MS_PER_MINUTE = 60_000;
/** Minutes a cab needs between two rides. */
const TURNAROUND_MINUTES = 6;
const TRIES = 24;

/** Hands out cabs so that none carries two rides at once. */
export function createDispatcher(
  cabs: readonly Cab[],
  random: Random,
): (boardedAtMs: number, alightedAtMs: number) => Cab {
  const freeFrom = new Float64Array(cabs.length);
  return (boardedAtMs, alightedAtMs) => {
    let chosen = random.below(cabs.length);
    for (let tries = 0; tries < TRIES && (freeFrom[chosen] as number) > boardedAtMs; tries++) {
      chosen = random.below(cabs.length);
    }
    for (let other = 0; other < cabs.length && (freeFrom[chosen] as number) > boardedAtMs; other++) chosen = other;
    freeFrom[chosen] = alightedAtMs + TURNAROUND_MINUTES * MS_PER_MINUTE;
    return cabs[chosen] as Cab;
  };
}
