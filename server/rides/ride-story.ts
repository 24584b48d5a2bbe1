import { nextRideState, type RideEvent, type RideState } from "#domain/ride/ride-state.ts";
import { otherRideOf } from "./batch/quarantined.ts";
import type { RideEvent as LoggedEvent } from "./ride-events.ts";

/** An entry of the log as far as the story of its ride needs it. */
export type StoryEvent = Pick<LoggedEvent, "type" | "rideKey"> & {
  readonly body: { readonly accepted?: boolean; readonly withdrawn?: boolean };
};

/**
 * State of a ride after an entry of the log, in the words of the table of ride states. The server hears of the fare
 * together with the ride, and of a ride without signal only then: what lies between is taken as having happened.
 * @returns undefined when the table does not allow the entry: the log is broken
 */
export function rideStateAfter(state: RideState | null, entry: StoryEvent): RideState | null | undefined {
  let now: RideState | null | undefined = state;
  for (const event of changesOf(state, entry)) now = now === undefined ? undefined : nextRideState(now, event);
  return now;
}

/** Changes of the table an entry stands for. */
function changesOf(state: RideState | null, { type, rideKey, body }: StoryEvent): readonly RideEvent[] {
  const begun: readonly RideEvent[] = state === null ? ["open"] : [];
  const atFare: readonly RideEvent[] = state === "quarantined" || state === "cancelled" ? [] : [...begun, "fare"];
  switch (type) {
    case "touch.held":
      return [...begun, "touch"];
    case "touch.refused":
      return begun;
    case "hold.expired":
      return ["expire"];
    case "ride.cancelled":
      return [...begun, "cancel"];
    case "ride.recorded":
      return [...atFare, "record"];
    case "ride.refused":
      return [...atFare, "refuse"];
    case "ride.quarantined":
      return [...atFare, "quarantine"];
    case "ride.reversed":
      return ["reverse"];
    case "quarantine.resolved": {
      const isNothing = body.withdrawn === true || (body.accepted === false && otherRideOf(rideKey) !== null);
      // Otherwise the ride's own entry follows.
      return isNothing ? ["cancel"] : [];
    }
    case "ride.presented":
      return [];
    default:
      return type satisfies never;
  }
}
