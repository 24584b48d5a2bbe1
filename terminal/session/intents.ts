import { minor } from "#domain/money/money.ts";
import type { KioskIntent } from "#protocol/kiosk/view.ts";
import { closeRide, endUnpaid, isImplausible, meterRead, paidWithoutJournal, showCancelled, takeBack } from "./fare.ts";
import { choicesOf } from "./local-decision.ts";
import { REMARK_MS, UNDO_WITHIN_MS } from "./state.ts";
import { clearRide, emit, isCardLying, keepRide, meterFare, openRide, set, sound, type Turn } from "./turn.ts";

/** What people press. While the car moves the screen shows but takes nothing. */
export function intended(turn: Turn, intent: KioskIntent): void {
  if (turn.s.moving) return;
  switch (intent.kind) {
    case "act":
      act(turn, intent.act);
      return;
    case "choose-uses":
      chooseUses(turn, intent.uses);
      return;
    case "keypad-fare":
      keypadFare(turn, intent.fareMinor, intent.repeatedFareMinor);
      return;
    case "undo":
      undo(turn);
      return;
    case "cancel-ride":
      cancelRide(turn);
      return;
    case "record-by-hand":
      recordByHand(turn, intent.reason);
      return;
    default:
      intent satisfies never;
      return;
  }
}

function act(turn: Turn, name: Extract<KioskIntent, { kind: "act" }>["act"]): void {
  switch (name) {
    case "depart":
      depart(turn);
      return;
    case "full-fare":
      fullFareAct(turn);
      return;
    case "paid":
      paid(turn);
      return;
    case "card-back":
      if (turn.s.forgotten) sound(turn, "take-card");
      return;
    case "next-passenger":
      if (!isCardLying(turn.s)) set(turn, { finale: null, problem: null });
      return;
    default:
      name satisfies never;
      return;
  }
}

function depart(turn: Turn): void {
  const { ride, meter } = turn.s;
  if (!ride || ride.departed || ride.touches.some((touch) => touch.standing === null)) return;
  const byKeypad = meter.technology === "keypad" || !meter.connected;
  set(turn, { notice: null, problem: null });
  if (byKeypad) set(turn, { meter: { ...meter, state: "hired", components: [], distanceM: null } });
  keepRide(turn, { ...ride, departed: true, hired: ride.hired || byKeypad });
}

/** The driver goes on at the full fare: before departure with a refused card, or with a fare that cannot be sent. */
function fullFareAct(turn: Turn): void {
  const { ride } = turn.s;
  if (!ride) return;
  if (!ride.departed) {
    depart(turn);
    return;
  }
  if (ride.fare && isImplausible(turn, ride)) payOutside(turn);
}

function paid(turn: Turn): void {
  const { ride } = turn.s;
  if (!ride) return;
  if (ride.confirmedAtMs !== null) closeRide(turn);
  else if (turn.s.journalFault !== null && meterFare(turn.s) > 0) paidWithoutJournal(turn, ride);
  else if (ride.submittedAtMs === null && (ride.touches.length === 0 || ride.byHand) && meterFare(turn.s) > 0) {
    payOutside(turn);
  } else return;
  backToVacant(turn);
}

/** The full fare was paid outside the city's book: no card, a fare beyond belief, or a ride written down by hand. */
function payOutside(turn: Turn): void {
  const { ride } = turn.s;
  if (!ride) return;
  if (ride.byHand) emit(turn, { kind: "note-by-hand", ride });
  endUnpaid(turn, ride, "DRIVER");
  set(turn, { meterSpent: true });
  backToVacant(turn);
}

/** A typed fare has no meter that would go back by itself. */
function backToVacant(turn: Turn): void {
  const { meter } = turn.s;
  if (meter.technology !== "keypad" && meter.connected) return;
  set(turn, { meter: { ...meter, state: "vacant", components: [], distanceM: null }, meterSpent: false });
}

function chooseUses(turn: Turn, uses: number): void {
  const { ride } = turn.s;
  if (!ride?.fare || ride.submittedAtMs !== null) return;
  if (!choicesOf(turn.rules, ride).some((choice) => choice.uses === uses)) return;
  keepRide(turn, { ...ride, usesChosen: uses });
}

/** The fare typed by the driver, twice; taken only when both agree and no meter speaks for itself. */
function keypadFare(turn: Turn, fareMinor: number, repeatedFareMinor: number): void {
  const { meter } = turn.s;
  if (meter.technology !== "keypad" && meter.connected) return;
  if (fareMinor <= 0 || fareMinor !== repeatedFareMinor) {
    sound(turn, "look");
    return;
  }
  const connected = meter.connected;
  const components = [{ kind: "meter" as const, amountMinor: minor(fareMinor) }];
  meterRead(turn, { state: "paying", components, distanceM: null });
  set(turn, { meter: { ...turn.s.meter, connected } });
}

function undo(turn: Turn): void {
  const { closed, nowMs, ride } = turn.s;
  if (!closed || ride || nowMs > closed.closedAtMs + UNDO_WITHIN_MS) return;
  set(turn, { closed: null, forgotten: null });
  emit(turn, { kind: "reverse", ride: closed.ride, reason: "UNDONE", atMs: nowMs });
  showCancelled(turn, closed.ride.amounts?.uses ?? 0);
}

function cancelRide(turn: Turn): void {
  const { ride } = turn.s;
  if (!ride) return;
  if (ride.confirmedAtMs !== null) {
    takeBack(turn, ride);
    return;
  }
  if (ride.submittedAtMs !== null) {
    set(turn, { cancelWanted: true });
    return;
  }
  if (ride.touches.length === 0) {
    clearRide(turn);
    emit(turn, { kind: "drop", rideId: ride.rideId });
    return;
  }
  const held = ride.touches.filter((touch) => touch.standing?.usable).length;
  endUnpaid(turn, ride, "PASSENGER");
  showCancelled(turn, held);
}

/** Card or reader fail: the ride goes on at the full fare and the driver's numbered note is kept. */
function recordByHand(turn: Turn, reason: "card" | "reader"): void {
  const ride = turn.s.ride ?? openRide(turn, false);
  if (ride.submittedAtMs !== null) return;
  keepRide(turn, { ...ride, byHand: reason });
  set(turn, { problem: { message: 26, untilMs: turn.s.nowMs + REMARK_MS } });
}
