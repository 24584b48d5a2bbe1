import { type Minor, minor, ZERO } from "../money/money.ts";
import type { ComponentKind } from "../scheme/scheme.ts";

/** One amount of a fare, always non-negative; `company-discount` is subtracted. */
export interface FareComponent {
  readonly kind: ComponentKind;
  readonly amountMinor: Minor;
}

/** Sum of the given kinds, discounts subtracted, never below zero. */
export function fareOf(components: readonly FareComponent[], kinds?: readonly ComponentKind[]): Minor {
  let total = 0;
  for (const component of components) {
    if (kinds && !kinds.includes(component.kind)) continue;
    total += component.kind === "company-discount" ? -component.amountMinor : component.amountMinor;
  }
  return total < 0 ? ZERO : minor(total);
}
