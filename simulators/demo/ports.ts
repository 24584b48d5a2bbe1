import { createServer } from "node:net";

/** Why a TCP port of the loopback interface cannot be listened on now; null when it can. */
export function portProblem(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "EADDRINUSE") resolve("is already in use; end the other program or choose another");
      else if (code === "EACCES") resolve("may not be used by this user; choose one above 1023");
      else resolve(`cannot be used (${code}); choose another`);
    });
    probe.listen({ port, host: "127.0.0.1" }, () => probe.close(() => resolve(null)));
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
