import { Worker } from "node:worker_threads";
import { StorageError } from "./database.ts";

/** An embedded PostgreSQL as bytes in, bytes out, in order; the next message may be sent before the answer. */
export interface PgliteEngine {
  /** @throws StorageError UNAVAILABLE when the engine is gone */
  exchange(message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

type Reply = "ready" | "closed" | Uint8Array | { readonly failure: string };

/**
 * Starts the engine in a thread of its own: a batch of 500 rides keeps it busy for 100 ms, in which the event loop must
 * answer everybody else.
 * @param dataDir directory, or `memory://`
 */
export async function startPgliteEngine(dataDir: string): Promise<PgliteEngine> {
  const worker = new Worker(new URL("./pglite-worker.mjs", import.meta.url), { workerData: { dataDir } });
  const waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  let end: Error | undefined;
  const next = (): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (end) reject(end);
      else waiting.push({ resolve, reject });
    });
  const finish = (cause: unknown): void => {
    end = new StorageError("UNAVAILABLE", "the embedded database has ended", cause);
    for (const { reject } of waiting.splice(0)) reject(end);
  };
  worker.on("message", (reply: Reply) => waiting.shift()?.resolve(reply));
  worker.on("error", finish);
  worker.on("exit", (code) => finish(new Error(`its thread ended with ${code}`)));
  await next();
  return {
    async exchange(message) {
      const reply = next();
      // Transferred, not copied: the sender has no more use for it.
      worker.postMessage(message, [message.buffer as ArrayBuffer]);
      const answer = await reply;
      if (answer instanceof Uint8Array) return answer;
      throw new StorageError("OTHER", `the embedded database failed: ${JSON.stringify(answer)}`);
    },
    async close() {
      const closed = next();
      worker.postMessage("close");
      await closed;
      await worker.terminate();
    },
  };
}
