import { least, type Minor, minor, most, ZERO } from "../money/money.ts";
import { applyRate } from "../money/rounding.ts";
import type { Formula, SchemeVersion, UseOption } from "../scheme/scheme.ts";
import { leftUnder } from "../usage/balance.ts";
import type { RiderStanding, Step, StepCode } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";

/** Builds a line of the explanation. `rider` null = the ride as a whole. */
export function step(
  code: StepCode,
  rider: number | null,
  amountMinor: Minor,
  parameters: Readonly<Record<string, number>> = {},
  refusal: RefusalCode | null = null,
): Step {
  return { code, rider, amountMinor, parameters, refusal };
}

/** Where a rider's arithmetic is written down. */
export interface RiderContext {
  /** Place of the rider in the input. */
  readonly index: number;
  readonly eligibleFareMinor: Minor;
  /** Lines are appended here. */
  readonly steps: Step[];
}

/** What the city would pay for one rider alone, before the riders together are held to the fare. */
export function riderSubsidy(
  version: SchemeVersion,
  option: UseOption,
  rider: RiderStanding,
  context: RiderContext,
): Minor {
  let amount = least(byFormula(option.formula, option.uses, context), context.eligibleFareMinor);
  for (const [index, limit] of version.limits.entries()) {
    if (limit.unit !== "money") continue;
    const left = minor(leftUnder(limit, rider.used[index] ?? 0));
    if (left >= amount) continue;
    amount = left;
    context.steps.push(step("MONEY_LIMIT", context.index, amount, { limitMinor: limit.amount }));
  }
  return amount;
}

function byFormula(formula: Formula, uses: number, { index, eligibleFareMinor, steps }: RiderContext): Minor {
  switch (formula.kind) {
    case "rate": {
      const first = least(formula.memberPaysFirstMinor, eligibleFareMinor);
      const base = minor(eligibleFareMinor - first);
      if (first > 0) steps.push(step("MEMBER_PAYS_FIRST", index, first));
      const share = applyRate(base, formula.rateBp, formula.rounding);
      steps.push(step("RATE", index, share, { rateBp: formula.rateBp, fareMinor: base, uses }));
      return capped(share, formula.capMinor, index, steps);
    }
    case "tiers": {
      const tier = formula.tiers.findLast((candidate) => eligibleFareMinor >= candidate.fromFareMinor);
      if (!tier) {
        steps.push(step("TIER", index, ZERO, { rateBp: 0, fromFareMinor: 0 }));
        return ZERO;
      }
      const share = applyRate(eligibleFareMinor, tier.rateBp, formula.rounding);
      steps.push(step("TIER", index, share, { ...tier }));
      return capped(share, formula.capMinor, index, steps);
    }
    case "fixed":
      steps.push(step("FIXED", index, formula.amountMinor, { uses }));
      return formula.amountMinor;
    case "rider-pays-fixed": {
      const rest = most(ZERO, minor(eligibleFareMinor - formula.riderMinor));
      steps.push(step("RIDER_PAYS_FIXED", index, rest, { riderMinor: formula.riderMinor }));
      return capped(rest, formula.capMinor, index, steps);
    }
  }
}

function capped(amount: Minor, capMinor: Minor | null, index: number, steps: Step[]): Minor {
  if (capMinor === null || amount <= capMinor) return amount;
  steps.push(step("CAP", index, capMinor, { capMinor }));
  return capMinor;
}
