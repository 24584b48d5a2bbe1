import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { App } from "#server/app.ts";

/** The server cannot listen where it should; the message is one clear sentence. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/**
 * Listens and tells the port.
 * @throws ListenError
 */
export async function listen(
  httpServer: HttpServer,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<number> {
  httpServer.listen(port, host);
  try {
    await once(httpServer, "listening");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      const advice = "end the other program or choose another with PORT";
      throw new ListenError(`Port ${port} on ${host} is already in use; ${advice}.`, { cause });
    }
    throw new ListenError(`The server cannot listen on ${host}:${port} (${code}).`, { cause });
  }
  return (httpServer.address() as AddressInfo).port;
}

const CLOSE_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 25;

/** Takes no new connections, lets requests under way end, then closes what is left. */
export async function closeConnections({ httpServer, io }: App): Promise<void> {
  let isClosed = false;
  httpServer.close(() => {
    isClosed = true;
  });
  io.disconnectSockets(true);
  io.engine.close();
  const deadline = performance.now() + CLOSE_WITHIN_MS;
  while (!isClosed && performance.now() < deadline) {
    httpServer.closeIdleConnections();
    await delay(LOOK_EVERY_MS);
  }
  httpServer.closeAllConnections();
}
