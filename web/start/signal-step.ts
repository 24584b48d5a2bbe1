import type { DemoState } from "#protocol/demo/control.ts";

/** Where the second step stands: cut the signal, lay a card, restore, see the totals agree. */
export type SignalStep = "ready" | "cutting" | "offline" | "syncing" | "done";

/**
 * The second step from what the cab reports, so that a reloaded page finds itself where the cab is.
 * @param started the step was begun on this page
 * @param busy commands of this step are still under way; a ride laid in the first step is not among them
 */
export function signalStep(
  state: Pick<DemoState, "network" | "script" | "journal"> | null,
  started: boolean,
  busy: boolean,
): SignalStep {
  if (state === null) return "ready";
  if (state.network === "cut") return state.script !== null || busy ? "cutting" : "offline";
  if (!started) return "ready";
  if (busy) return "cutting";
  return state.journal.waiting > 0 ? "syncing" : "done";
}
