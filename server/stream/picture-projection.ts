import type { RideEvent } from "#server/rides/ride-events.ts";

/** What one event changes in the planner's picture. */
export interface PictureChange {
  /** Local boarding day whose counters change. */
  readonly day: number;
  readonly rides: number;
  readonly refused: number;
  readonly subsidyMinor: number;
  /** A covered ride that began in a known zone. */
  readonly began: {
    readonly boardedAtMs: number;
    readonly zone: string;
    /** Opaque keys of its people. */
    readonly people: readonly string[];
  } | null;
  /** A ride the city pays for. */
  readonly paid: { readonly boardedAtMs: number; readonly people: readonly string[] } | null;
  /** Position of the ride that was taken back. */
  readonly reversedPosition: number | null;
}

/** The change an event makes, or null when the picture stays as it is. */
export function pictureChange(event: RideEvent): PictureChange | null {
  switch (event.type) {
    case "ride.recorded": {
      const { boarding, decision, riders } = event.body;
      const people = [...new Set(riders.flatMap((rider) => rider.person ?? []))];
      return {
        day: boarding.local.day,
        rides: 1,
        refused: 0,
        subsidyMinor: decision.subsidyMinor,
        began: boarding.zone === null ? null : { boardedAtMs: boarding.atMs, zone: boarding.zone, people },
        paid: decision.subsidyMinor > 0 ? { boardedAtMs: boarding.atMs, people } : null,
        reversedPosition: null,
      };
    }
    case "ride.refused": {
      const { day } = event.body.boarding.local;
      return { day, rides: 0, refused: 1, subsidyMinor: 0, began: null, paid: null, reversedPosition: null };
    }
    case "ride.reversed": {
      const { boardingDay, ridePosition, subsidyMinor, wasRefused } = event.body;
      return {
        day: boardingDay,
        rides: wasRefused ? 0 : -1,
        refused: wasRefused ? -1 : 0,
        subsidyMinor: -subsidyMinor,
        began: null,
        paid: null,
        reversedPosition: ridePosition,
      };
    }
    default:
      return null;
  }
}
