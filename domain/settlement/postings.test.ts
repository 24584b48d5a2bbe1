import { describe, expect, it } from "vitest";
import { fare, ride, rider, version } from "#tests/kit/decision-kit.ts";
import { InvariantError } from "../assert.ts";
import { decideRide } from "../decision/decide.ts";
import { minor } from "../money/money.ts";
import { borneIn, differencePostings, postingsOf, reversed, standingOf } from "./postings.ts";

const postings = (components: ReturnType<typeof fare>) =>
  postingsOf(decideRide(version(), ride(0, { components })), components);

describe("postings", () => {
  it("of a ride say who pays and what the company earned", () => {
    expect(postings(fare({ meter: 1070 }))).toEqual([
      { account: "rider-payments", amountMinor: 535 },
      { account: "city-subsidy", amountMinor: 535 },
      { account: "company-fare", amountMinor: -1070 },
    ]);
  });

  it("show the company's own discount apart from the city's money", () => {
    expect(postings(fare({ meter: 1190, "company-discount": 120 }))).toEqual([
      { account: "rider-payments", amountMinor: 535 },
      { account: "city-subsidy", amountMinor: 535 },
      { account: "company-discount", amountMinor: 120 },
      { account: "company-fare", amountMinor: -1190 },
    ]);
  });

  it("count a discount only as far as there was something to discount", () => {
    expect(postings(fare({ meter: 100, "company-discount": 120 }))).toEqual([
      { account: "company-discount", amountMinor: 100 },
      { account: "company-fare", amountMinor: -100 },
    ]);
  });

  it("of a refused ride leave the city out", () => {
    const input = ride(900, { riders: [rider(null)] });
    expect(postingsOf(decideRide(version(), input), input.components)).toEqual([
      { account: "rider-payments", amountMinor: 900 },
      { account: "company-fare", amountMinor: -900 },
    ]);
  });

  it("refuse a decision that does not belong to the fare", () => {
    const decision = decideRide(version(), ride(1070));
    expect(() => postingsOf({ ...decision, riderPaysMinor: minor(534) }, fare({ meter: 1070 }))).toThrow(
      InvariantError,
    );
  });

  it("of a difference let the shown amount stand, at the cost of who bears it", () => {
    expect(differencePostings(minor(1000), minor(535), { bearer: "city", upToMinor: minor(1000) })).toEqual([
      { account: "difference-city", amountMinor: 465 },
      { account: "rider-payments", amountMinor: -465 },
    ]);
    expect(differencePostings(minor(300), minor(535), { bearer: "company", upToMinor: minor(1000) })).toEqual([
      { account: "difference-company", amountMinor: -235 },
      { account: "rider-payments", amountMinor: 235 },
    ]);
    expect(differencePostings(minor(535), minor(535), { bearer: "city", upToMinor: minor(1000) })).toEqual([]);
  });

  it("are taken back by the same with turned signs", () => {
    const all = postings(fare({ meter: 1190, "company-discount": 120 }));
    const sums = new Map<string, number>();
    for (const { account, amountMinor } of [...all, ...reversed(all)]) {
      sums.set(account, (sums.get(account) ?? 0) + amountMinor);
    }
    expect([...sums.values()]).toEqual([0, 0, 0, 0]);
  });

  it("say who bears what, and what then stands between rider, city and company", () => {
    const decided = { subsidyMinor: minor(535), riderPaysMinor: minor(535) };
    const borne = borneIn(differencePostings(minor(900), minor(535), { bearer: "city", upToMinor: minor(800) }));
    expect(borne).toEqual({ cityBearsMinor: 265, companyBearsMinor: 100 });
    expect(standingOf(decided, borne)).toEqual({ paidMinor: 170, fromCityMinor: 800 });
    expect(borneIn([])).toEqual({ cityBearsMinor: 0, companyBearsMinor: 0 });
  });

  it("of a difference beyond what the scheme could have paid charge the company, there and back", () => {
    const bearing = { bearer: "city", upToMinor: minor(1000) } as const;
    expect(differencePostings(minor(9000), minor(535), bearing)).toEqual([
      { account: "difference-city", amountMinor: 465 },
      { account: "difference-company", amountMinor: 8000 },
      { account: "rider-payments", amountMinor: -8465 },
    ]);
    expect(differencePostings(minor(535), minor(9000), bearing)).toEqual([
      { account: "difference-city", amountMinor: -465 },
      { account: "difference-company", amountMinor: -8000 },
      { account: "rider-payments", amountMinor: 8465 },
    ]);
  });
});
