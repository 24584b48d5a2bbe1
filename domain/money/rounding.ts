import { assert } from "../assert.ts";
import { type Minor, minor } from "./money.ts";

/** Every rounding the schemes may name. No source says how a city halves 1,070 yen: hence data. */
export const ROUNDING_RULES = ["floor", "ceil", "half-up", "half-even"] as const;
export type RoundingRule = (typeof ROUNDING_RULES)[number];

/** A named rounding to a step of minor units: `{ rule: "ceil", stepMinor: 500 }` rounds up to the next 500. */
export interface Rounding {
  readonly rule: RoundingRule;
  readonly stepMinor: number;
}

/** Divides two non-negative safe integers and rounds the quotient by `rule`, without floating-point error. */
function divide(numerator: number, denominator: number, rule: RoundingRule): number {
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  if (remainder === 0) return quotient;
  switch (rule) {
    case "floor":
      return quotient;
    case "ceil":
      return quotient + 1;
    case "half-up":
      return remainder * 2 >= denominator ? quotient + 1 : quotient;
    case "half-even": {
      if (remainder * 2 === denominator) return quotient % 2 === 0 ? quotient : quotient + 1;
      return remainder * 2 > denominator ? quotient + 1 : quotient;
    }
  }
}

/** Basis points in one whole: rates are integers, 5000 = 50 %. */
export const BASIS_POINTS = 10_000;

/**
 * `amount` × `rateBp` / 10,000, rounded to the step by the named rule. The only place where money is rounded.
 * @param amount non-negative minor units, below 9×10¹¹ so that the product stays a safe integer
 */
export function applyRate(amount: Minor, rateBp: number, rounding: Rounding): Minor {
  assert(amount >= 0, "a rate applies to a non-negative amount");
  assert(Number.isSafeInteger(rateBp) && rateBp >= 0, "a rate is a non-negative integer of basis points");
  assert(Number.isSafeInteger(rounding.stepMinor) && rounding.stepMinor > 0, "a rounding step is a positive integer");
  const numerator = amount * rateBp;
  assert(Number.isSafeInteger(numerator * 2), "amount too large for a rate");
  return minor(divide(numerator, BASIS_POINTS * rounding.stepMinor, rounding.rule) * rounding.stepMinor);
}
