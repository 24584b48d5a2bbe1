/** Repeats an act; the returned function ends it. Tests pass their own and turn the clock by hand. */
export type Every = (intervalMs: number, act: () => void) => () => void;

/** Real time. Does not keep the process alive. */
export const everyRealTime: Every = (intervalMs, act) => {
  const timer = setInterval(act, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
