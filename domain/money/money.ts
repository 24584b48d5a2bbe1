import { assert } from "../assert.ts";

declare const minorBrand: unique symbol;
/** An amount in integer minor units of the municipality's currency (yen in Japan, cents elsewhere). */
export type Minor = number & { readonly [minorBrand]: "Minor" };

/** Zero of any currency. */
export const ZERO = 0 as Minor;

/** Brands an integer as an amount. Throws InvariantError for fractions and unsafe integers. */
export function minor(value: number): Minor {
  assert(Number.isSafeInteger(value), `amount is not a safe integer: ${value}`);
  return (value === 0 ? 0 : value) as Minor;
}

/** Sum of amounts. */
export function sum(amounts: readonly Minor[]): Minor {
  let total = 0;
  for (const amount of amounts) total += amount;
  return minor(total);
}

/** The smaller amount. */
export function least(a: Minor, b: Minor): Minor {
  return a < b ? a : b;
}

/** The larger amount. */
export function most(a: Minor, b: Minor): Minor {
  return a > b ? a : b;
}
