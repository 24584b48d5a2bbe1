import { decideWithoutServer } from "./cards.ts";
import { decideRideAlone } from "./record.ts";
import { CALL_EVERY_MS, type SessionState, THANKS_FIRST_MS } from "./state.ts";
import { isCardLying, set, sound, type Turn } from "./turn.ts";

/** Time went on: answers that stayed away are given by the cab, remarks fade. Nothing fades while a card lies. */
export function timePassed(turn: Turn): void {
  const now = turn.s.nowMs;
  for (const touch of turn.s.ride?.touches ?? []) {
    if (touch.standing === null && now >= touch.answerByMs) decideWithoutServer(turn, touch);
  }
  if (turn.s.recordByMs !== null && now >= turn.s.recordByMs) {
    set(turn, { recordByMs: null });
    decideRideAlone(turn);
  }
  if (turn.s.forgotten && now >= turn.s.forgotten.callAgainMs) {
    const { sinceMs } = turn.s.forgotten;
    const callAgainMs = now < sinceMs + THANKS_FIRST_MS ? sinceMs + THANKS_FIRST_MS : now + CALL_EVERY_MS;
    set(turn, { forgotten: { sinceMs, callAgainMs } });
    sound(turn, "take-card");
  }
  if (isCardLying(turn.s)) return;
  const { problem, notice, finale } = turn.s;
  if (problem && now >= problem.untilMs) set(turn, { problem: null });
  if (notice && now >= notice.untilMs) set(turn, { notice: null });
  if (finale && now >= finale.untilMs) set(turn, { finale: null });
}

/** The next instant (epoch ms) at which something happens by itself, or null. */
export function nextWakeMs(s: SessionState): number | null {
  const instants: number[] = [];
  for (const touch of s.ride?.touches ?? []) if (touch.standing === null) instants.push(touch.answerByMs);
  if (s.recordByMs !== null) instants.push(s.recordByMs);
  if (s.forgotten) instants.push(s.forgotten.callAgainMs);
  if (!isCardLying(s)) {
    for (const passing of [s.problem, s.notice, s.finale]) if (passing) instants.push(passing.untilMs);
  }
  return instants.length > 0 ? Math.min(...instants) : null;
}
