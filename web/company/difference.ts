import type { RideLine, Totals } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import type { Words } from "../messages/ja.ts";

type Borne = Pick<Totals, "cityBearsMinor" | "companyBearsMinor">;

/** True when a passenger was shown something else than the decision; after a reversal nothing stands that could differ. */
export function differs(ride: Borne & Pick<RideLine, "reversed">): boolean {
  return !ride.reversed && (ride.cityBearsMinor !== 0 || ride.companyBearsMinor !== 0);
}

/** Each part of the difference: how much, and what it means for whom. Empty when all was shown as decided. */
export function differenceParts({ cityBearsMinor, companyBearsMinor }: Borne, words: Words, format: CityFormat) {
  const text = words.company.difference;
  return [
    { minor: cityBearsMinor, who: cityBearsMinor > 0 ? text.cityBears : text.citySaves },
    { minor: companyBearsMinor, who: companyBearsMinor > 0 ? text.companyBears : text.companyKeeps },
  ]
    .filter((part) => part.minor !== 0)
    .map((part) => ({ amount: format.money(Math.abs(part.minor)), who: part.who }));
}

/** The difference of a ride or of a day: `差額 80円：市の負担`, or nothing. */
export function differenceText(borne: Borne, words: Words, format: CityFormat): string {
  const text = words.company.difference;
  const parts = differenceParts(borne, words, format).map(({ amount, who }) => text.part(amount, who));
  return parts.length === 0 ? "" : text.sum(parts.join(text.and));
}

/** What the passenger was shown, and what was decided. */
export function shownText(
  ride: Pick<RideLine, "paidMinor" | "riderPaysMinor">,
  words: Words,
  format: CityFormat,
): string {
  return words.company.difference.shown(format.money(ride.paidMinor), format.money(ride.riderPaysMinor));
}
