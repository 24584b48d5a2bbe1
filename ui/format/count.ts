import type { Language } from "../language.ts";

/** A number of uses in the catalogues' markup: `52回`, `52回《かい》`, `52 rides`, `1 ride`. */
export function usesMarkup(uses: number, language: Language): string {
  switch (language) {
    case "ja":
      return `${groups(uses)}回`;
    case "easy":
      return `${groups(uses)}回《かい》`;
    case "en":
      return uses === 1 ? "1 ride" : `${groups(uses)} rides`;
    default:
      return language satisfies never;
  }
}

/** A number of people in the catalogues' markup: `2人`, `｜2人《ふたり》`, `2 people`. */
export function peopleMarkup(people: number, language: Language): string {
  switch (language) {
    case "ja":
      return `${groups(people)}人`;
    case "easy":
      if (people === 1) return "｜1人《ひとり》";
      return people === 2 ? "｜2人《ふたり》" : `${groups(people)}人《にん》`;
    case "en":
      return people === 1 ? "1 person" : `${groups(people)} people`;
    default:
      return language satisfies never;
  }
}

/** A plain number with groups of three: `24,812`. */
export function groups(value: number): string {
  return new Intl.NumberFormat("en-US").format(value);
}

/** A share in basis points in the catalogues' markup: `半分`, `半分《はんぶん》`, `half`, otherwise `33%`. */
export function rateMarkup(rateBp: number, language: Language): string {
  if (rateBp !== 5000) return `${rateBp / 100}%`;
  switch (language) {
    case "ja":
      return "半分";
    case "easy":
      return "半分《はんぶん》";
    case "en":
      return "half";
    default:
      return language satisfies never;
  }
}
