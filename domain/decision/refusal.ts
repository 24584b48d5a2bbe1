/** Why a scheme refuses a rider. A closed list: screens, receipts and statistics all switch over it. */
export const REFUSAL_CODES = [
  "NO_SCHEME_IN_FORCE",
  "NOT_REGISTERED",
  "NOT_YET_VALID",
  "ENTITLEMENT_EXPIRED",
  "CARD_STOPPED",
  "CARD_NEEDS_RENEWAL",
  "ASSURANCE_TOO_LOW",
  "SAME_PERSON_TWICE",
  "OUTSIDE_HOURS",
  "OUTSIDE_AREA",
  "RIDE_LIMIT",
  "DAY_LIMIT",
  "MONTH_LIMIT",
  "YEAR_LIMIT",
  "FARE_TOO_LOW",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];
