import { createServer } from "node:net";

/** True when a TCP port of the loopback interface can be listened on now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1" }, () => probe.close(() => resolve(true)));
  });
}

/** Polls `url` until it answers 2xx. Resolves false when `signal` aborts or `timeoutMs` passes first. */
export async function waitUntilUp(url: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  while (!deadline.aborted) {
    const up = await fetch(url, { signal: deadline }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
