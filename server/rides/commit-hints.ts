import type { MunicipalityId } from "#domain/ids.ts";
import type { RideServiceDeps } from "./ride-service-deps.ts";

/** Shortest time between two hints about one municipality. */
const PAUSE_MS = 200;

/**
 * Tells readers that a log has grown: at once when it was quiet, then at most every {@link PAUSE_MS}, so that under load
 * they read many events at a time instead of competing with the write path for every batch.
 */
export function spacedHints(tell: RideServiceDeps["onCommitted"]): RideServiceDeps["onCommitted"] {
  const pausing = new Map<MunicipalityId, number | null>();
  const pause = (municipality: MunicipalityId): void => {
    pausing.set(municipality, null);
    const timer = setTimeout(() => {
      const newest = pausing.get(municipality) ?? null;
      pausing.delete(municipality);
      if (newest === null) return;
      pause(municipality);
      tell(municipality, newest);
    }, PAUSE_MS);
    timer.unref();
  };
  return (municipality, lastPosition) => {
    if (pausing.has(municipality)) {
      pausing.set(municipality, Math.max(pausing.get(municipality) ?? 0, lastPosition));
      return;
    }
    pause(municipality);
    tell(municipality, lastPosition);
  };
}
