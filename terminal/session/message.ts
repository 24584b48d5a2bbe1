import type { RefusalCode } from "#domain/decision/refusal.ts";
import { dayNumber, lastDayOfFiscalYear } from "#domain/time/local.ts";
import { versionAt } from "./local-decision.ts";
import type { LimitBalance, Ride, SessionRules, SessionState, Standing } from "./state.ts";

/** A message of the catalogue by number, with its integer parameters (`MESSAGE_PARAMETERS` of `protocol/kiosk/view.ts`). */
export interface NumberedMessage {
  readonly number: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A message without parameters, or with those that are known. */
export function say(number: number, parameters: Readonly<Record<string, number | null>> = {}): NumberedMessage {
  const known = Object.entries(parameters).filter((entry): entry is [string, number] => entry[1] !== null);
  return { number, parameters: Object.fromEntries(known) };
}

/** Why a rider is refused, as a message. Null: it cannot be found out now. */
export function refusalMessage(
  rules: SessionRules,
  refusal: RefusalCode | null,
  context: { readonly atMs: number; readonly limits: readonly LimitBalance[]; readonly usableUntil: string | null },
): NumberedMessage {
  switch (refusal) {
    case "YEAR_LIMIT":
      return say(15, { day: firstDayOfNextYear(rules, context.atMs) });
    case "MONTH_LIMIT":
      return say(15, { day: firstDayOfNextMonth(rules, context.atMs) });
    case "DAY_LIMIT":
      return say(16, { uses: dayUses(rules, context) });
    case "OUTSIDE_HOURS":
      return say(17, hoursOf(rules, context.atMs));
    case "OUTSIDE_AREA":
      return say(18);
    case "NOT_REGISTERED":
    case "NOT_YET_VALID":
      return say(19);
    case "ENTITLEMENT_EXPIRED":
    case "CARD_NEEDS_RENEWAL":
      return say(20);
    case "CARD_STOPPED":
      return say(21);
    case "SAME_PERSON_TWICE":
      return say(8);
    case "ASSURANCE_TOO_LOW":
      return say(10);
    case "RIDE_LIMIT":
    case "FARE_TOO_LOW":
    case "NO_SCHEME_IN_FORCE":
    case null:
      return say(26);
    default:
      return refusal satisfies never;
  }
}

/** The answer to a touch: usable and how many are left, or the reason. */
export function touchMessage(rules: SessionRules, standing: Standing, atMs: number): NumberedMessage {
  if (!standing.usable) return refusalMessage(rules, standing.refusal, { atMs, ...standing });
  return standing.source === "unknown" ? say(22) : say(4, leftOf(standing.limits));
}

/** What is left in the longest period: uses, or money where the scheme counts money. */
export function leftOf(limits: readonly LimitBalance[]): { usesLeft: number | null; moneyLeftMinor: number | null } {
  const longest = (unit: LimitBalance["unit"]): number | null =>
    limits.find((limit) => limit.unit === unit && limit.per === "fiscal-year")?.left ??
    limits.find((limit) => limit.unit === unit && limit.per === "month")?.left ??
    null;
  const usesLeft = longest("uses");
  return { usesLeft, moneyLeftMinor: usesLeft === null ? longest("money") : null };
}

/** The second, quieter sentence beside the answer to a touch. */
export function secondMessage(rules: SessionRules, s: SessionState, ride: Ride): NumberedMessage | null {
  const standing = ride.touches.at(-1)?.standing;
  if (!standing?.usable) return null;
  if (standing.source === "entry") return say(23, { minute: rules.calendar.local(standing.asOfMs).minute });
  const version = versionAt(rules, ride.boardedAtMs);
  const mayShare = version?.shared != null && ride.touches.length < version.maxRiders;
  if (mayShare && !s.card?.present && !ride.departed) return say(7);
  return standing.capMinor === null ? null : say(12, { capMinor: standing.capMinor });
}

/** Hours of the scheme in force, as one window from the first opening to the last closing; null = always. */
export function hoursOf(rules: SessionRules, atMs: number): { fromMinute: number; toMinute: number } {
  return schemeHours(rules, atMs) ?? { fromMinute: 0, toMinute: 1440 };
}

/** As {@link hoursOf}, null when the scheme knows no hours. */
export function schemeHours(rules: SessionRules, atMs: number): { fromMinute: number; toMinute: number } | null {
  const windows = versionAt(rules, atMs)?.hours?.windows ?? [];
  if (windows.length === 0) return null;
  return {
    fromMinute: Math.min(...windows.map((window) => window.fromMinute)),
    toMinute: Math.max(...windows.map((window) => window.toMinute)),
  };
}

function dayUses(rules: SessionRules, context: { atMs: number; limits: readonly LimitBalance[] }): number {
  const known = context.limits.find((limit) => limit.per === "day" && limit.unit === "uses")?.amount;
  const rule = versionAt(rules, context.atMs)?.limits.find((limit) => limit.per === "day" && limit.unit === "uses");
  return known ?? rule?.amount ?? 0;
}

function firstDayOfNextYear(rules: SessionRules, atMs: number): number {
  return lastDayOfFiscalYear(rules.calendar.local(atMs).fiscalYear, rules.city.fiscalYearStart) + 1;
}

function firstDayOfNextMonth(rules: SessionRules, atMs: number): number {
  const next = rules.calendar.local(atMs).month + 1;
  return dayNumber(Math.floor(next / 12), (next % 12) + 1, 1);
}
