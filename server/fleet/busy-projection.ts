import type { RideEventType } from "#server/rides/ride-events.ts";

/** What of an event matters for the vehicles. */
export interface VehicleEvent {
  readonly type: RideEventType;
  readonly rideKey: string;
  /** null where the event names none. */
  readonly vehicleId: string | null;
}

/** What an event means for the vehicles: a ride begins in one, or a ride is over. */
export type BusyChange =
  | { readonly kind: "begins"; readonly rideKey: string; readonly vehicleId: string }
  | { readonly kind: "ends"; readonly rideKey: string };

/**
 * The change an event makes, or null. A laid card marks its vehicle also when it was refused: the person may ride at
 * the full fare. The vehicle is free again when the ride is recorded, cancelled or its hold has run out.
 */
export function busyChange({ type, rideKey, vehicleId }: VehicleEvent): BusyChange | null {
  switch (type) {
    case "touch.held":
    case "touch.refused":
      return vehicleId === null ? null : { kind: "begins", rideKey, vehicleId };
    case "ride.recorded":
    case "ride.refused":
    case "ride.quarantined":
    case "ride.cancelled":
    case "hold.expired":
      return { kind: "ends", rideKey };
    case "ride.presented":
    case "ride.reversed":
    case "quarantine.resolved":
      return null;
    default:
      return type satisfies never;
  }
}
