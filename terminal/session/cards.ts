import type { OpenAnswer, SessionEvent } from "./events.ts";
import { standingWithoutServer } from "./local-decision.ts";
import { amend } from "./record.ts";
import {
  ANSWER_WITHIN_MS,
  MAX_RIDERS,
  REMARK_MS,
  type Ride,
  type Standing,
  type Touch,
  UNDO_WITHIN_MS,
} from "./state.ts";
import { clearRide, emit, keepRide, openRide, set, sound, type Turn } from "./turn.ts";

/** A card is laid: one laying, one touch. */
export function cardLaid(turn: Turn, cardNumber: number): void {
  if (turn.s.card && turn.s.card.cardNumber >= cardNumber) return;
  set(turn, { problem: null, notice: null, forgotten: null });
  if (turn.s.finale) set(turn, { finale: null });
  const blocked = turn.s.stopped || turn.s.journalFault !== null;
  set(turn, {
    card: { cardNumber, touchId: turn.fresh.touchId, present: true, stage: blocked ? "settled" : "reading" },
  });
  if (!blocked) emit(turn, { kind: "read-card", cardNumber });
}

/** A card is lifted. A reading that has begun may still end well. */
export function cardLifted(turn: Turn, cardNumber: number): void {
  const { card, forgotten } = turn.s;
  if (card?.cardNumber !== cardNumber) return;
  set(turn, { card: card.stage === "settled" ? null : { ...card, present: false } });
  if (forgotten) set(turn, { forgotten: null });
}

/** The reader is there. */
export function readerReady(turn: Turn, name: string): void {
  set(turn, { reader: { ...turn.s.reader, name, present: true } });
}

/** The reader is gone; what lay on it cannot be known. */
export function readerAbsent(turn: Turn, reason: string): void {
  set(turn, { reader: { ...turn.s.reader, present: false, note: reason }, card: null, forgotten: null });
}

/** The card could not be read, or is no card of this kind. */
export function cardUnreadable(turn: Turn, event: Extract<SessionEvent, { kind: "card-unreadable" }>): void {
  const { card } = turn.s;
  if (card?.cardNumber !== event.cardNumber || card.stage !== "reading") return;
  remark(turn, event.why === "failed" ? 3 : event.why === "several" ? 9 : 10);
  settleCard(turn);
  emit(turn, { kind: "forget-card", touchId: card.touchId });
}

/** The card was read: a new rider, or one who is already counted. */
export function cardRead(turn: Turn, event: Extract<SessionEvent, { kind: "card-read" }>): void {
  const { card, nowMs, closed } = turn.s;
  if (card?.cardNumber !== event.cardNumber || card.stage !== "reading") return;
  const { touchId } = card;
  // A card laid again while its rider is still getting out is no new ride; once the meter is vacant it is a new boarding.
  const { meter } = turn.s;
  const left = meter.technology !== "keypad" && meter.connected && meter.state === "vacant";
  const justPaid = turn.s.ride === null && closed !== null && nowMs < closed.closedAtMs + UNDO_WITHIN_MS && !left;
  const counted = turn.s.ride?.touches ?? (justPaid ? closed.ride.touches : []);
  if (counted.some((touch) => touch.cardTag === event.cardTag)) {
    rejectLaying(turn, touchId, 8);
    return;
  }
  if (counted.length >= MAX_RIDERS && turn.s.ride) {
    rejectLaying(turn, touchId, 26);
    return;
  }
  if (turn.s.ride && turn.s.ride.submittedAtMs !== null) {
    // The amounts are already decided without this rider: they are decided anew with them.
    if (turn.s.ride.confirmedAtMs === null) {
      rejectLaying(turn, touchId, 3);
      return;
    }
    amend(turn, turn.s.ride.fare);
  }
  const ride = turn.s.ride ?? openRide(turn, false);
  const touch: Touch = {
    touchId,
    cardTag: event.cardTag,
    sealed: event.sealed,
    touchedAtMs: nowMs,
    answerByMs: nowMs + ANSWER_WITHIN_MS,
    standing: null,
  };
  const companions = ride.touches.map((other) => other.touchId);
  set(turn, {
    card: { ...card, stage: "opening" },
    knowledge: { ...turn.s.knowledge, [touchId]: event.known },
  });
  const kept = keepRide(turn, { ...ride, touches: [...ride.touches, touch] });
  emit(turn, { kind: "open", ride: kept, touch, companions });
  // Known to be without signal: nobody waits for an answer that cannot come. It is still asked for.
  if (!turn.s.signal.online) decideWithoutServer(turn, touch);
}

