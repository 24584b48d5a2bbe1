import { useEffect, useRef, useState } from "react";
import { io, type Socket } from "socket.io-client";
import {
  type ClientToDemoEvents,
  DEMO_NAMESPACE,
  type DemoCommand,
  type DemoState,
  type DemoToClientEvents,
  demoState,
} from "#protocol/demo/control.ts";

/** The simulated cab as the start page steers it. */
export interface DemoCab {
  /** Null until the cab has been heard of. */
  readonly state: DemoState | null;
  readonly connected: boolean;
  /** Does one thing; the message says why it could not be done. */
  readonly command: (command: DemoCommand) => Promise<{ readonly ok: boolean; readonly message: string | null }>;
}

/** A whole ride is one command and takes as long as a person can follow. */
const COMMAND_TIMEOUT_MS = 90_000;

/** Connects to the simulated cab behind the kiosk's port. */
export function useDemoCab(kioskUrl: string | null): DemoCab {
  const socket = useRef<Socket<DemoToClientEvents, ClientToDemoEvents> | null>(null);
  const [state, setState] = useState<DemoState | null>(null);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (kioskUrl === null) return;
    const made: Socket<DemoToClientEvents, ClientToDemoEvents> = io(new URL(DEMO_NAMESPACE, kioskUrl).href, {
      reconnectionDelay: 500,
      reconnectionDelayMax: 3000,
      forceNew: true,
    });
    socket.current = made;
    made.on("connect", () => setConnected(true));
    made.on("disconnect", () => setConnected(false));
    made.on("state", (message) => {
      const parsed = demoState.safeParse(message);
      if (parsed.success) setState(parsed.data);
    });
    return () => {
      socket.current = null;
      made.close();
    };
  }, [kioskUrl]);
  const command = async (wanted: DemoCommand): Promise<{ ok: boolean; message: string | null }> => {
    if (!socket.current?.connected) return { ok: false, message: null };
    try {
      return await socket.current.timeout(COMMAND_TIMEOUT_MS).emitWithAck("command", wanted);
    } catch {
      return { ok: false, message: null };
    }
  };
  return { state, connected, command };
}
