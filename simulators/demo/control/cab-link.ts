import { io, type Socket } from "socket.io-client";
import {
  type ClientToDemoEvents,
  DEMO_NAMESPACE,
  type DemoCommand,
  type DemoState,
  type DemoToClientEvents,
  demoState,
} from "#protocol/demo/control.ts";
import { type AgentToKioskEvents, KIOSK_NAMESPACE, type KioskView, kioskView } from "#protocol/kiosk/view.ts";

/** What the page knows of the simulated cab. */
export interface CabState {
  readonly demo: DemoState | null;
  readonly city: KioskView["city"] | null;
  readonly connected: boolean;
}

/** The page's end of `/demo`; the city's money and zone come from the kiosk's view. */
export interface CabLink {
  subscribe(listener: () => void): () => void;
  state(): CabState;
  /** Resolves to what stood in the way, or null when it was done. */
  command(command: DemoCommand): Promise<string | null>;
}

const ANSWER_WITHIN_MS = 5000;

/** Connects to the cab that served this page. */
export function connectCab(): CabLink {
  const demo: Socket<DemoToClientEvents, ClientToDemoEvents> = io(DEMO_NAMESPACE, { transports: ["websocket"] });
  const kiosk: Socket<AgentToKioskEvents> = io(KIOSK_NAMESPACE, { transports: ["websocket"] });
  const listeners = new Set<() => void>();
  let state: CabState = { demo: null, city: null, connected: false };
  const change = (next: Partial<CabState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  demo.on("connect", () => change({ connected: true }));
  demo.on("disconnect", () => change({ connected: false }));
  demo.on("state", (received) => {
    const parsed = demoState.safeParse(received);
    if (parsed.success) change({ demo: parsed.data });
  });
  kiosk.on("view", (received) => {
    const parsed = kioskView.safeParse(received);
    if (!parsed.success) return;
    change({ city: parsed.data.city });
    kiosk.close();
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    async command(command) {
      try {
        const { ok, message } = await demo.timeout(ANSWER_WITHIN_MS).emitWithAck("command", command);
        return ok ? null : (message ?? "");
      } catch {
        return "";
      }
    },
  };
}
