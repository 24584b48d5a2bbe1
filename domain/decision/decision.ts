import type { Assurance } from "../card/assurance.ts";
import type { EntitlementId, SchemeVersionId } from "../ids.ts";
import type { Minor } from "../money/money.ts";
import type { FareComponent } from "../ride/fare.ts";
import type { LocalMoment } from "../time/local.ts";
import type { UsedByLimit } from "../usage/balance.ts";
import type { RefusalCode } from "./refusal.ts";

/** What is known about one rider when a ride is decided. */
export interface RiderStanding {
  /** Stable order and identity of the person; null when the card belongs to nobody registered. */
  readonly entitlement: EntitlementId | null;
  readonly validFromDay: number;
  readonly validToDay: number;
  /** State of the card, checked by the verifier. */
  readonly card: "good" | "stopped" | "needs-renewal";
  readonly assurance: Assurance;
  /** Used before this ride, per limit of the version, own hold not counted. */
  readonly used: UsedByLimit;
  /** Uses the rider chose to spend, e.g. 2 on a long ride. */
  readonly usesChosen: number;
}

/** Everything the decision looks at: plain integers and flags, computed at the edge. */
export interface DecisionInput {
  readonly boarding: LocalMoment;
  /** null at boarding, when only "usable or not" is asked: the fare is not known then. */
  readonly alighting: LocalMoment | null;
  /** null = no position: an unknown end is not held against the rider. */
  readonly boardingInArea: boolean | null;
  readonly alightingInArea: boolean | null;
  readonly components: readonly FareComponent[];
  readonly riders: readonly RiderStanding[];
}

/** Steps of the explanation, in order. Screens translate them; amounts and parameters are data. */
export const STEP_CODES = [
  "METER",
  "COMPONENT_ADDED",
  "COMPANY_DISCOUNT",
  "NOT_ELIGIBLE_COMPONENT",
  "ELIGIBLE_FARE",
  "MEMBER_PAYS_FIRST",
  "RATE",
  "TIER",
  "FIXED",
  "RIDER_PAYS_FIXED",
  "CAP",
  "MONEY_LIMIT",
  "NOT_ABOVE_FARE",
  "REFUSED",
  "CITY_PAYS",
  "RIDERS_PAY",
] as const;
export type StepCode = (typeof STEP_CODES)[number];

/** One line of arithmetic. `rider` is the index of the rider it concerns, null for the whole ride. */
export interface Step {
  readonly code: StepCode;
  readonly rider: number | null;
  readonly amountMinor: Minor;
  /** Parameters by name: `rateBp`, `capMinor`, `uses`, `fareMinor`, … integers only. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly refusal: RefusalCode | null;
}

/** The decision for one rider. */
export interface RiderDecision {
  readonly granted: boolean;
  readonly refusal: RefusalCode | null;
  readonly uses: number;
  readonly subsidyMinor: Minor;
}

/** The decision for a whole ride: `fareMinor = subsidyMinor + riderPaysMinor`, always. */
export interface RideDecision {
  readonly schemeVersion: SchemeVersionId | null;
  readonly fareMinor: Minor;
  readonly eligibleFareMinor: Minor;
  readonly subsidyMinor: Minor;
  readonly riderPaysMinor: Minor;
  readonly riders: readonly RiderDecision[];
  readonly steps: readonly Step[];
}
