import type { CompanyId } from "#domain/ids.ts";
import { borneIn, standingOf } from "#domain/settlement/postings.ts";
import type { Totals } from "#protocol/stream/events.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";

/**
 * Totals of a company's day. `rides` are covered rides, `refused` those refused by the scheme, both without the
 * reversed ones, which are counted apart; the amounts are those of all rides that were not reversed. Fare, subsidy and the
 * riders' part are the decided ones; who bears what was shown beyond them stands beside.
 */
export interface DayTotals {
  readonly rides: number;
  readonly refused: number;
  readonly reversed: number;
  readonly fareMinor: number;
  readonly subsidyMinor: number;
  readonly riderPaysMinor: number;
  readonly cityBearsMinor: number;
  readonly companyBearsMinor: number;
}

/** Totals of a day on which nothing happened. */
export const NO_TOTALS: DayTotals = {
  rides: 0,
  refused: 0,
  reversed: 0,
  fareMinor: 0,
  subsidyMinor: 0,
  riderPaysMinor: 0,
  cityBearsMinor: 0,
  companyBearsMinor: 0,
};

/** What one event changes on a company's day. */
export type CompanyDayChange = {
  readonly companyId: CompanyId;
  /** The line that appears or changes, by the position of its ride's event. */
  readonly linePosition: number;
  /** To be added to the day's totals. */
  readonly delta: DayTotals;
} & (
  | {
      readonly kind: "added" | "reversed";
      /** Local boarding day. */
      readonly day: number;
    }
  /** Something else than before was shown; the event does not say the day, its ride's event does. */
  | { readonly kind: "shown" }
);

/** The change an event makes, or null when it concerns no company's day. */
export function companyDayChange(event: RideEvent): CompanyDayChange | null {
  switch (event.type) {
    case "ride.recorded":
    case "ride.refused": {
      const { companyId, boarding, decision, postings } = event.body;
      if (companyId === null) return null;
      const isRefused = event.type === "ride.refused";
      const delta = {
        rides: isRefused ? 0 : 1,
        refused: isRefused ? 1 : 0,
        reversed: 0,
        fareMinor: decision.fareMinor,
        subsidyMinor: decision.subsidyMinor,
        riderPaysMinor: decision.riderPaysMinor,
        ...borneIn(postings),
      };
      return { companyId, day: boarding.local.day, linePosition: event.position, kind: "added", delta };
    }
    case "ride.presented": {
      const { companyId, ridePosition, postings } = event.body;
      if (companyId === null || postings.length === 0) return null;
      return { companyId, linePosition: ridePosition, kind: "shown", delta: { ...NO_TOTALS, ...borneIn(postings) } };
    }
    case "ride.reversed": {
      const { companyId, boardingDay, ridePosition, wasRefused, postings } = event.body;
      if (companyId === null) return null;
      const delta = {
        rides: wasRefused ? 0 : -1,
        refused: wasRefused ? -1 : 0,
        reversed: 1,
        fareMinor: -event.body.fareMinor,
        subsidyMinor: -event.body.subsidyMinor,
        riderPaysMinor: -event.body.riderPaysMinor,
        // The postings take back what stood, also what was shown after the ride.
        ...borneIn(postings),
      };
      return { companyId, day: boardingDay, linePosition: ridePosition, kind: "reversed", delta };
    }
    default:
      return null;
  }
}

/** Totals with what stands: what riders paid and what the company gets from the city. */
export function totalsOf(day: DayTotals): Totals {
  return { ...day, ...standingOf(day, day) };
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
    cityBearsMinor: a.cityBearsMinor + b.cityBearsMinor,
    companyBearsMinor: a.companyBearsMinor + b.companyBearsMinor,
  };
}
