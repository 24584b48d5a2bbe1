import { assert } from "../assert.ts";
import type { RideDecision } from "../decision/decision.ts";
import { least, type Minor, minor } from "../money/money.ts";
import type { FareComponent } from "../ride/fare.ts";

/** Accounts of the ride ledger. One municipality keeps one book; company and scheme are columns beside the account. */
export const ACCOUNTS = [
  /** What riders hand over in the cab (debit). */
  "rider-payments",
  /** What the city owes for granted subsidy (debit). */
  "city-subsidy",
  /** The company's own discount (debit). */
  "company-discount",
  /** What the company earned on the meter (credit). */
  "company-fare",
  /** What was shown to a passenger beyond the decision, borne by the city or the company (debit). */
  "difference-city",
  "difference-company",
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** One side of a double entry: positive = debit, negative = credit. */
export interface Posting {
  readonly account: Account;
  readonly amountMinor: Minor;
}

/** Postings of a decided ride that went ahead. They sum to zero; zero amounts are left out. */
export function postingsOf(decision: RideDecision, components: readonly FareComponent[]): readonly Posting[] {
  const gross = components.reduce((t, c) => (c.kind === "company-discount" ? t : t + c.amountMinor), 0);
  const discount = gross - decision.fareMinor;
  return balanced([
    { account: "rider-payments", amountMinor: decision.riderPaysMinor },
    { account: "city-subsidy", amountMinor: decision.subsidyMinor },
    { account: "company-discount", amountMinor: minor(discount) },
    { account: "company-fare", amountMinor: minor(-gross) },
  ]);
}

/** Who bears what was shown beyond the decision, and how far. */
export interface Bearing {
  readonly bearer: "city" | "company";
  /** Subsidy up to which the bearer bears; what was shown above it is the company's own. */
  readonly upToMinor: Minor;
}

/**
 * What must be posted when the passenger was shown another subsidy than the one that stood: the shown amount stands.
 * @param shownMinor subsidy shown to the passenger
 * @param stoodMinor subsidy that stood before: the decided one, or an earlier showing
 */
export function differencePostings(
  shownMinor: Minor,
  stoodMinor: Minor,
  { bearer, upToMinor }: Bearing,
): readonly Posting[] {
  const difference = shownMinor - stoodMinor;
  const borneByCity = bearer === "city" ? least(shownMinor, upToMinor) - least(stoodMinor, upToMinor) : 0;
  return balanced([
    { account: "difference-city", amountMinor: minor(borneByCity) },
    { account: "difference-company", amountMinor: minor(difference - borneByCity) },
    { account: "rider-payments", amountMinor: minor(-difference) },
  ]);
}

/** Parts of what was shown beyond the decision, by who bears them; negative where less was shown. */
export interface Borne {
  readonly cityBearsMinor: Minor;
  readonly companyBearsMinor: Minor;
}

/** What postings say that city and company bear. */
export function borneIn(postings: readonly Posting[]): Borne {
  const postedTo = (account: Account): Minor =>
    minor(postings.reduce((total, posting) => (posting.account === account ? total + posting.amountMinor : total), 0));
  return { cityBearsMinor: postedTo("difference-city"), companyBearsMinor: postedTo("difference-company") };
}

/** What stands between rider, city and company, of one ride or of many. */
export interface Standing {
  /** What riders handed over: the decided part, less what was shown beyond the decision. */
  readonly paidMinor: Minor;
  /** What the company gets from the city: the decided subsidy and what the city bears. */
  readonly fromCityMinor: Minor;
}

/** What stands after a decision and what was shown. */
export function standingOf(
  decided: { readonly subsidyMinor: number; readonly riderPaysMinor: number },
  { cityBearsMinor, companyBearsMinor }: { readonly cityBearsMinor: number; readonly companyBearsMinor: number },
): Standing {
  return {
    paidMinor: minor(decided.riderPaysMinor - cityBearsMinor - companyBearsMinor),
    fromCityMinor: minor(decided.subsidyMinor + cityBearsMinor),
  };
}

/** The same postings with the signs turned: a correction is a reversal, never an edit. */
export function reversed(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((posting) => ({ account: posting.account, amountMinor: minor(-posting.amountMinor) }));
}

function balanced(postings: readonly Posting[]): readonly Posting[] {
  const total = postings.reduce((running, posting) => running + posting.amountMinor, 0);
  assert(total === 0, `postings do not balance: ${total}`);
  return postings.filter((posting) => posting.amountMinor !== 0);
}
