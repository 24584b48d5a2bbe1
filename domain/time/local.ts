/**
 * A moment as a scheme sees it: plain integers in the municipality's zone, computed once at the edge.
 * The decision never sees calendar objects (they cost about 13 µs each).
 */
export interface LocalMoment {
  /** Days since 1970-01-01 in the municipality's zone. */
  readonly day: number;
  /** Minute of the local day, 0–1439. */
  readonly minute: number;
  /** Calendar month as `year * 12 + (month - 1)`. */
  readonly month: number;
  /** The year in which the fiscal year began, e.g. 2026 for 2026-04-01..2027-03-31 in Japan. */
  readonly fiscalYear: number;
}

/** First day of a fiscal year: 1 April in Japan, 1 July in Victoria. Data of the municipality. */
export interface FiscalYearStart {
  readonly month: number;
  readonly day: number;
}

const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01 of a calendar date (proleptic Gregorian). */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / MS_PER_DAY);
}

/** Calendar date of a day number. */
export function dateOfDay(day: number): { year: number; month: number; day: number } {
  const date = new Date(day * MS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `2026-11-23` → day number; undefined when it is not a real date. */
export function parseDay(iso: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return undefined;
  const day = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  return formatDay(day) === iso ? day : undefined;
}

/** Day number → `2026-11-23`. */
export function formatDay(day: number): string {
  const { year, month, day: dayOfMonth } = dateOfDay(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** Day of week, 0 = Monday … 6 = Sunday. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The fiscal year a local day belongs to. */
export function fiscalYearOf(day: number, start: FiscalYearStart): number {
  const { year } = dateOfDay(day);
  return day >= dayNumber(year, start.month, start.day) ? year : year - 1;
}

/** Last local day of a fiscal year. */
export function lastDayOfFiscalYear(fiscalYear: number, start: FiscalYearStart): number {
  return dayNumber(fiscalYear + 1, start.month, start.day) - 1;
}

/** Builds a {@link LocalMoment} from local day and minute. */
export function localMoment(day: number, minute: number, start: FiscalYearStart): LocalMoment {
  const { year, month } = dateOfDay(day);
  return { day, minute, month: year * 12 + (month - 1), fiscalYear: fiscalYearOf(day, start) };
}
