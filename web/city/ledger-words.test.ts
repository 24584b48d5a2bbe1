import { describe, expect, it } from "vitest";
import { REFUSAL_CODES } from "#domain/decision/refusal.ts";
import { ACCOUNTS } from "#domain/settlement/postings.ts";
import { en } from "../messages/en.ts";
import { ja } from "../messages/ja.ts";
import {
  accountText,
  cityPays,
  eventText,
  postedTo,
  postingViews,
  waitingText,
  wantsAttention,
} from "./ledger-words.ts";

const POSTINGS = [
  { account: "company-fare", amountMinor: -1070 },
  { account: "rider-payments", amountMinor: 535 },
  { account: "city-subsidy", amountMinor: 535 },
];

describe("a ledger entry in words", () => {
  it("puts debits before credits and loses nothing", () => {
    const views = postingViews(POSTINGS);
    expect(views.map((view) => view.account)).toEqual(["rider-payments", "city-subsidy", "company-fare"]);
    expect(views.at(-1)).toEqual({ account: "company-fare", debitMinor: null, creditMinor: 1070 });
    expect(postedTo({ postings: POSTINGS }, "city-subsidy")).toBe(535);
  });

  it("counts a difference the city bears as the city's, one the company bears not", () => {
    expect(cityPays({ postings: POSTINGS })).toBe(535);
    const shown = [
      { account: "difference-city", amountMinor: 80 },
      { account: "difference-company", amountMinor: 20 },
    ];
    expect(cityPays({ postings: [...POSTINGS, ...shown] })).toBe(615);
    expect(cityPays({ postings: shown })).toBe(80);
  });

  it("has a word for every account and every refusal in both languages", () => {
    for (const words of [ja, en]) {
      for (const account of ACCOUNTS) expect(accountText(account, words)).not.toBe(account);
      for (const code of REFUSAL_CODES) expect(words.refusals[code]).toBeTruthy();
    }
  });

  it("shows an event of a later version by its name", () => {
    expect(eventText("ride.recorded", ja)).toBe("乗車");
    expect(eventText("statement.closed", ja)).toBe("statement.closed");
  });

  it("tells why a ride waits in words, never as a bare code", () => {
    expect(waitingText("OUTSIDE_HOURS", ja)).toBe("時間外");
    expect(waitingText("UNKNOWN_CREDENTIAL", ja)).toBe("知らないカード");
    for (const words of [ja, en]) {
      for (const reason of ["OTHER_FACTS", "TERMINAL_STOPPED"]) {
        expect(waitingText(reason, words)).not.toBe(words.rideProblems.other);
      }
    }
    expect(waitingText("SOMETHING_NEW", en)).toBe("Could not be recorded");
  });

  it("marks refusals and what is taken back", () => {
    expect(wantsAttention({ type: "ride.recorded", refusal: null })).toBe(false);
    expect(wantsAttention({ type: "ride.refused", refusal: "OUTSIDE_HOURS" })).toBe(true);
    expect(wantsAttention({ type: "ride.reversed", refusal: null })).toBe(true);
  });
});
