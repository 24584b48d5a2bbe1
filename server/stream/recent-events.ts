import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";

/**
 * The newest events of each log as this process wrote them, so that readers that keep up need not read them back from the
 * database. It is memory, not truth: whoever does not find an event here reads the log.
 */
export interface RecentEvents {
  /** Takes the events of one committed batch, in order. */
  add(municipality: MunicipalityId, events: readonly RideEvent[]): void;
  /** At most `limit` events that follow a position without a gap; none when the next one is not known here. */
  after(municipality: MunicipalityId, position: number, limit: number): readonly RideEvent[];
}

/** Bodies are about 2 kB each. */
const KEPT = 3_000;

/** Keeps up to `kept` events a municipality. */
export function createRecentEvents(kept = KEPT): RecentEvents {
  const logs = new Map<MunicipalityId, RideEvent[]>();
  return {
    add(municipality, events) {
      const [first] = events;
      if (!first) return;
      const known = logs.get(municipality);
      const last = known?.at(-1)?.position ?? -1;
      // Batches of several connections, or of another process, may come out of order: only an unbroken run is kept.
      if (known && first.position <= last) return;
      if (!known || first.position !== last + 1) {
        logs.set(municipality, [...events]);
        return;
      }
      known.push(...events);
      if (known.length > 2 * kept) known.splice(0, known.length - kept);
    },
    after(municipality, position, limit) {
      const known = logs.get(municipality);
      const first = known?.[0];
      if (!known || !first || position < first.position - 1) return [];
      const start = position - first.position + 1;
      return known.slice(start, start + limit);
    },
  };
}
