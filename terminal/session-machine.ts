import {
  cardLaid,
  cardLifted,
  cardRead,
  cardUnreadable,
  opened,
  openFailed,
  readerAbsent,
  readerReady,
} from "./session/cards.ts";
import type { SessionEffect, SessionEvent, Stimulus } from "./session/events.ts";
import { meterRead, proceed } from "./session/fare.ts";
import { intended } from "./session/intents.ts";
import { timePassed } from "./session/passing-time.ts";
import { decideRideAlone, journalled, recorded } from "./session/record.ts";
import { ANSWER_WITHIN_MS, type ClosedRide, type Ride, type SessionRules, type SessionState } from "./session/state.ts";
import { emit, set, type Turn } from "./session/turn.ts";

/** What one step leads to: the next state, and what the agent has to do, in this order, before anything is shown. */
export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

const CLOCK_SET_BACK_MS = 60_000;

/** The session machine: pure. The same state and stimulus always give the same step. */
export function step(rules: SessionRules, state: SessionState, stimulus: Stimulus): Step {
  const turn: Turn = { rules, fresh: stimulus.fresh, s: { ...state, nowMs: stimulus.atMs }, effects: [] };
  // A clock that was set back makes every remembered instant meaningless.
  if (stimulus.atMs < state.nowMs - CLOCK_SET_BACK_MS)
    set(turn, { problem: null, notice: null, finale: null, closed: null });
  dispatch(turn, stimulus.event);
  proceed(turn);
  return { state: turn.s, effects: turn.effects };
}

function dispatch(turn: Turn, event: SessionEvent): void {
  switch (event.kind) {
    case "reader-ready":
      readerReady(turn, event.name);
      return;
    case "reader-absent":
      readerAbsent(turn, event.reason);
      return;
    case "card-laid":
      cardLaid(turn, event.cardNumber);
      return;
    case "card-lifted":
      cardLifted(turn, event.cardNumber);
      return;
    case "card-read":
      cardRead(turn, event);
      return;
    case "card-unreadable":
      cardUnreadable(turn, event);
      return;
    case "meter-connected":
      set(turn, { meter: { ...turn.s.meter, connected: true } });
      return;
    case "meter-disconnected":
      set(turn, { meter: { ...turn.s.meter, connected: false, state: "off" } });
      return;
    case "meter":
      meterRead(turn, event.reading);
      return;
    case "opened":
      opened(turn, event);
      return;
    case "open-failed":
      openFailed(turn, event);
      return;
    case "recorded":
      recorded(turn, event.answer);
      return;
    case "record-failed":
      turn.s.ride?.rideId === event.rideId ? decideRideAlone(turn) : undefined;
      return;
    case "journalled":
      journalled(turn, event.rideId);
      return;
    case "journal-failed":
      set(turn, { journalFault: event.code, confirming: false });
      return;
    case "journal-mended":
      journalMended(turn);
      return;
    case "signal":
      signalled(turn, event.online, event.waiting);
      return;
    case "stopped":
      set(turn, { stopped: event.stopped });
      return;
    case "place":
      set(turn, { place: event.place, moving: event.moving });
      return;
    case "intent":
      intended(turn, event.intent);
      return;
    case "time":
      timePassed(turn);
      return;
    default:
      event satisfies never;
      return;
  }
}

/** The journal takes writes again: a ride that could not be confirmed is decided now. */
function journalMended(turn: Turn): void {
  const { paidOutside } = turn.s;
  set(turn, { journalFault: null, paidOutside: null });
  if (paidOutside) {
    const { ride, closedAtMs: atMs } = paidOutside;
    if (ride.submittedAtMs === null) emit(turn, { kind: "cancel", ride, reason: "DRIVER" });
    else emit(turn, { kind: "reverse", ride, reason: "CANCELLED", atMs });
  }
  decideRideAlone(turn);
}

/** The signal came or went. When it comes back, touches the server has not answered are asked for again. */
function signalled(turn: Turn, online: boolean, waiting: number): void {
  const cameBack = online && !turn.s.signal.online;
  set(turn, { signal: { online, waiting }, ...(cameBack ? { unknownGranted: 0 } : {}) });
  const { ride } = turn.s;
  if (cameBack && ride && ride.submittedAtMs === null) askAgain(turn, ride);
}

function askAgain(turn: Turn, ride: Ride): void {
  ride.touches.forEach((touch, index) => {
    if (touch.standing?.source === "server") return;
    const companions = ride.touches.slice(0, index).map((other) => other.touchId);
    emit(turn, { kind: "open", ride, touch, companions });
  });
}

/**
 * Takes up a ride found in the journal after the process died at any instant: a confirmed one is shown as it was
 * confirmed, a submitted one is submitted again with the same facts, an earlier one goes on where it was.
 */
export function resume(
  rules: SessionRules,
  state: SessionState,
  found: { readonly ride: Ride | null; readonly closed: ClosedRide | null; readonly fresh: Stimulus["fresh"] },
): Step {
  const turn: Turn = {
    rules,
    fresh: found.fresh,
    s: { ...state, ride: found.ride, closed: found.closed },
    effects: [],
  };
  const { ride } = found;
  if (ride && ride.confirmedAtMs === null) {
    if (ride.submittedAtMs !== null) {
      set(turn, { recordByMs: state.nowMs + ANSWER_WITHIN_MS });
      emit(turn, { kind: "record", ride });
    } else {
      const touches = ride.touches.map((touch) => ({ ...touch, answerByMs: state.nowMs + ANSWER_WITHIN_MS }));
      const awaited = { ...ride, touches };
      set(turn, { ride: awaited });
      askAgain(turn, awaited);
    }
  }
  return { state: turn.s, effects: turn.effects };
}
