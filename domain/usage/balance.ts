import type { LimitRule, SchemeVersion } from "../scheme/scheme.ts";
import type { LocalMoment } from "../time/local.ts";

/** What an entitlement has used in each period a ride falls into, holds of others included. Same order as the version's limits. */
export type UsedByLimit = readonly number[];

/** Periods in which usage is counted. */
export const PERIOD_KINDS = ["day", "month", "fiscal-year"] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Key of the period a moment falls into: day number, month number or fiscal year. */
export function periodKey(kind: PeriodKind, at: LocalMoment): number {
  switch (kind) {
    case "day":
      return at.day;
    case "month":
      return at.month;
    case "fiscal-year":
      return at.fiscalYear;
  }
}

/** Periods that a version's limits need, without repeats. */
export function periodsOf(version: SchemeVersion): readonly PeriodKind[] {
  return PERIOD_KINDS.filter((kind) => version.limits.some((limit) => limit.per === kind));
}

/** What is left under a limit; never negative. */
export function leftUnder(limit: LimitRule, used: number): number {
  return Math.max(0, limit.amount - used);
}
