import { type Minor, ZERO } from "../money/money.ts";
import type { LimitRule, SchemeVersion, UseOption } from "../scheme/scheme.ts";
import { leftUnder } from "../usage/balance.ts";
import type { RiderStanding } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";

const LIMIT_REFUSAL: Readonly<Record<LimitRule["per"], RefusalCode>> = {
  ride: "RIDE_LIMIT",
  day: "DAY_LIMIT",
  month: "MONTH_LIMIT",
  "fiscal-year": "YEAR_LIMIT",
};

/**
 * The option a rider gets: the largest number of uses not above the chosen one that fare and limits allow. Where every
 * option takes more uses than chosen, the smallest stands for "one ride".
 * @param eligibleFareMinor null while the fare is not known: then it is held against nobody
 */
export function optionFor(
  version: SchemeVersion,
  rider: RiderStanding,
  ride: { readonly sharers: number; readonly eligibleFareMinor: Minor | null },
): UseOption | RefusalCode {
  const options = ride.sharers > 1 && version.shared ? version.shared : version.solo;
  const most = Math.max(rider.usesChosen, Math.min(...options.map((option) => option.uses)));
  const fare = ride.eligibleFareMinor;
  let refusal: RefusalCode = "FARE_TOO_LOW";
  for (const option of options.toSorted((a, b) => b.uses - a.uses)) {
    if (option.uses > most) continue;
    if (fare !== null && (fare === ZERO || fare < option.minFareMinor)) continue;
    const hit = limitHit(version, option.uses, rider);
    if (!hit) return option;
    refusal = hit;
  }
  return refusal;
}

/** The longest period whose limit the uses would pass: "this year" outlasts "today" as the reason worth telling. */
function limitHit(version: SchemeVersion, uses: number, rider: RiderStanding): RefusalCode | null {
  for (const per of ["fiscal-year", "month", "day", "ride"] as const) {
    for (const [index, limit] of version.limits.entries()) {
      if (limit.per !== per) continue;
      const left = leftUnder(limit, rider.used[index] ?? 0);
      if (limit.unit === "uses" ? left < uses : left === 0) return LIMIT_REFUSAL[per];
    }
  }
  return null;
}
