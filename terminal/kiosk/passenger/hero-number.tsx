import type { ReactNode } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { groups } from "#ui/format/count.ts";
import { amountParts } from "#ui/format/money.ts";
import type { Hero } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** Longer numbers step down from 200 to 160 px. */
const LONG = 6;

/** The one large number. */
export function HeroNumber({ hero, texts }: { hero: Hero; texts: Texts }): ReactNode {
  if (hero.kind === "money") {
    const { number } = amountParts(hero.amountMinor, texts.city, texts.language);
    return (
      <p className={`hero ${number.length >= LONG ? "hero-long" : ""}`}>
        <Amount amountMinor={hero.amountMinor} currency={texts.city} language={texts.language} />
      </p>
    );
  }
  return (
    <p className="hero">
      <span className="amount">
        <span className="amount-number">{groups(hero.uses)}</span>
        <span className="amount-unit">
          <UsesUnit uses={hero.uses} texts={texts} />
        </span>
      </span>
    </p>
  );
}

/** The unit of a number of uses beside the number itself: `回`, `rides`. */
export function UsesUnit({ uses, texts }: { uses: number; texts: Texts }): ReactNode {
  switch (texts.language) {
    case "ja":
      return "回";
    case "easy":
      return (
        <ruby>
          回<rt>かい</rt>
        </ruby>
      );
    case "en":
      return uses === 1 ? "ride" : "rides";
    default:
      return texts.language satisfies never;
  }
}
