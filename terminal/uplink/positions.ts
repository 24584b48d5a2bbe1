import { io, type Socket } from "socket.io-client";
import {
  type ClientToServerEvents,
  LIVE_NAMESPACE,
  type ServerToClientEvents,
  type VehiclePosition,
} from "#protocol/stream/events.ts";
import type { TerminalTokens } from "./terminal-token.ts";

/** Sends where the cab is: telemetry, lossy, only the latest value of each interval. Nothing is queued while cut off. */
export interface PositionStream {
  report(position: VehiclePosition): void;
  /** Cuts or restores the line (a simulated cab's network). */
  connected(up: boolean): void;
  close(): void;
}

/** Opens the line to the live stream; it reconnects by itself. */
export function openPositionStream(options: {
  readonly serverUrl: string;
  readonly tokens: TerminalTokens;
  readonly intervalMs: number;
}): PositionStream {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(
    new URL(LIVE_NAMESPACE, options.serverUrl).href,
    {
      transports: ["websocket"],
      auth: (give) => void options.tokens.current().then((terminal) => give({ terminal })),
      reconnectionDelayMax: 15_000,
    },
  );
  // A refused handshake (an old token) is not retried by itself.
  socket.on("connect_error", () => {
    if (socket.active) return;
    options.tokens.forget();
    setTimeout(() => socket.connect(), options.intervalMs).unref();
  });
  let latest: VehiclePosition | null = null;
  const timer = setInterval(() => {
    if (latest && socket.connected) socket.volatile.emit("positions", [latest]);
    latest = null;
  }, options.intervalMs);
  timer.unref();
  return {
    report(position) {
      latest = position;
    },
    connected: (up) => void (up ? socket.connect() : socket.disconnect()),
    close() {
      clearInterval(timer);
      socket.disconnect();
    },
  };
}
