import { isCrowd, LEAST_PEOPLE } from "./crowd.ts";
import { QUARTER_MS } from "./pulse.ts";

/** Fewer rides than this never move the sum. */
export const LEAST_RIDES = LEAST_PEOPLE;

/** A ride the city pays for, as far as the sum looks at it. Quarters are named by their start (epoch milliseconds). */
export interface PaidRide {
  /**
   * Quarter in which the ledger took the ride: by the newest instant in the log up to and with the ride, so that a ride
   * that was committed late belongs to the quarter in which it could first be seen.
   */
  readonly knownQuarterMs: number;
  /** Quarter in which the ride was taken back, in the same sense, or null. */
  readonly reversedQuarterMs: number | null;
  readonly subsidyMinor: number;
  /** Opaque keys of its people, none twice. */
  readonly people: readonly string[];
}

/** What the city pays for the rides that may be told of. */
export interface ToldMoney {
  readonly subsidyMinor: number;
  /** Rides the sum is of. */
  readonly rides: number;
  /** End of the quarter (epoch milliseconds) up to which it counts, or null before the first. */
  readonly upToMs: number | null;
}

/**
 * The sum that may be told once the quarters before `currentQuarterMs` are over. Rides wait until, at the end of a
 * quarter, enough of them with enough different people have gathered; then all of them are added at once. What is added
 * stays for the day, also when a ride is taken back later; one that is taken back while it waits is never added. Every
 * two sums of a day therefore differ by nothing or by whole groups: no comparison, however often, gives a single ride.
 * @param rides of one day, in any order
 */
export function toldMoney(rides: readonly PaidRide[], currentQuarterMs: number): ToldMoney {
  const told = toldRides(rides, currentQuarterMs);
  return {
    subsidyMinor: told.rides.reduce((sum, ride) => sum + ride.subsidyMinor, 0),
    rides: told.rides.length,
    upToMs: told.upToMs,
  };
}

/** The rides of {@link toldMoney}. */
export function toldRides(
  rides: readonly PaidRide[],
  currentQuarterMs: number,
): { readonly rides: readonly PaidRide[]; readonly upToMs: number | null } {
  const told: PaidRide[] = [];
  let waiting: readonly PaidRide[] = rides.filter((ride) => ride.subsidyMinor > 0);
  let upToMs: number | null = null;
  for (const endMs of quarterEnds(waiting)) {
    if (endMs > currentQuarterMs) break;
    const group = waiting.filter((ride) => ride.knownQuarterMs < endMs && stands(ride, endMs));
    if (group.length < LEAST_RIDES || !isCrowd(group.map((ride) => ride.people))) continue;
    told.push(...group);
    const added = new Set(group);
    waiting = waiting.filter((ride) => !added.has(ride));
    upToMs = endMs;
  }
  return { rides: told, upToMs };
}

function stands({ reversedQuarterMs }: PaidRide, endMs: number): boolean {
  return reversedQuarterMs === null || reversedQuarterMs >= endMs;
}

/** Ends of the quarters in which something changed, in order. */
function quarterEnds(rides: readonly PaidRide[]): readonly number[] {
  const starts = rides.flatMap((ride) => [ride.knownQuarterMs, ride.reversedQuarterMs ?? ride.knownQuarterMs]);
  return [...new Set(starts)].sort((a, b) => a - b).map((start) => start + QUARTER_MS);
}
