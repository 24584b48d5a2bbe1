import type { FeedChanges, JoinReply } from "#protocol/stream/events.ts";

/** The snapshot a joined feed starts from. */
export type FeedSnapshot = NonNullable<Extract<JoinReply, { ok: true }>["snapshot"]>;
/** Why the server would not let a feed join. */
export type JoinRefusal = Extract<JoinReply, { ok: false }>["code"];

/** How one feed turns snapshots and changes into what its screen shows. Pure; applying a change twice changes nothing. */
export interface FeedModel<View> {
  readonly feed: FeedChanges["feed"];
  fromSnapshot(snapshot: FeedSnapshot): View | null;
  apply(view: View, changes: FeedChanges): View;
}

/**
 * `joining`: waiting for the server's answer; `live`: complete up to `cursor`; `cut`: the connection is gone, the last
 * view stays; `refused`: the server will not show this feed to this viewer.
 */
export type FeedStatus = "joining" | "live" | "cut" | "refused";

/** One feed on one screen. */
export interface FeedState<View> {
  readonly status: FeedStatus;
  /** Last log position contained in `view`; null before the first snapshot. */
  readonly cursor: number | null;
  readonly view: View | null;
  readonly refusal: JoinRefusal | null;
  /** Changes that came while a join was under way: they may be newer than its answer. */
  readonly buffered: readonly FeedChanges[];
}

/** What happens to a feed. `expire` asks for a new snapshot, e.g. when the local day is over. */
export type FeedEvent =
  | { readonly kind: "connected" }
  | { readonly kind: "disconnected" }
  | { readonly kind: "joined"; readonly reply: JoinReply }
  | { readonly kind: "changes"; readonly changes: FeedChanges }
  | { readonly kind: "rejoin" }
  | { readonly kind: "expire" };

/** The next state, and the cursor to join with when a join must be sent now (null cursor: whole snapshot). */
export interface FeedStep<View> {
  readonly state: FeedState<View>;
  readonly join: { readonly cursor: number | null } | null;
}

/** More waiting changes than this are dropped; the gap they leave is then found and joined over. */
const BUFFER_LIMIT = 500;

/** A feed that has not been connected yet. */
export function newFeed<View>(): FeedState<View> {
  return { status: "joining", cursor: null, view: null, refusal: null, buffered: [] };
}

/**
 * Takes a feed one event further. After any loss, repetition or reordering of messages the view ends in the same state
 * as that of a screen that never lost the connection.
 */
export function stepFeed<View>(model: FeedModel<View>, state: FeedState<View>, event: FeedEvent): FeedStep<View> {
  switch (event.kind) {
    case "connected":
      return joinAgain(state, state.cursor, []);
    case "disconnected":
      return { state: { ...state, status: state.status === "refused" ? "refused" : "cut", buffered: [] }, join: null };
    case "rejoin":
    case "expire":
      return state.status === "cut" ? { state: { ...state, cursor: null }, join: null } : joinAgain(state, null, []);
    case "joined":
      return joined(model, state, event.reply);
    case "changes":
      return changed(model, state, event.changes);
    default:
      return event satisfies never;
  }
}

function joinAgain<View>(
  state: FeedState<View>,
  cursor: number | null,
  buffered: readonly FeedChanges[],
): FeedStep<View> {
  return { state: { ...state, status: "joining", cursor, refusal: null, buffered }, join: { cursor } };
}

function joined<View>(model: FeedModel<View>, state: FeedState<View>, reply: JoinReply): FeedStep<View> {
  if (!reply.ok) return { state: { ...state, status: "refused", refusal: reply.code, buffered: [] }, join: null };
  let view = state.view;
  let cursor = state.cursor;
  if (reply.snapshot) {
    view = model.fromSnapshot(reply.snapshot);
    cursor = reply.cursor;
  }
  if (reply.changes && view !== null && cursor !== null) {
    if (reply.changes.fromPosition > cursor) return joinAgain(state, null, state.buffered);
    view = model.apply(view, reply.changes);
    cursor = Math.max(cursor, reply.changes.toPosition);
  }
  // A resumed feed with nothing missed answers without snapshot and changes; without a view that is no answer.
  if (view === null || cursor === null) return joinAgain(state, null, state.buffered);
  cursor = Math.max(cursor, reply.cursor);
  let step: FeedStep<View> = {
    state: { status: "live", cursor, view, refusal: null, buffered: [] },
    join: null,
  };
  for (const changes of state.buffered) {
    const next = changed(model, step.state, changes);
    step = { state: next.state, join: next.join ?? step.join };
  }
  return step;
}

function changed<View>(model: FeedModel<View>, state: FeedState<View>, changes: FeedChanges): FeedStep<View> {
  if (changes.feed !== model.feed || state.status === "cut" || state.status === "refused") return { state, join: null };
  if (state.status === "joining") {
    return { state: { ...state, buffered: [...state.buffered.slice(1 - BUFFER_LIMIT), changes] }, join: null };
  }
  const { view, cursor } = state;
  if (view === null || cursor === null || changes.fromPosition > cursor) return joinAgain(state, cursor, [changes]);
  if (changes.toPosition <= cursor) return { state, join: null };
  return { state: { ...state, view: model.apply(view, changes), cursor: changes.toPosition }, join: null };
}
