import { fareOf } from "#domain/ride/fare.ts";
import type { Fresh, SessionEffect } from "./events.ts";
import type { Ride, SessionRules, SessionState } from "./state.ts";

/** One step of the machine while it is being worked out: the state so far and the effects so far. Never escapes a step. */
export interface Turn {
  readonly rules: SessionRules;
  readonly fresh: Fresh;
  s: SessionState;
  readonly effects: SessionEffect[];
}

/** Changes the state. */
export function set(turn: Turn, change: Partial<SessionState>): void {
  turn.s = { ...turn.s, ...change };
}

/** Adds an effect. */
export function emit(turn: Turn, effect: SessionEffect): void {
  turn.effects.push(effect);
}

/** Plays a sound once. */
export function sound(turn: Turn, cue: "accepted" | "look" | "take-card"): void {
  set(turn, { sound: { sequence: turn.s.sound.sequence + 1, cue } });
}

/** Replaces the ride and writes it into the journal. */
export function keepRide(turn: Turn, ride: Ride): Ride {
  set(turn, { ride });
  emit(turn, { kind: "save", ride });
  return ride;
}

/** Opens a ride without riders yet. */
export function openRide(turn: Turn, hired: boolean): Ride {
  const { fresh, s } = turn;
  set(turn, { finale: null, forgotten: null, notice: null, knowledge: {}, cancelWanted: false });
  return keepRide(turn, {
    rideId: fresh.rideId,
    tag: fresh.tag,
    salt: fresh.salt,
    boardedAtMs: s.nowMs,
    boardingPlace: s.place,
    touches: [],
    departed: hired,
    hired,
    fare: null,
    usesChosen: null,
    submittedAtMs: null,
    amounts: null,
    confirmedAtMs: null,
    status: null,
    corrects: null,
    byHand: null,
  });
}

/** The ride is over: nothing of it stays in the working state. */
export function clearRide(turn: Turn): void {
  const { card } = turn.s;
  if (card?.stage === "opening") set(turn, { card: card.present ? { ...card, stage: "settled" } : null });
  set(turn, {
    ride: null,
    confirming: false,
    recordByMs: null,
    knowledge: {},
    notice: null,
    problem: null,
    cancelWanted: false,
  });
}

/** What the meter asks for now, in minor units; 0 while it is not at 支払 or its fare is over. */
export function meterFare(s: SessionState): number {
  return s.meter.state === "paying" && !s.meterSpent ? fareOf(s.meter.components) : 0;
}

/** True while a card is being read or its answer is awaited. */
export function isAnswerAwaited(s: SessionState): boolean {
  return s.card?.stage === "reading" || (s.ride?.touches.some((touch) => touch.standing === null) ?? false);
}

/** True when a card lies on the reader. */
export function isCardLying(s: SessionState): boolean {
  return s.card?.present ?? false;
}

/** True when the meter says that nobody is being driven. */
export function isMeterFree(s: SessionState): boolean {
  return s.meter.state === "vacant" || s.meter.state === "pickup";
}
