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

/** A calendar date (proleptic Gregorian); `month` is 1–12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

// The Gregorian calendar repeats every 400 years. Counted from 1 March, the leap day is the last day of a year and the
// months before it have lengths that a straight line of slope 153/5 gives.
const DAYS_PER_ERA = 146_097;
/** Days from 1 March of the year 0 to 1970-01-01. */
const EPOCH_FROM_MARCH_0 = 719_468;

/** Days since 1970-01-01 of a calendar date. */
export function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_FROM_MARCH_0;
}

/** Calendar date of a day number. */
export function dateOfDay(day: number): CalendarDate {
  const fromMarch0 = day + EPOCH_FROM_MARCH_0;
  const era = Math.floor(fromMarch0 / DAYS_PER_ERA);
  const dayOfEra = fromMarch0 - era * DAYS_PER_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
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
