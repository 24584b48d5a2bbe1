import { io, type Socket } from "socket.io-client";
import {
  type AgentToKioskEvents,
  KIOSK_NAMESPACE,
  type KioskIntent,
  type KioskToAgentEvents,
  type KioskView,
  kioskView,
} from "#protocol/kiosk/view.ts";

/** What the screen knows of the agent: the last view, when it came, and whether the agent can be reached now. */
export interface LinkState {
  readonly view: KioskView | null;
  /** This browser's clock (epoch ms) when the view came. */
  readonly receivedAtMs: number;
  readonly connected: boolean;
}

/** The screen's end of the namespace `/kiosk`. Reconnects by itself, without giving up. */
export interface AgentLink {
  subscribe(listener: () => void): () => void;
  state(): LinkState;
  send(intent: KioskIntent): void;
  /** Reports that the frame of a revision has been painted. */
  painted(revision: number): void;
  close(): void;
}

const RECONNECT_MIN_MS = 200;
const RECONNECT_MAX_MS = 2000;

/** Connects to the agent that served this page. A view that does not parse, or is older than the last, is dropped. */
export function connectAgent(clock: () => number): AgentLink {
  const socket: Socket<AgentToKioskEvents, KioskToAgentEvents> = io(KIOSK_NAMESPACE, {
    transports: ["websocket"],
    reconnectionDelay: RECONNECT_MIN_MS,
    reconnectionDelayMax: RECONNECT_MAX_MS,
  });
  const listeners = new Set<() => void>();
  let state: LinkState = { view: null, receivedAtMs: 0, connected: false };
  let fresh = true;
  const change = (next: Partial<LinkState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  socket.on("connect", () => {
    // The agent counts revisions from the start of its own process.
    fresh = true;
    change({ connected: true });
  });
  socket.on("disconnect", () => change({ connected: false }));
  socket.on("view", (received) => {
    const parsed = kioskView.safeParse(received);
    if (!parsed.success) return;
    if (!fresh && state.view && parsed.data.revision < state.view.revision) return;
    fresh = false;
    change({ view: parsed.data, receivedAtMs: clock() });
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    // An act pressed into a dead line must not arrive minutes later.
    send: (intent) => void (socket.connected && socket.emit("intent", intent)),
    painted: (revision) => void (socket.connected && socket.emit("painted", { revision })),
    close: () => void socket.close(),
  };
}
