import type { ReactNode } from "react";
import { amountParts, type Currency } from "../format/money.ts";
import type { Language } from "../language.ts";

/** An amount of money: the number, its unit smaller on the same baseline, with its reading in やさしい日本語. */
export function Amount({
  amountMinor,
  currency,
  language,
  className = "",
}: {
  /** Integer minor units. */
  amountMinor: number;
  currency: Currency;
  language: Language;
  className?: string;
}): ReactNode {
  const { number, unit, unitReading, unitFirst } = amountParts(amountMinor, currency, language);
  const unitText = (
    <span className="amount-unit">
      {unitReading === null ? (
        unit
      ) : (
        <ruby>
          {unit}
          <rt>{unitReading}</rt>
        </ruby>
      )}
    </span>
  );
  return (
    <span className={`amount ${className}`.trim()}>
      {unitFirst && unitText}
      <span className="amount-number">{number}</span>
      {!unitFirst && unitText}
    </span>
  );
}
