/** Typing the fare, twice, when no meter speaks for itself. Digits are minor units, as on a till. */
export interface FareEntry {
  readonly stage: "first" | "second";
  readonly digits: string;
  readonly firstMinor: number | null;
  /** The last pair differed. */
  readonly differed: boolean;
}

/** Nothing typed yet. */
export const EMPTY_ENTRY: FareEntry = { stage: "first", digits: "", firstMinor: null, differed: false };

/** A digit (or several, as the 00 key gives), the erase key, or 次へ/決める. */
export type FareKey =
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "erase" }
  | { readonly kind: "enter" };

const MAX_DIGITS = 6;

/** Next state of the entry, and the two equal amounts once they agree. Pure. */
export function pressFareKey(
  entry: FareEntry,
  key: FareKey,
): { readonly entry: FareEntry; readonly agreedMinor: number | null } {
  switch (key.kind) {
    case "digits": {
      const digits = (entry.digits + key.digits).replace(/^0+/u, "");
      const taken = digits.length > MAX_DIGITS ? entry.digits : digits;
      return { entry: { ...entry, digits: taken, differed: false }, agreedMinor: null };
    }
    case "erase":
      return { entry: { ...entry, digits: "", differed: false }, agreedMinor: null };
    case "enter":
      return enter(entry);
    default:
      return key satisfies never;
  }
}

function enter(entry: FareEntry): { readonly entry: FareEntry; readonly agreedMinor: number | null } {
  const typed = amountOf(entry);
  if (typed === 0) return { entry, agreedMinor: null };
  if (entry.stage === "first") {
    return { entry: { stage: "second", digits: "", firstMinor: typed, differed: false }, agreedMinor: null };
  }
  if (typed === entry.firstMinor) return { entry: EMPTY_ENTRY, agreedMinor: typed };
  return { entry: { ...EMPTY_ENTRY, differed: true }, agreedMinor: null };
}

/** What stands in the field, in minor units. */
export function amountOf(entry: FareEntry): number {
  return entry.digits === "" ? 0 : Number(entry.digits);
}
