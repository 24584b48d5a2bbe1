import type { RecordAnswer } from "./events.ts";
import { amountsOf, decideAlone, fullFare } from "./local-decision.ts";
import { type Amounts, ANSWER_WITHIN_MS, type FareFacts, type Ride } from "./state.ts";
import { emit, keepRide, set, sound, type Turn } from "./turn.ts";

/** Fixes the ride's facts and hands it to the uplink; without signal the cab decides at once. */
export function submit(turn: Turn, ride: Ride): void {
  const fixed = keepRide(turn, { ...ride, submittedAtMs: turn.s.nowMs });
  set(turn, { recordByMs: turn.s.nowMs + ANSWER_WITHIN_MS });
  if (turn.s.signal.online) emit(turn, { kind: "record", ride: fixed });
  else confirm(turn, decideAlone(turn.rules, fixed), null);
}

/** The server answered the ride. */
export function recorded(turn: Turn, answer: RecordAnswer): void {
  const { ride, confirming } = turn.s;
  if (!ride || ride.rideId !== answer.rideId || ride.confirmedAtMs !== null || confirming) return;
  if (answer.status === "CONFLICT") {
    renew(turn, ride);
    return;
  }
  if (answer.status === "REJECTED") {
    if (isHoldUnknown(answer.errorCode) && ride.touches.some((touch) => touch.standing?.holdId)) {
      submit(turn, withoutHolds(ride));
      return;
    }
    confirm(turn, fullFare(turn.rules, ride), null);
    return;
  }
  if (!answer.decision) {
    confirm(turn, decideAlone(turn.rules, ride), null);
    return;
  }
  const limits = (rider: number) => answer.riderLimits[rider] ?? [];
  confirm(turn, amountsOf(answer.decision, false, limits), answer.status);
}

/** No answer to the ride: the cab decides with the same function and shows that. */
export function decideRideAlone(turn: Turn): void {
  const { ride, confirming } = turn.s;
  if (!ride || ride.submittedAtMs === null || ride.confirmedAtMs !== null || confirming) return;
  confirm(turn, decideAlone(turn.rules, ride), null);
}

function confirm(turn: Turn, amounts: Amounts, status: Ride["status"]): void {
  const { ride, nowMs } = turn.s;
  if (!ride) return;
  const confirmed: Ride = { ...ride, amounts, status, confirmedAtMs: nowMs };
  // The state keeps the unconfirmed ride until the journal has the confirmed one: nothing is shown before.
  set(turn, { ride: { ...ride, amounts, status }, confirming: true, recordByMs: null });
  emit(turn, { kind: "confirm", ride: confirmed, amounts });
}

/** The amounts stand in the journal: now they are shown. */
export function journalled(turn: Turn, rideId: string): void {
  const { ride, nowMs } = turn.s;
  if (!ride || ride.rideId !== rideId || !ride.amounts || ride.confirmedAtMs !== null) return;
  set(turn, { ride: { ...ride, confirmedAtMs: nowMs }, confirming: false, notice: null });
  sound(turn, ride.amounts.subsidyMinor > 0 ? "accepted" : "look");
}

/**
 * Puts a recorded ride right: the old one is reversed, the same riders go on under a new id.
 * @param fare the corrected end, or null when the meter runs again
 */
export function amend(turn: Turn, fare: FareFacts | null): void {
  const { ride } = turn.s;
  if (!ride) return;
  emit(turn, { kind: "reverse", ride, reason: "CORRECTED", atMs: turn.s.nowMs });
  keepRide(turn, { ...renewed(turn, ride), fare, corrects: ride.rideId });
}

/** The id is taken by a ride with other facts: the same ride goes on under a new one. */
function renew(turn: Turn, ride: Ride): void {
  emit(turn, { kind: "drop", rideId: ride.rideId });
  submit(turn, renewed(turn, ride));
}

function renewed(turn: Turn, ride: Ride): Ride {
  const { rideId, tag, salt } = turn.fresh;
  set(turn, { confirming: false, recordByMs: null, cancelWanted: false });
  return {
    ...withoutHolds(ride),
    rideId,
    tag,
    salt,
    usesChosen: null,
    submittedAtMs: null,
    amounts: null,
    confirmedAtMs: null,
    status: null,
  };
}

/** Holds belong to the ride they were placed for; without one the sealed evidence names the rider. */
function withoutHolds(ride: Ride): Ride {
  return {
    ...ride,
    touches: ride.touches.map((touch) => ({
      ...touch,
      standing: touch.standing ? { ...touch.standing, holdId: null } : null,
    })),
  };
}

function isHoldUnknown(code: string | null): boolean {
  return code === "UNKNOWN_HOLD" || code === "HOLD_OF_OTHER_RIDE";
}
