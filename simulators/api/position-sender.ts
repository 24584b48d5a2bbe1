import { io, type Socket } from "socket.io-client";
import {
  type ClientToServerEvents,
  LIVE_NAMESPACE,
  type ServerToClientEvents,
  type VehiclePosition,
} from "#protocol/stream/events.ts";

/** Sends positions of vehicles: telemetry, so what cannot be sent now is dropped. */
export interface PositionSender {
  send(batch: readonly VehiclePosition[]): void;
  /** True while the live stream is connected. */
  readonly connected: boolean;
  close(): void;
}

/** Connects to the live stream as a terminal; the token is asked anew for every connection. */
export function createPositionSender(serverUrl: string, token: () => Promise<string>): PositionSender {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(new URL(LIVE_NAMESPACE, serverUrl).href, {
    transports: ["websocket"],
    reconnectionDelayMax: 5_000,
    auth: (give) => {
      token().then(
        (terminal) => give({ terminal }),
        () => give({}),
      );
    },
  });
  return {
    get connected() {
      return socket.connected;
    },
    send(batch) {
      if (socket.connected && batch.length > 0) socket.volatile.emit("positions", batch);
    },
    close() {
      socket.disconnect();
    },
  };
}