function rejectLaying(turn: Turn, touchId: string, message: 3 | 8 | 26): void {
  remark(turn, message);
  settleCard(turn);
  emit(turn, { kind: "forget-card", touchId });
}

/** The server answered a touch. */
export function opened(turn: Turn, event: { rideId: string; touchId: string; answer: OpenAnswer }): void {
  const { ride } = turn.s;
  const touch = ride?.touches.find((candidate) => candidate.touchId === event.touchId);
  if (!ride || ride.rideId !== event.rideId || !touch) return;
  if (event.answer.inputError !== null) {
    if (touch.standing === null) forgetTouch(turn, ride, touch);
    return;
  }
  emit(turn, { kind: "keep-entry", touchId: touch.touchId, standing: event.answer.standing });
  // What was shown stands: a late answer changes nothing once the facts are fixed.
  if (ride.submittedAtMs === null) settleTouch(turn, touch, event.answer.standing);
}

/** The evidence was worth nothing to the server: as if the card had not been read. */
function forgetTouch(turn: Turn, ride: Ride, touch: Touch): void {
  const touches = ride.touches.filter((other) => other.touchId !== touch.touchId);
  if (touches.length === 0 && !ride.departed) {
    clearRide(turn);
    emit(turn, { kind: "drop", rideId: ride.rideId });
  } else keepRide(turn, { ...ride, touches });
  remark(turn, 10);
  settleCard(turn);
  emit(turn, { kind: "forget-card", touchId: touch.touchId });
}

/** No answer to a touch: the cab says what it knows itself. */
export function openFailed(turn: Turn, event: { rideId: string; touchId: string }): void {
  const { ride } = turn.s;
  const touch = ride?.touches.find((candidate) => candidate.touchId === event.touchId);
  if (ride?.rideId === event.rideId && touch?.standing === null) decideWithoutServer(turn, touch);
}

/** The cab's own answer to a touch. */
export function decideWithoutServer(turn: Turn, touch: Touch): void {
  const { ride, knowledge, unknownGranted } = turn.s;
  if (!ride) return;
  const known = knowledge[touch.touchId];
  const standing = standingWithoutServer(turn.rules, { ride, touch, known, unknownGranted });
  if (standing.source === "unknown" && standing.usable) set(turn, { unknownGranted: unknownGranted + 1 });
  settleTouch(turn, touch, standing);
}

function settleTouch(turn: Turn, touch: Touch, standing: Standing): void {
  const { ride, card } = turn.s;
  if (!ride) return;
  const told = touch.standing;
  const touches = ride.touches.map((other) => (other.touchId === touch.touchId ? { ...touch, standing } : other));
  const kept = keepRide(turn, { ...ride, touches });
  if (card?.touchId === touch.touchId) settleCard(turn);
  if (told === null || told.usable !== standing.usable) {
    sound(turn, standing.usable ? "accepted" : "look");
    if (kept.departed) set(turn, { notice: { touchId: touch.touchId, untilMs: turn.s.nowMs + REMARK_MS } });
  }
}

/** A short remark about a laying that did not become a touch. */
function remark(turn: Turn, message: 3 | 8 | 9 | 10 | 26): void {
  set(turn, { problem: { message, untilMs: turn.s.nowMs + REMARK_MS } });
  sound(turn, "look");
}

function settleCard(turn: Turn): void {
  const { card } = turn.s;
  if (card) set(turn, { card: card.present ? { ...card, stage: "settled" } : null });
}
