/**
 * States of a ride as a table. Where MDS 2.0 passenger-services has a word for the change (vehicle `event_types`),
 * it stands beside it: exports use it. `null`: MDS has none.
 */
export const RIDE_STATES = [
  "opened",
  "riders-on-hold",
  "fare-known",
  "recorded",
  "refused",
  "reversed",
  "quarantined",
  "cancelled",
] as const;
export type RideState = (typeof RIDE_STATES)[number];

export const RIDE_EVENTS = [
  "open",
  "touch",
  "fare",
  "record",
  "refuse",
  "reverse",
  "quarantine",
  "cancel",
  "expire",
] as const;
export type RideEvent = (typeof RIDE_EVENTS)[number];

export interface Transition {
  readonly from: RideState | null;
  readonly event: RideEvent;
  readonly to: RideState;
  /** MDS 2.0 passenger-services event type, or null. */
  readonly mds: "trip_start" | "trip_stop" | "trip_end" | "passenger_cancellation" | "driver_cancellation" | null;
}

export const TRANSITIONS: readonly Transition[] = [
  { from: null, event: "open", to: "opened", mds: null },
  { from: "opened", event: "touch", to: "riders-on-hold", mds: "trip_start" },
  { from: "riders-on-hold", event: "touch", to: "riders-on-hold", mds: null },
  { from: "opened", event: "fare", to: "fare-known", mds: "trip_stop" },
  { from: "riders-on-hold", event: "fare", to: "fare-known", mds: "trip_stop" },
  { from: "fare-known", event: "touch", to: "fare-known", mds: null },
  { from: "fare-known", event: "record", to: "recorded", mds: "trip_end" },
  { from: "fare-known", event: "refuse", to: "refused", mds: "trip_end" },
  { from: "fare-known", event: "quarantine", to: "quarantined", mds: "trip_end" },
  { from: "quarantined", event: "record", to: "recorded", mds: null },
  { from: "quarantined", event: "refuse", to: "refused", mds: null },
  { from: "recorded", event: "reverse", to: "reversed", mds: null },
  { from: "refused", event: "reverse", to: "reversed", mds: null },
  { from: "opened", event: "cancel", to: "cancelled", mds: "driver_cancellation" },
  { from: "riders-on-hold", event: "cancel", to: "cancelled", mds: "passenger_cancellation" },
  { from: "fare-known", event: "cancel", to: "cancelled", mds: "passenger_cancellation" },
  { from: "opened", event: "expire", to: "cancelled", mds: null },
  { from: "riders-on-hold", event: "expire", to: "cancelled", mds: null },
];

/** State after an event, or undefined when the table does not allow it. */
export function nextRideState(from: RideState | null, event: RideEvent): RideState | undefined {
  return TRANSITIONS.find((transition) => transition.from === from && transition.event === event)?.to;
}
