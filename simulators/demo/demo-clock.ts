import type { Calendar } from "#domain/time/calendar.ts";

/** Local minutes between which the demo city is awake enough to show something. */
const OPENS_MINUTE = 7 * 60 + 30;
const CLOSES_MINUTE = 16 * 60 + 30;
/** Where the demo's day begins when the real time is outside those minutes. */
const START_MINUTE = 10 * 60;
const MINUTE_MS = 60_000;

/**
 * The instant at which the demo city's clock starts. It is the real time when that falls into the city's daytime;
 * otherwise a morning of the same day. It never goes back behind the last demo instant, so that a restarted demo
 * continues its own book.
 * @param lastMs last demo instant seen by an earlier start, or null
 */
export function chooseDemoStart(calendar: Calendar, realNowMs: number, lastMs: number | null): number {
  const isDaytime = (instantMs: number): boolean => {
    const { minute } = calendar.local(instantMs);
    return minute >= OPENS_MINUTE && minute < CLOSES_MINUTE;
  };
  if (isDaytime(realNowMs) && (lastMs === null || realNowMs > lastMs)) return realNowMs;
  const morning = calendar.instant(calendar.local(realNowMs).day, START_MINUTE);
  if (lastMs === null || morning > lastMs) return morning;
  if (isDaytime(lastMs + MINUTE_MS)) return lastMs + MINUTE_MS;
  const last = calendar.local(lastMs);
  return calendar.instant(last.minute < OPENS_MINUTE ? last.day : last.day + 1, START_MINUTE);
}
