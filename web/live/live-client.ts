import { io, type Socket } from "socket.io-client";
import {
  type ClientToServerEvents,
  type FreeTaxis,
  feedChanges,
  freeTaxis,
  type JoinReply,
  joinReply,
  LIVE_NAMESPACE,
  type ServerToClientEvents,
} from "#protocol/stream/events.ts";
import { type FeedEvent, type FeedModel, type FeedState, newFeed, stepFeed } from "./feed-state.ts";

/** Which feed to follow, and as whom. */
export interface FeedSource {
  readonly municipality: string;
  readonly companyId: string | null;
  /** Session token; null leaves it to the session cookie. */
  readonly token: string | null;
}

/** A followed feed: its latest state, and a way to hear of changes. */
export interface LiveFeed<View> {
  state(): FeedState<View>;
  subscribe(listener: () => void): () => void;
  /** Asks for a new snapshot, e.g. because the local day is over. */
  expire(): void;
  close(): void;
}

const JOIN_TIMEOUT_MS = 8000;
const BUSY_WAIT_MS = 1500;
/** Screens are drawn at most this often, however fast the log grows. */
const DRAW_EVERY_MS = 80;

/**
 * Follows one feed of the live stream over its own connection, rejoining after every loss.
 * @param onTaxis called with each telemetry message; only planners are sent any
 */
export function followFeed<View>(
  model: FeedModel<View>,
  source: FeedSource,
  onTaxis: (message: FreeTaxis) => void = () => {},
): LiveFeed<View> {
  let state = newFeed<View>();
  const bell = throttledBell();
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(LIVE_NAMESPACE, {
    auth: source.token === null ? {} : { session: source.token },
    reconnectionDelay: 300,
    reconnectionDelayMax: 3000,
    forceNew: true,
  });

  const send = (event: FeedEvent): void => {
    const before = state;
    const step = stepFeed(model, state, event);
    state = step.state;
    if (step.join) join(step.join.cursor);
    if (state !== before) bell.ring();
  };
  const join = (cursor: number | null): void => {
    const request = {
      feed: model.feed,
      municipality: source.municipality,
      companyId: source.companyId,
      cursor,
    };
    socket.timeout(JOIN_TIMEOUT_MS).emit("join", request, (lost: Error | null, reply: JoinReply) => {
      if (lost) {
        // An answer that never comes on a standing connection: ask again; a broken one reports itself.
        if (socket.connected) send({ kind: "connected" });
        return;
      }
      const parsed = joinReply.safeParse(reply);
      if (parsed.success && !parsed.data.ok && parsed.data.code === "BUSY") {
        setTimeout(() => socket.connected && send({ kind: "connected" }), BUSY_WAIT_MS);
        return;
      }
      send({ kind: "joined", reply: parsed.success ? parsed.data : { ok: false, code: "BAD_REQUEST" } });
    });
  };

  socket.on("connect", () => send({ kind: "connected" }));
  socket.on("disconnect", () => {
    send({ kind: "disconnected" });
    // Sent away by the server, e.g. because the session ended: the next connection tells.
    if (!socket.active) setTimeout(() => socket.connect(), BUSY_WAIT_MS);
  });
  socket.on("connect_error", () => {
    // An active socket tries again by itself; the other was refused as the one who asked.
    if (socket.active) send({ kind: "disconnected" });
    else send({ kind: "joined", reply: { ok: false, code: "NOT_ALLOWED" } });
  });
  socket.on("rejoin", (feed) => {
    if (feed === model.feed) send({ kind: "rejoin" });
  });
  socket.on("feed", (message) => {
    const parsed = feedChanges.safeParse(message);
    // What cannot be read is a gap: a new snapshot closes it.
    if (!parsed.success) send({ kind: "rejoin" });
    else send({ kind: "changes", changes: parsed.data });
  });
  socket.on("taxis", (message) => {
    const parsed = freeTaxis.safeParse(message);
    if (parsed.success) onTaxis(parsed.data);
  });

  return {
    state: () => state,
    subscribe: bell.subscribe,
    expire: () => send({ kind: "expire" }),
    close: () => {
      socket.removeAllListeners();
      socket.close();
      bell.close();
    },
  };
}

/** Tells listeners at once, then at most every {@link DRAW_EVERY_MS}. */
function throttledBell(): { ring(): void; subscribe(listener: () => void): () => void; close(): void } {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waiting = false;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const ring = (): void => {
    if (timer !== null) {
      waiting = true;
      return;
    }
    tell();
    timer = setTimeout(() => {
      timer = null;
      if (waiting) {
        waiting = false;
        ring();
      }
    }, DRAW_EVERY_MS);
  };
  return {
    ring,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      listeners.clear();
    },
  };
}
