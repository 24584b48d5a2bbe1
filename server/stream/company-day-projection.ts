import type { CompanyId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";

/**
 * Totals of a company's day. `rides` are covered rides, `refused` those refused by the scheme, both without the
 * reversed ones, which are counted apart; the amounts are those of all rides that were not reversed.
 */
export interface DayTotals {
  readonly rides: number;
  readonly refused: number;
  readonly reversed: number;
  readonly fareMinor: number;
  readonly subsidyMinor: number;
  readonly riderPaysMinor: number;
}

/** Totals of a day on which nothing happened. */
export const NO_TOTALS: DayTotals = {
  rides: 0,
  refused: 0,
  reversed: 0,
  fareMinor: 0,
  subsidyMinor: 0,
  riderPaysMinor: 0,
};

/** What one event changes on a company's day. */
export interface CompanyDayChange {
  readonly companyId: CompanyId;
  /** Local boarding day. */
  readonly day: number;
  /** The line that appears or changes, by the position of its ride's event. */
  readonly linePosition: number;
  readonly kind: "added" | "reversed";
  /** To be added to the day's totals. */
  readonly delta: DayTotals;
}

/** The change an event makes, or null when it concerns no company's day. */
export function companyDayChange(event: RideEvent): CompanyDayChange | null {
  switch (event.type) {
    case "ride.recorded":
    case "ride.refused": {
      const { companyId, boarding, decision } = event.body;
      if (companyId === null) return null;
      const isRefused = event.type === "ride.refused";
      const delta = {
        rides: isRefused ? 0 : 1,
        refused: isRefused ? 1 : 0,
        reversed: 0,
        fareMinor: decision.fareMinor,
        subsidyMinor: decision.subsidyMinor,
        riderPaysMinor: decision.riderPaysMinor,
      };
      return { companyId, day: boarding.local.day, linePosition: event.position, kind: "added", delta };
    }
    case "ride.reversed": {
      const { companyId, boardingDay, ridePosition, wasRefused } = event.body;
      if (companyId === null) return null;
      const delta = {
        rides: wasRefused ? 0 : -1,
        refused: wasRefused ? -1 : 0,
        reversed: 1,
        fareMinor: -event.body.fareMinor,
        subsidyMinor: -event.body.subsidyMinor,
        riderPaysMinor: -event.body.riderPaysMinor,
      };
      return { companyId, day: boardingDay, linePosition: ridePosition, kind: "reversed", delta };
    }
    default:
      return null;
  }
}

/** Sum of totals. */
export function addTotals(a: DayTotals, b: DayTotals): DayTotals {
  return {
    rides: a.rides + b.rides,
    refused: a.refused + b.refused,
    reversed: a.reversed + b.reversed,
    fareMinor: a.fareMinor + b.fareMinor,
    subsidyMinor: a.subsidyMinor + b.subsidyMinor,
    riderPaysMinor: a.riderPaysMinor + b.riderPaysMinor,
  };
}
