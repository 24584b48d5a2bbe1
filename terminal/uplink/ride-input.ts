import type { Ride, Touch } from "../session/state.ts";

/** `company-discount` → `COMPANY_DISCOUNT`, as GraphQL writes its enums. */
function enumName(kind: string): string {
  return kind.toUpperCase().replaceAll("-", "_");
}

/** A rider as `RiderInput`: by the hold of the touch, or by sealed evidence where there is none. */
function riderInput(touch: Touch, usesChosen: number): object {
  const holdId = touch.standing?.holdId;
  return holdId ? { holdId, usesChosen } : { sealedEvidence: touch.sealed, usesChosen };
}

/** What the passenger was shown, as `PresentedInput`. */
export function presentedInput(ride: Ride): object {
  return {
    shownAt: ride.confirmedAtMs,
    offline: ride.amounts?.offline ?? true,
    subsidyMinor: ride.amounts?.subsidyMinor ?? 0,
    riderPaysMinor: ride.amounts?.riderPaysMinor ?? 0,
  };
}

/**
 * A submitted ride as `RideInput`. Depends on the journalled ride alone, so that the same ride always has the same
 * facts, however often and from whatever process it is sent.
 */
export function rideInput(ride: Ride, presented: boolean): object {
  return {
    rideId: ride.rideId,
    boardedAt: ride.boardedAtMs,
    alightedAt: Math.max(ride.boardedAtMs, ride.fare?.alightedAtMs ?? ride.boardedAtMs),
    distanceM: ride.fare?.distanceM ?? null,
    components: (ride.fare?.components ?? []).map(({ kind, amountMinor }) => ({ kind: enumName(kind), amountMinor })),
    riders: ride.touches.map((touch) => riderInput(touch, ride.usesChosen ?? 1)),
    erasable: { salt: ride.salt, boarding: ride.boardingPlace, alighting: ride.fare?.place ?? null },
    ...(presented && ride.confirmedAtMs !== null ? { presented: presentedInput(ride) } : {}),
  };
}

/** A touch as `OpenRideInput`. */
export function openRideInput(ride: Ride, touch: Touch, companions: readonly string[]): object {
  return {
    rideId: ride.rideId,
    touchId: touch.touchId,
    touchedAt: touch.touchedAtMs,
    boardedAt: ride.boardedAtMs,
    sealedEvidence: touch.sealed,
    place: ride.boardingPlace,
    companions,
  };
}
