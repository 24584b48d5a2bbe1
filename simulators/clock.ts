/** Where a simulator gets its time: epoch ms. */
export type Clock = () => number;

/** The machine's clock, shifted (demo mode shifts the whole system by the same amount). */
export function shiftedClock(offsetMs: number): Clock {
  return () => Date.now() + offsetMs;
}

/** A clock that stands until it is moved. It never goes back. */
export interface VirtualClock {
  readonly now: Clock;
  /** Moves to `instantMs`; earlier instants are ignored. */
  moveTo(instantMs: number): void;
}

/** A virtual clock that starts at `startMs`. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    moveTo(instantMs) {
      if (instantMs > nowMs) nowMs = instantMs;
    },
  };
}

/** Waits; resolves at once, with false, when the signal is or becomes aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const done = (finished: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      resolve(finished);
    };
    const aborted = (): void => done(false);
    const timer = setTimeout(() => done(true), ms);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
