import { describe, expect, it } from "vitest";
import type { RideDecision } from "#domain/decision/decision.ts";
import { asId, type CompanyId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import { busyChange } from "../fleet/busy-projection.ts";
import { companyDayChange, NO_TOTALS, totalsOf } from "./company-day-projection.ts";
import { ledgerLine } from "./ledger-projection.ts";
import { pictureChange } from "./picture-projection.ts";

const company = asId<CompanyId>("c-1");
const cab = {
  rideKey: "t:r",
  tag: "7K2",
  terminalId: asId<never>("t"),
  vehicleId: asId<never>("v"),
  companyId: company,
};
const end = { atMs: 1_000, local: { day: 20_000, minute: 600, month: 1, fiscalYear: 2026 }, inArea: true, zone: "z" };
const decision: RideDecision = {
  schemeVersion: asId("2024"),
  fareMinor: minor(1_070),
  eligibleFareMinor: minor(1_070),
  subsidyMinor: minor(535),
  riderPaysMinor: minor(535),
  riders: [{ granted: true, refusal: null, uses: 1, subsidyMinor: minor(535) }],
  steps: [{ code: "CITY_PAYS", rider: null, amountMinor: minor(535), parameters: {}, refusal: null }],
};
const limits = [
  { unit: "uses", per: "day", amount: 2, left: 1 },
  { unit: "uses", per: "fiscal-year", amount: 70, left: 51 },
] as const;
const postings = [
  { account: "rider-payments", amountMinor: minor(535) },
  { account: "city-subsidy", amountMinor: minor(535) },
  { account: "company-fare", amountMinor: minor(-1_070) },
] as const;
const ride = {
  ...cab,
  boarding: end,
  alighting: end,
  distanceM: 3_000,
  components: [{ kind: "meter", amountMinor: minor(1_070) }],
  decision,
  riders: [
    { person: "p1", assurance: "identified", usesChosen: 1, limits },
    { person: "p1", assurance: "identified", usesChosen: 1, limits },
    { person: null, assurance: "identified", usesChosen: 1, limits: [] },
  ],
  uses: 1,
  postings,
  presented: null,
  differenceMinor: minor(0),
  marks: [],
  commitment: null,
} as const;
const event = (type: RideEvent["type"], body: object): RideEvent =>
  ({ position: 9, atMs: 2_000, rideKey: "t:r", type, body }) as unknown as RideEvent;
const recorded = event("ride.recorded", ride);
const refused = event("ride.refused", {
  ...ride,
  uses: 0,
  decision: {
    ...decision,
    subsidyMinor: minor(0),
    riderPaysMinor: minor(1_070),
    riders: [{ granted: false, refusal: "OUTSIDE_HOURS", uses: 0, subsidyMinor: minor(0) }],
  },
});
const reversed = event("ride.reversed", {
  ...cab,
  ridePosition: 5,
  wasRefused: false,
  boardingDay: 19_999,
  fareMinor: 1_070,
  subsidyMinor: 535,
  riderPaysMinor: 535,
  uses: 1,
  postings: postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor })),
});
const touch = {
  ...cab,
  boarding: end,
  person: "p1",
  refusal: null,
  holdId: "h",
  uses: 1,
  expiresAtMs: 5,
  schemeVersion: "2024",
  limits,
  usableUntilDay: null,
  capMinor: null,
};

describe("company day", () => {
  it("gains a line and its amounts on the boarding day", () => {
    expect(companyDayChange(recorded)).toEqual({
      companyId: company,
      day: 20_000,
      linePosition: 9,
      kind: "added",
      delta: { ...NO_TOTALS, rides: 1, fareMinor: 1_070, subsidyMinor: 535, riderPaysMinor: 535 },
    });
    expect(companyDayChange(refused)?.delta).toMatchObject({
      rides: 0,
      refused: 1,
      subsidyMinor: 0,
      riderPaysMinor: 1_070,
    });
  });
  it("loses what is taken back, on the day it belonged to", () => {
    expect(companyDayChange(reversed)).toEqual({
      companyId: company,
      day: 19_999,
      linePosition: 5,
      kind: "reversed",
      delta: {
        ...NO_TOTALS,
        rides: -1,
        reversed: 1,
        fareMinor: -1_070,
        subsidyMinor: -535,
        riderPaysMinor: -535,
      },
    });
    const { delta } = companyDayChange(event("ride.reversed", { ...reversed.body, wasRefused: true })) ?? {};
    expect(delta).toMatchObject({ rides: 0, refused: -1, reversed: 1 });
  });
  it("says who bears what was shown beyond the decision, at once, later and when it is taken back", () => {
    const borne = [
      { account: "rider-payments", amountMinor: -300 },
      { account: "difference-city", amountMinor: 200 },
      { account: "difference-company", amountMinor: 100 },
    ];
    const atOnce = companyDayChange(event("ride.recorded", { ...ride, postings: [...postings, ...borne] }));
    expect(atOnce?.delta).toMatchObject({ subsidyMinor: 535, cityBearsMinor: 200, companyBearsMinor: 100 });
    const later = companyDayChange(event("ride.presented", { ...cab, ridePosition: 5, postings: borne }));
    expect(later).toEqual({
      companyId: company,
      linePosition: 5,
      kind: "shown",
      delta: { ...NO_TOTALS, cityBearsMinor: 200, companyBearsMinor: 100 },
    });
    const back = borne.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor }));
    const takenBack = event("ride.reversed", { ...reversed.body, postings: back });
    expect(companyDayChange(takenBack)?.delta).toMatchObject({ cityBearsMinor: -200, companyBearsMinor: -100 });
    expect(totalsOf(atOnce?.delta ?? NO_TOTALS)).toMatchObject({ paidMinor: 235, fromCityMinor: 735 });
  });
  it("does not change when what was shown agrees, by anything else, nor by rides of no company", () => {
    expect(companyDayChange(event("ride.presented", { ...cab, ridePosition: 5, postings: [] }))).toBeNull();
    const ofNobody = { ...cab, companyId: null, ridePosition: 5, postings };
    expect(companyDayChange(event("ride.presented", ofNobody))).toBeNull();
    expect(companyDayChange(event("touch.held", touch))).toBeNull();
    expect(companyDayChange(event("ride.recorded", { ...ride, companyId: null }))).toBeNull();
    expect(companyDayChange(event("ride.reversed", { ...reversed.body, companyId: null }))).toBeNull();
  });
});

