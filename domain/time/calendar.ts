import { type FiscalYearStart, type LocalMoment, localMoment } from "./local.ts";

/** Turns instants (epoch milliseconds, UTC) into local moments of one municipality. */
export interface Calendar {
  readonly zone: string;
  readonly fiscalYearStart: FiscalYearStart;
  /** Local moment of an instant. */
  local(instantMs: number): LocalMoment;
  /**
   * Instant of a local day and minute. A reading that a clock change repeats means the first of both; one that it
   * leaves out means the same time after the change (02:30 becomes 03:30).
   */
  instant(day: number, minute: number): number;
}

/** Minutes east of UTC at an instant; supplied by the edge that knows the time-zone database. */
export type ZoneOffset = (zone: string, instantMs: number) => number;

/** Every offset change in the time-zone database since 1970 falls on a quarter of an hour of UTC. */
const OFFSET_BUCKET_MS = 900_000;
const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;
const MS_PER_DAY = MINUTES_PER_DAY * MS_PER_MINUTE;

/** A calendar that asks for the offset once per quarter of an hour and remembers it (bounded). */
export function createCalendar(zone: string, fiscalYearStart: FiscalYearStart, offsetAt: ZoneOffset): Calendar {
  const offsets = new Map<number, number>();
  const offset = (instantMs: number): number => {
    const bucket = Math.floor(instantMs / OFFSET_BUCKET_MS);
    let minutes = offsets.get(bucket);
    if (minutes === undefined) {
      if (offsets.size > 200_000) offsets.clear();
      minutes = offsetAt(zone, instantMs);
      offsets.set(bucket, minutes);
    }
    return minutes;
  };
  return {
    zone,
    fiscalYearStart,
    local(instantMs) {
      const localMinutes = Math.floor(instantMs / MS_PER_MINUTE) + offset(instantMs);
      const day = Math.floor(localMinutes / MINUTES_PER_DAY);
      return localMoment(day, localMinutes - day * MINUTES_PER_DAY, fiscalYearStart);
    },
    instant(day, minute) {
      const naive = (day * MINUTES_PER_DAY + minute) * MS_PER_MINUTE;
      const before = offset(naive - MS_PER_DAY);
      const after = offset(naive + MS_PER_DAY);
      const byBefore = naive - before * MS_PER_MINUTE;
      if (before === after || offset(byBefore) === before) return byBefore;
      const byAfter = naive - after * MS_PER_MINUTE;
      return offset(byAfter) === after ? byAfter : byBefore;
    },
  };
}
