/** A tablet's clock put right by the server's. */
export interface ServerClock {
  /** Epoch ms, as the server would read it. */
  readonly now: () => number;
  readonly skewMs: number;
  /** The server's time was measured against {@link now}: `skewMs` is what is still missing. */
  measured(skewMs: number): void;
  /** The server refused a token; `dateSkewMs` is its HTTP date minus {@link now}. A clock that is far off is moved once. */
  refused(dateSkewMs: number): void;
}

/** Below this the tablet's own clock is left alone: the measurement itself is no better. */
const LEFT_ALONE_MS = 2_000;
/** The server takes tokens that are off by a minute. */
const FAR_OFF_MS = 45_000;

/** @param startSkewMs what was measured in an earlier run */
export function createServerClock(own: () => number, startSkewMs: number): ServerClock {
  let skewMs = Number.isFinite(startSkewMs) ? startSkewMs : 0;
  return {
    now: () => own() + skewMs,
    get skewMs() {
      return skewMs;
    },
    measured(missingMs) {
      if (Math.abs(missingMs) > LEFT_ALONE_MS) skewMs += Math.round(missingMs);
    },
    refused(dateSkewMs) {
      if (Math.abs(dateSkewMs) > FAR_OFF_MS) skewMs += Math.round(dateSkewMs);
    },
  };
}
