import { assert } from "../assert.ts";
import { type Minor, minor, sum, ZERO } from "./money.ts";

/**
 * Shrinks amounts alike until together they make `total`. Each part is rounded down; the units left over go one each to
 * the first amounts that are still below what they were. No part grows, the parts sum up to `total` exactly.
 * @param total from 0 to the sum of the amounts
 * @param amounts non-negative
 */
export function shrinkTo(total: Minor, amounts: readonly Minor[]): Minor[] {
  const whole = sum(amounts);
  assert(total >= 0 && total <= whole, `cannot shrink ${whole} to ${total}`);
  assert(Number.isSafeInteger(whole * total), "amounts too large to split");
  if (whole === 0) return amounts.map(() => ZERO);
  const parts = amounts.map((amount) => Math.floor((amount * total) / whole));
  let left = total - parts.reduce((running, part) => running + part, 0);
  return amounts.map((amount, index) => {
    const part = parts[index] as number;
    if (left === 0 || part >= amount) return minor(part);
    left -= 1;
    return minor(part + 1);
  });
}
