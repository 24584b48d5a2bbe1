import { isCrowd } from "./crowd.ts";

/** Length of the quarters at whose ends pulses change, in milliseconds. Every zone's clock has its quarters at the same instants. */
export const QUARTER_MS = 900_000;
/** A pulse counts the rides of this long before the end of a quarter. */
const WINDOW_MS = 4 * QUARTER_MS;
const STEP = 5;

/** A ride as far as a pulse looks at it. Instants are epoch milliseconds. */
export interface PulseRide {
  readonly zone: string;
  readonly boardedAtMs: number;
  /** When the ledger took the ride. */
  readonly knownAtMs: number;
  /** When the ride was taken back, or null. */
  readonly reversedAtMs: number | null;
  /** Opaque keys of its people, none twice. */
  readonly people: readonly string[];
}

/** What a planner sees of a zone: rides rounded to 5, or null when nothing may be told. */
export interface Pulse {
  readonly zoneId: string;
  /** Start of the last full quarter. */
  readonly quarterStartMs: number;
  readonly rides: number | null;
}

/** End of the last full quarter at an instant. */
export function lastQuarterEnd(nowMs: number): number {
  return Math.floor(nowMs / QUARTER_MS) * QUARTER_MS;
}

/**
 * Pulses of all zones for the hour before `quarterEndMs`. Only what the ledger knew by then counts, so that the answer
 * for a quarter never changes afterwards: whoever watches live sees no single ride. A zone with fewer than ten
 * different people, or in which one person took part in more than half of the rides, stays silent.
 */
export function pulses(zones: readonly string[], rides: readonly PulseRide[], quarterEndMs: number): readonly Pulse[] {
  const byZone = new Map<string, (readonly string[])[]>();
  for (const ride of rides) {
    if (!isCounted(ride, quarterEndMs)) continue;
    const counted = byZone.get(ride.zone) ?? [];
    byZone.set(ride.zone, counted);
    counted.push(ride.people);
  }
  const quarterStartMs = quarterEndMs - QUARTER_MS;
  return zones.map((zoneId) => {
    const counted = byZone.get(zoneId) ?? [];
    return { zoneId, quarterStartMs, rides: isCrowd(counted) ? Math.round(counted.length / STEP) * STEP : null };
  });
}

function isCounted(ride: PulseRide, endMs: number): boolean {
  const began = ride.boardedAtMs >= endMs - WINDOW_MS && ride.boardedAtMs < endMs;
  const stands = ride.reversedAtMs === null || ride.reversedAtMs >= endMs;
  return began && stands && ride.knownAtMs < endMs;
}
