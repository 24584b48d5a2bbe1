import type { City } from "#domain/city/city.ts";
import { versionOn } from "#domain/scheme/scheme.ts";
import type { Calendar } from "#domain/time/calendar.ts";

/** The cab's clock: the demo's time, or for the evening rider the last evening just after the scheme's hours. */
export interface CabClock {
  readonly now: () => number;
  /** Stands the clock just after closing of the last day on which that has passed; true when the scheme has hours. */
  toEvening(): boolean;
  toPresent(): void;
}

const AFTER_CLOSING_MINUTES = 5;

/** A clock over the demo's time. */
export function createCabClock(city: City, calendar: Calendar, base: () => number): CabClock {
  let shiftMs = 0;
  return {
    now: () => base() + shiftMs,
    toEvening() {
      const nowMs = base();
      const evening = lastEvening(city, calendar, nowMs);
      shiftMs = evening === null ? 0 : evening - nowMs;
      return evening !== null;
    },
    toPresent() {
      shiftMs = 0;
    },
  };
}

/** The last instant, not after `nowMs`, that lies five minutes after the scheme's closing; null when it never closes. */
export function lastEvening(city: City, calendar: Calendar, nowMs: number): number | null {
  const { day } = calendar.local(nowMs);
  const scheme = city.schemes.find((candidate) => candidate.id === city.schemeId);
  const windows = (scheme && versionOn(scheme, day)?.hours?.windows) ?? [];
  if (windows.length === 0) return null;
  const minute = Math.max(...windows.map((window) => window.toMinute)) + AFTER_CLOSING_MINUTES;
  if (minute >= 1440) return null;
  const today = calendar.instant(day, minute);
  return today <= nowMs ? today : calendar.instant(day - 1, minute);
}
