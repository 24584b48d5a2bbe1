import type { Every } from "#terminal/devices/every.ts";

/** A clock turned by hand, with the timers that hang on it. */
export interface HandClock {
  now(): number;
  readonly every: Every;
  /** Lets time pass in small steps; timers fire in order, and what they queued runs before the next step. */
  pass(ms: number): Promise<void>;
}

/** Starts at `startMs`. */
export function createHandClock(startMs = 0): HandClock {
  let now = startMs;
  const timers = new Set<{ readonly intervalMs: number; readonly act: () => void; dueMs: number }>();
  return {
    now: () => now,
    every(intervalMs, act) {
      const timer = { intervalMs, act, dueMs: now + intervalMs };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async pass(ms) {
      const until = now + ms;
      await settled();
      while (now < until) {
        now += Math.min(10, until - now);
        for (const timer of [...timers]) {
          if (!timers.has(timer) || now < timer.dueMs) continue;
          timer.dueMs += timer.intervalMs;
          timer.act();
        }
        await settled();
      }
    },
  };
}

/** Runs everything that is queued. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
