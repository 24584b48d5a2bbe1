import { describe, expect, it } from "vitest";
import {
  nextRideState,
  RIDE_EVENTS,
  RIDE_STATES,
  RIDE_TRANSITIONS,
  type RideEvent,
  type RideState,
  rideTransition,
} from "./ride-state.ts";

/** The table once more, written down as rows of what each state allows: event → state. Everything else is refused. */
const ALLOWED: Readonly<Record<RideState | "none", Partial<Record<RideEvent, RideState>>>> = {
  none: { open: "opened" },
  opened: { touch: "riders-on-hold", fare: "fare-known", cancel: "cancelled", expire: "opened" },
  "riders-on-hold": { touch: "riders-on-hold", fare: "fare-known", cancel: "cancelled", expire: "opened" },
  "fare-known": {
    touch: "fare-known",
    resume: "riders-on-hold",
    record: "recorded",
    refuse: "refused",
    quarantine: "quarantined",
    cancel: "cancelled",
    expire: "fare-known",
  },
  quarantined: { record: "recorded", refuse: "refused", cancel: "cancelled", expire: "quarantined" },
  recorded: { reverse: "reversed" },
  refused: { reverse: "reversed" },
  reversed: {},
  cancelled: { record: "recorded", refuse: "refused", quarantine: "quarantined" },
};

describe("ride states", () => {
  for (const from of [null, ...RIDE_STATES]) {
    it(`from ${from ?? "nothing"}: every event leads where it should or nowhere`, () => {
      for (const event of RIDE_EVENTS) expect(nextRideState(from, event), event).toBe(ALLOWED[from ?? "none"][event]);
    });
  }

  it("has one outcome per state and event", () => {
    const keys = RIDE_TRANSITIONS.map((transition) => `${transition.from} ${transition.event}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("reaches every state from nothing", () => {
    const reached = new Set<RideState | null>([null]);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const { from, to } of RIDE_TRANSITIONS) if (reached.has(from)) reached.add(to);
    }
    expect(RIDE_STATES.filter((state) => !reached.has(state))).toEqual([]);
  });

  it("ends in reversed for ever; a ride in the book can be left by reversal alone", () => {
    const leaving = (from: RideState) => RIDE_TRANSITIONS.filter((transition) => transition.from === from);
    expect(RIDE_STATES.filter((state) => leaving(state).length === 0)).toEqual(["reversed"]);
    for (const booked of ["recorded", "refused"] as const) {
      expect(leaving(booked).map(({ to }) => to)).toEqual(["reversed"]);
    }
  });

  it("speaks MDS 2.0 where MDS has a word: one trip starts once, stops, resumes and ends once", () => {
    const path = ["open", "touch", "fare", "resume", "fare", "record"] as const;
    let state: RideState | null = null;
    const words = path.map((event) => {
      const transition = rideTransition(state, event);
      state = transition?.to ?? null;
      return transition?.mds;
    });
    expect(words).toEqual(["trip_start", null, "trip_stop", "trip_resume", "trip_stop", "trip_end"]);
    expect(rideTransition("opened", "cancel")?.mds).toBe("driver_cancellation");
    expect(rideTransition("riders-on-hold", "cancel")?.mds).toBe("passenger_cancellation");
    expect(rideTransition("recorded", "reverse")?.mds).toBeNull();
  });
});
