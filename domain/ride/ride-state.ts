/**
 * States of a ride as a table. Where MDS 2.0 passenger-services has a word for the change (vehicle `event_types`),
 * it stands beside it: exports use it. `null`: MDS has none.
 */
export const RIDE_STATES = [
  /** The cab has opened a ride; nobody holds uses. */
  "opened",
  /** At least one rider's uses are held. */
  "riders-on-hold",
  /** The meter stands at paying. */
  "fare-known",
  /** In the ledger with at least one granted rider. */
  "recorded",
  /** In the ledger with no subsidy and a reason. */
  "refused",
  /** Taken back by an opposite entry. */
  "reversed",
  /** Shown to a passenger but not acceptable as it is: a person decides. */
  "quarantined",
  /** Ended before payment. */
  "cancelled",
] as const;
export type RideState = (typeof RIDE_STATES)[number];

/** What happens to a ride. */
export const RIDE_EVENTS = [
  "open",
  /** A card is laid and its uses are held. */
  "touch",
  /** The meter goes to paying. */
  "fare",
  /** The meter goes back from paying: the ride goes on. */
  "resume",
  "record",
  "refuse",
  "reverse",
  "quarantine",
  "cancel",
  /** The holds ran out. The ride stays: it can still be recorded without them. */
  "expire",
] as const;
export type RideEvent = (typeof RIDE_EVENTS)[number];

/** Vehicle events of MDS 2.0 passenger-services that a ride gives rise to. */
export type MdsVehicleEvent =
  | "trip_start"
  | "trip_stop"
  | "trip_resume"
  | "trip_end"
  | "passenger_cancellation"
  | "driver_cancellation";

/** One allowed change; `from` null = the ride does not exist yet. */
export interface RideTransition {
  readonly from: RideState | null;
  readonly event: RideEvent;
  readonly to: RideState;
  readonly mds: MdsVehicleEvent | null;
}

/** Every change there is; what is not listed cannot happen. */
export const RIDE_TRANSITIONS: readonly RideTransition[] = [
  { from: null, event: "open", to: "opened", mds: "trip_start" },
  { from: "opened", event: "touch", to: "riders-on-hold", mds: null },
  { from: "riders-on-hold", event: "touch", to: "riders-on-hold", mds: null },
  { from: "opened", event: "fare", to: "fare-known", mds: "trip_stop" },
  { from: "riders-on-hold", event: "fare", to: "fare-known", mds: "trip_stop" },
  { from: "fare-known", event: "touch", to: "fare-known", mds: null },
  { from: "fare-known", event: "resume", to: "riders-on-hold", mds: "trip_resume" },
  { from: "fare-known", event: "record", to: "recorded", mds: "trip_end" },
  { from: "fare-known", event: "refuse", to: "refused", mds: "trip_end" },
  { from: "fare-known", event: "quarantine", to: "quarantined", mds: "trip_end" },
  { from: "quarantined", event: "record", to: "recorded", mds: null },
  { from: "quarantined", event: "refuse", to: "refused", mds: null },
  // The driver took it back, or it was another ride told twice: nothing is entered.
  { from: "quarantined", event: "cancel", to: "cancelled", mds: null },
  { from: "recorded", event: "reverse", to: "reversed", mds: null },
  { from: "refused", event: "reverse", to: "reversed", mds: null },
  { from: "opened", event: "cancel", to: "cancelled", mds: "driver_cancellation" },
  { from: "riders-on-hold", event: "cancel", to: "cancelled", mds: "passenger_cancellation" },
  { from: "fare-known", event: "cancel", to: "cancelled", mds: "passenger_cancellation" },
  { from: "riders-on-hold", event: "expire", to: "opened", mds: null },
  { from: "fare-known", event: "expire", to: "fare-known", mds: null },
  // Of several holds each runs out on its own.
  { from: "opened", event: "expire", to: "opened", mds: null },
  { from: "quarantined", event: "expire", to: "quarantined", mds: null },
  // What a passenger was shown counts, also when the cab had said before that the ride was off.
  { from: "cancelled", event: "record", to: "recorded", mds: "trip_end" },
  { from: "cancelled", event: "refuse", to: "refused", mds: "trip_end" },
  { from: "cancelled", event: "quarantine", to: "quarantined", mds: "trip_end" },
];

/** The change an event makes, or undefined when the table does not allow it. */
export function rideTransition(from: RideState | null, event: RideEvent): RideTransition | undefined {
  return RIDE_TRANSITIONS.find((transition) => transition.from === from && transition.event === event);
}

/** State after an event, or undefined when the table does not allow it. */
export function nextRideState(from: RideState | null, event: RideEvent): RideState | undefined {
  return rideTransition(from, event)?.to;
}
