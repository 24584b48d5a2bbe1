import { fareOf } from "#domain/ride/fare.ts";
import type { MeterReading } from "#terminal/devices/meter.ts";
import { choicesOf } from "./local-decision.ts";
import { amend, submit } from "./record.ts";
import { CANCELLED_MS, type FareFacts, FINALE_MS, type Ride } from "./state.ts";
import {
  clearRide,
  emit,
  isAnswerAwaited,
  isCardLying,
  isMeterFree,
  keepRide,
  meterFare,
  openRide,
  set,
  sound,
  type Turn,
} from "./turn.ts";

/** The meter spoke. */
export function meterRead(turn: Turn, reading: MeterReading): void {
  const { state, components, distanceM } = reading;
  set(turn, { meter: { ...turn.s.meter, connected: true, state, components, distanceM } });
  switch (state) {
    case "off":
      return;
    case "vacant":
    case "pickup":
      meterFree(turn);
      return;
    case "hired":
    case "premium":
      meterRunning(turn);
      return;
    case "paying":
      meterPaying(turn);
      return;
    default:
      state satisfies never;
      return;
  }
}

function meterFree(turn: Turn): void {
  set(turn, { meterSpent: false });
  const { ride } = turn.s;
  if (!ride?.hired) return;
  if (turn.s.journalFault !== null && ride.confirmedAtMs === null) {
    paidWithoutJournal(turn, ride);
    return;
  }
  // Recorded or being recorded: it was paid, and ends as soon as the answer is there.
  if (ride.submittedAtMs !== null) return;
  endUnpaid(turn, ride, "MISTAKE");
}

function meterRunning(turn: Turn): void {
  set(turn, { meterSpent: false });
  const { ride } = turn.s;
  if (!ride) {
    openRide(turn, true);
    return;
  }
  if (ride.confirmedAtMs !== null) {
    amend(turn, null);
    return;
  }
  if (ride.submittedAtMs !== null) return;
  if (ride.fare) keepRide(turn, { ...ride, fare: null, usesChosen: null });
  else if (!ride.hired) {
    set(turn, { notice: null });
    keepRide(turn, { ...ride, hired: true, departed: true });
  }
}

function meterPaying(turn: Turn): void {
  if (meterFare(turn.s) <= 0) return;
  if (!turn.s.ride) openRide(turn, true);
}

/**
 * Goes on as far as the facts allow, at the end of every step: ends what was to end, takes the meter's fare, submits the
 * ride. Does nothing while a card is being read, an answer is awaited, or uses are to be chosen.
 */
export function proceed(turn: Turn): void {
  const { s, rules } = turn;
  if (!s.ride || s.confirming || s.journalFault !== null) return;
  if (s.ride.confirmedAtMs !== null && s.cancelWanted) {
    takeBack(turn, s.ride);
    return;
  }
  if (s.ride.confirmedAtMs !== null && s.ride.hired && isMeterFree(s)) {
    closeRide(turn);
    return;
  }
  takeFare(turn);
  const ride = turn.s.ride;
  if (!ride?.fare || ride.submittedAtMs !== null || ride.touches.length === 0 || isAnswerAwaited(turn.s)) return;
  if (isImplausible(turn, ride) || ride.byHand) return;
  if (ride.usesChosen === null && choicesOf(rules, ride).length > 1) return;
  submit(turn, ride);
}

/** Takes the meter's fare into the ride, or puts a ride right whose fare the driver changed after all. */
function takeFare(turn: Turn): void {
  const { s } = turn;
  const ride = s.ride;
  if (!ride || meterFare(s) <= 0) return;
  const { components, distanceM } = s.meter;
  if (ride.fare && sameFare(ride.fare.components, components)) return;
  const fare: FareFacts = { components, distanceM, alightedAtMs: s.nowMs, place: s.place };
  if (ride.submittedAtMs === null) {
    keepRide(turn, { ...ride, fare, usesChosen: null, hired: true, departed: true });
    set(turn, { notice: null });
  } else if (ride.confirmedAtMs !== null) amend(turn, fare);
}

function sameFare(a: FareFacts["components"], b: FareFacts["components"]): boolean {
  const text = (components: FareFacts["components"]): string =>
    JSON.stringify(components.map((component) => [component.kind, component.amountMinor]));
  return text(a) === text(b);
}

/** A fare nobody would believe: the driver looks at the meter before anything is sent. */
export function isImplausible(turn: Pick<Turn, "rules">, ride: Ride): boolean {
  return ride.fare !== null && fareOf(ride.fare.components) > turn.rules.city.absurdFareMinor;
}

/** The passenger paid. */
export function closeRide(turn: Turn): void {
  const { ride, nowMs } = turn.s;
  if (!ride) return;
  clearRide(turn);
  emit(turn, { kind: "close", ride });
  const lying = isCardLying(turn.s);
  set(turn, {
    closed: { ride, closedAtMs: nowMs },
    finale: { kind: "done", uses: ride.amounts?.uses ?? 0, untilMs: nowMs + FINALE_MS },
    meterSpent: true,
    forgotten: lying ? { sinceMs: nowMs, callAgainMs: nowMs } : null,
  });
}

/** Takes a recorded but unpaid ride back. */
export function takeBack(turn: Turn, ride: Ride): void {
  clearRide(turn);
  emit(turn, { kind: "reverse", ride, reason: "CANCELLED", atMs: turn.s.nowMs });
  showCancelled(turn, ride.amounts?.uses ?? 0);
}

/** Says that a ride was taken back, and how many uses returned. */
export function showCancelled(turn: Turn, uses: number): void {
  set(turn, { finale: { kind: "cancelled", uses, untilMs: turn.s.nowMs + CANCELLED_MS }, meterSpent: true });
  sound(turn, "look");
}

/** The journal fails and the full fare was collected: the ride leaves the screen and is taken back later. */
export function paidWithoutJournal(turn: Turn, ride: Ride): void {
  clearRide(turn);
  set(turn, { paidOutside: { ride, closedAtMs: turn.s.nowMs }, meterSpent: true });
}

/** A ride ends without payment through the city's book: holds are released, nothing is recorded. */
export function endUnpaid(turn: Turn, ride: Ride, reason: "PASSENGER" | "DRIVER" | "MISTAKE"): void {
  clearRide(turn);
  emit(turn, ride.touches.length > 0 ? { kind: "cancel", ride, reason } : { kind: "drop", rideId: ride.rideId });
}
