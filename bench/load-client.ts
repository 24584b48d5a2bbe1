import { connect, type Socket } from "node:net";
import process from "node:process";

/** One HTTP request of a load, as text parts. */
export interface LoadRequest {
  readonly authorization: string;
  readonly body: string;
}

export interface Load {
  readonly port: number;
  readonly callers: number;
  readonly requests: readonly LoadRequest[];
}

export interface LoadResult {
  readonly elapsedMs: number;
  readonly notOk: number;
  /** How often each ride status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Body of the last answer, to be looked at by a person when something is wrong. */
  readonly lastBody: string;
  readonly latenciesMs: readonly number[];
}

/**
 * A load generator for a process of its own: callers on kept connections, requests written as bytes. It is as lean as
 * it can be, so that what is measured is the server.
 */
async function runLoad({ port, callers, requests }: Load): Promise<LoadResult> {
  const bytes = requests.map((request) => encode(port, request));
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  let next = 0;
  let notOk = 0;
  let lastBody = "";
  const sockets = await Promise.all(Array.from({ length: callers }, () => open(port)));
  const began = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      const ask = caller(socket);
      for (;;) {
        const request = bytes[next++];
        if (!request) return;
        const sentAt = performance.now();
        const { status, body } = await ask(request);
        latenciesMs.push(performance.now() - sentAt);
        if (status !== 200) notOk += 1;
        for (const [, word] of body.matchAll(/"status":"([A-Z]+)"/g)) {
          if (word !== undefined) statuses[word] = (statuses[word] ?? 0) + 1;
        }
        lastBody = body;
      }
    }),
  );
  const elapsedMs = performance.now() - began;
  for (const socket of sockets) socket.destroy();
  return { elapsedMs, notOk, statuses, lastBody, latenciesMs };
}

function encode(port: number, { authorization, body }: LoadRequest): Buffer {
  const payload = Buffer.from(body, "utf8");
  const head = [
    "POST /graphql HTTP/1.1",
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `authorization: ${authorization}`,
    `content-length: ${payload.length}`,
    "",
    "",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), payload]);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

type Ask = (request: Buffer) => Promise<{ status: number; body: string }>;

/** One request at a time on one connection; answers are cut by content-length. */
function caller(socket: Socket): Ask {
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve(answer: { status: number; body: string }): void; reject(error: Error): void } | undefined;
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the server closed the connection")));
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = received.toString("latin1", 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const from = end + 4;
    if (received.length < from + length) return;
    const body = received.toString("utf8", from, from + length);
    received = received.subarray(from + length);
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(request);
    });
}

process.on("message", (load: Load) => {
  runLoad(load).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