describe("picture", () => {
  it("counts a covered ride where and when it began, each person once", () => {
    expect(pictureChange(recorded)).toEqual({
      day: 20_000,
      rides: 1,
      refused: 0,
      subsidyMinor: 535,
      began: { boardedAtMs: 1_000, zone: "z", people: ["p1"] },
      paid: { boardedAtMs: 1_000, people: ["p1"] },
      reversedPosition: null,
    });
    const outside = pictureChange(event("ride.recorded", { ...ride, boarding: { ...end, zone: null } }));
    expect(outside).toMatchObject({ rides: 1, began: null, paid: { people: ["p1"] } });
  });
  it("counts refused demand apart and takes reversed rides out", () => {
    expect(pictureChange(refused)).toMatchObject({ rides: 0, refused: 1, subsidyMinor: 0, began: null, paid: null });
    expect(pictureChange(reversed)).toMatchObject({ day: 19_999, rides: -1, subsidyMinor: -535, reversedPosition: 5 });
    expect(pictureChange(event("ride.cancelled", { ...cab, reason: "", holds: [] }))).toBeNull();
  });
});

describe("ledger", () => {
  it("shows a ride's postings, balance, uses and arithmetic", () => {
    expect(ledgerLine(recorded)).toMatchObject({
      position: 9,
      at: 2_000,
      tag: "7K2",
      balanceMinor: 0,
      uses: 1,
      usesLeft: 51,
      refusal: null,
      schemeVersion: "2024",
    });
    expect(ledgerLine(recorded).postings).toHaveLength(3);
    expect(ledgerLine(refused)).toMatchObject({ refusal: "OUTSIDE_HOURS", uses: 0 });
  });
  it("gives uses back with a reversal, a cancelled and an expired hold", () => {
    expect(ledgerLine(reversed)).toMatchObject({ uses: -1, balanceMinor: 0 });
    const holds = [{ uses: 1 }, { uses: 2 }];
    expect(ledgerLine(event("ride.cancelled", { ...cab, reason: "", holds })).uses).toBe(-3);
    expect(ledgerLine(event("hold.expired", { rideKey: "t:r", tag: "7K2", holdId: "h", uses: 2 })).uses).toBe(-2);
  });
  it("shows a touch with what is left, and the rest without amounts", () => {
    expect(ledgerLine(event("touch.held", touch))).toMatchObject({ uses: 1, usesLeft: 51, postings: [] });
    expect(ledgerLine(event("touch.refused", { ...touch, limits: [], refusal: "NOT_REGISTERED" }))).toMatchObject({
      usesLeft: null,
      refusal: "NOT_REGISTERED",
    });
    for (const type of ["ride.quarantined", "quarantine.resolved"] as const) {
      expect(ledgerLine(event(type, cab))).toMatchObject({ type, postings: [], balanceMinor: 0 });
    }
    expect(ledgerLine(event("ride.presented", { ...cab, postings })).postings).toHaveLength(3);
  });
});

describe("busy vehicles", () => {
  it("follow touches and what ends a ride", () => {
    const of = (type: RideEvent["type"], vehicleId: string | null = "v") =>
      busyChange({ type, rideKey: "t:r", vehicleId });
    expect(of("touch.held")).toEqual({ kind: "begins", rideKey: "t:r", vehicleId: "v" });
    expect(of("touch.refused")?.kind).toBe("begins");
    for (const type of [
      "ride.recorded",
      "ride.refused",
      "ride.quarantined",
      "ride.cancelled",
      "hold.expired",
    ] as const) {
      expect(of(type, null)).toEqual({ kind: "ends", rideKey: "t:r" });
    }
    for (const type of ["ride.presented", "ride.reversed", "quarantine.resolved"] as const) expect(of(type)).toBeNull();
  });
});
