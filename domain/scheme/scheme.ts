import type { Assurance } from "../card/assurance.ts";
import type { SchemeId, SchemeVersionId } from "../ids.ts";
import type { Minor } from "../money/money.ts";
import type { Rounding } from "../money/rounding.ts";

/** Kinds of amounts a meter or driver may report. A discount is the company's own gift and is given as a positive amount. */
export const COMPONENT_KINDS = ["meter", "pickup", "toll", "extra", "company-discount"] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** From–to minutes of the local day in which a ride is covered. */
export interface HoursWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Whether `toMinute` itself is still covered: the 18:00 edge is the best-known grievance. */
  readonly toInclusive: boolean;
}

/** When a ride is covered. */
export interface HoursRule {
  /** Which moment must fall into a window. */
  readonly by: "boarding" | "alighting" | "both";
  readonly windows: readonly HoursWindow[];
}

/** Where a ride must touch the city. */
export const AREA_RULES = ["anywhere", "boarding", "alighting", "boarding-or-alighting", "both"] as const;
export type AreaRule = (typeof AREA_RULES)[number];

/** How the city's part of one rider is computed from that rider's eligible fare. */
export type Formula =
  /** A share of the fare (after an amount the member pays first), up to a cap. */
  | {
      readonly kind: "rate";
      readonly rateBp: number;
      readonly capMinor: Minor | null;
      readonly memberPaysFirstMinor: Minor;
      readonly rounding: Rounding;
    }
  /** Share by fare bracket; the last bracket whose `fromFareMinor` is not above the fare applies to the whole fare. */
  | {
      readonly kind: "tiers";
      readonly tiers: readonly { readonly fromFareMinor: Minor; readonly rateBp: number }[];
      readonly capMinor: Minor | null;
      readonly rounding: Rounding;
    }
  /** A fixed amount, never above the fare. */
  | { readonly kind: "fixed"; readonly amountMinor: Minor }
  /** The rider pays a fixed price, the city the rest. */
  | { readonly kind: "rider-pays-fixed"; readonly riderMinor: Minor; readonly capMinor: Minor | null };

/** One way of using a scheme on a ride: how many uses it takes and what they buy. */
export interface UseOption {
  readonly uses: number;
  /** Below this eligible fare the option is not offered; 0 when there is no threshold. */
  readonly minFareMinor: Minor;
  readonly formula: Formula;
}

/** A limit of an entitlement. Several hold at once. */
export interface LimitRule {
  readonly unit: "uses" | "money";
  readonly per: "ride" | "day" | "month" | "fiscal-year";
  readonly amount: number;
}

/** Something about a rule that no source states. Kept in the data so that no screen pretends to know it. */
export interface Unknown {
  /** Path of the field in the scheme document, e.g. `solo.1.minFareMinor`. */
  readonly field: string;
  /** What is not known, and where it was looked for. */
  readonly note: string;
  /** What the data assumes until the city answers. */
  readonly assumption: string;
}

/** One dated version of a scheme. Data, published, never edited. */
export interface SchemeVersion {
  readonly scheme: SchemeId;
  readonly version: SchemeVersionId;
  /** First and last local day on which rides (by boarding day) are priced by this version; null = open end. */
  readonly effectiveFromDay: number;
  readonly effectiveToDay: number | null;
  readonly rationale: string;
  readonly sources: readonly string[];
  readonly unknowns: readonly Unknown[];
  readonly minimumAssurance: Assurance;
  readonly hours: HoursRule | null;
  readonly area: AreaRule;
  /** Components that count towards the eligible fare; company discounts are taken off before the subsidy when listed. */
  readonly eligibleComponents: readonly ComponentKind[];
  readonly solo: readonly UseOption[];
  /** Options when two or more granted riders share; null when the scheme knows no shared rule. */
  readonly shared: readonly UseOption[] | null;
  /** Most riders of one ride that may use the scheme. */
  readonly maxRiders: number;
  readonly limits: readonly LimitRule[];
  /** Minutes after which a hold without a ride releases its uses. */
  readonly holdMinutes: number;
  /** Uses one cab may grant to one entitlement while it cannot reach the server. */
  readonly offlineAllowanceUses: number;
  /** Who bears what was shown to the passenger beyond the server's decision. */
  readonly overGrantBearer: "city" | "company";
}

/** A scheme with all its versions, oldest first. */
export interface Scheme {
  readonly id: SchemeId;
  readonly versions: readonly SchemeVersion[];
}

/** The version in force on a local day, or undefined. */
export function versionOn(scheme: Scheme, day: number): SchemeVersion | undefined {
  return scheme.versions.findLast(
    (version) => day >= version.effectiveFromDay && (version.effectiveToDay === null || day <= version.effectiveToDay),
  );
}
