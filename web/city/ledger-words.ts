import type { LedgerLine } from "#protocol/stream/events.ts";
import { refusalText } from "../arithmetic/explain.ts";
import type { Words } from "../messages/ja.ts";

/** What an event is called; one this app does not know yet is shown as it is. */
export function eventText(type: string, words: Words): string {
  return type in words.events ? words.events[type as keyof Words["events"]] : type;
}

/** What an account is called. */
export function accountText(account: string, words: Words): string {
  return account in words.accounts ? words.accounts[account as keyof Words["accounts"]] : account;
}

/** True for events that a person should look at. */
export function wantsAttention(entry: Pick<LedgerLine, "type" | "refusal">): boolean {
  return (
    entry.refusal !== null ||
    entry.type === "ride.quarantined" ||
    entry.type === "ride.reversed" ||
    entry.type === "touch.refused"
  );
}

/** What an entry posts to one account, minor units. */
export function postedTo(entry: Pick<LedgerLine, "postings">, account: string): number {
  return entry.postings.reduce((sum, posting) => sum + (posting.account === account ? posting.amountMinor : 0), 0);
}

/** What the city pays by an entry: the decided subsidy, and the difference where it bears one. */
export function cityPays(entry: Pick<LedgerLine, "postings">): number {
  return postedTo(entry, "city-subsidy") + postedTo(entry, "difference-city");
}

/** Postings as a person reads them: what came in on top (credit side), then who bears it. */
export interface PostingView {
  readonly account: string;
  readonly debitMinor: number | null;
  readonly creditMinor: number | null;
}

/** Each posting on its side, debits first. */
export function postingViews(postings: LedgerLine["postings"]): readonly PostingView[] {
  return postings
    .map(({ account, amountMinor }) => ({
      account,
      debitMinor: amountMinor > 0 ? amountMinor : null,
      creditMinor: amountMinor < 0 ? -amountMinor : null,
    }))
    .sort((a, b) => Number(b.debitMinor !== null) - Number(a.debitMinor !== null));
}

/** Why a ride waits for a person: the scheme's refusal, or what was wrong with it as it came. Never a bare code. */
export function waitingText(reason: string, words: Words): string {
  if (reason in words.refusals) return refusalText(reason, words);
  const problems: Readonly<Record<string, string>> = words.rideProblems;
  return problems[reason] ?? words.rideProblems.other;
}
