/** Counts failed attempts per key in a sliding window; bounded in memory. Pure but for the counters it keeps. */
export interface AttemptLimit {
  /** Seconds until the next attempt is allowed; 0 when it is allowed now. */
  waitS(key: string, nowMs: number): number;
  /** Remembers a failed attempt. */
  failed(key: string, nowMs: number): void;
  /** Takes the latest failure of a key back: the attempt turned out well. */
  takeBack(key: string): void;
  /** Forgets all failures of a key. */
  forget(key: string): void;
}

/** Most keys remembered; the oldest goes first. */
const MAX_KEYS = 20_000;

/** Allows `most` failures per `windowMs` and key. */
export function createAttemptLimit({
  most,
  windowMs,
}: {
  readonly most: number;
  readonly windowMs: number;
}): AttemptLimit {
  const failures = new Map<string, number[]>();
  const recent = (key: string, nowMs: number): number[] =>
    (failures.get(key) ?? []).filter((at) => at > nowMs - windowMs);
  return {
    waitS(key, nowMs) {
      const times = recent(key, nowMs);
      const first = times[times.length - most];
      return first === undefined ? 0 : Math.ceil((first + windowMs - nowMs) / 1000);
    },
    failed(key, nowMs) {
      const times = [...recent(key, nowMs), nowMs].slice(-most);
      failures.delete(key);
      failures.set(key, times);
      if (failures.size > MAX_KEYS) failures.delete(failures.keys().next().value as string);
    },
    takeBack: (key) => void failures.get(key)?.pop(),
    forget: (key) => void failures.delete(key),
  };
}
