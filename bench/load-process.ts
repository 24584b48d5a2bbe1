import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Load, LoadResult } from "./load-client.ts";

/** A load generator in a process of its own. */
export interface LoadProcess {
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

/** Starts a load generator. */
export function startLoadProcess(): LoadProcess {
  const child: ChildProcess = fork(fileURLToPath(new URL("load-client.ts", import.meta.url)), {
    serialization: "advanced",
  });
  return {
    run: (load) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`));
        child.once("exit", onExit);
        child.once("message", (message: LoadResult | { failed: string }) => {
          child.off("exit", onExit);
          if ("failed" in message) reject(new Error(message.failed));
          else resolve(message);
        });
        child.send(load);
      }),
    stop() {
      child.kill();
    },
  };
}
