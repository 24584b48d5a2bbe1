import { describe, expect, it } from "vitest";
import { at, fare, half, option, rate, ride, rider, version } from "#tests/kit/decision-kit.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";
import { decideRide } from "./decide.ts";
import type { DecisionInput } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";

const subsidy = (scheme: SchemeVersion, input: DecisionInput) => Number(decideRide(scheme, input).subsidyMinor);
const refusals = (scheme: SchemeVersion, input: DecisionInput) =>
  decideRide(scheme, input).riders.map((decided) => decided.refusal);

describe("the amount", () => {
  it("is half the fare of a rider alone", () => {
    expect(decideRide(version(), ride(1070))).toMatchObject({
      schemeVersion: "1",
      fareMinor: 1070,
      eligibleFareMinor: 1070,
      subsidyMinor: 535,
      riderPaysMinor: 535,
      riders: [{ granted: true, refusal: null, uses: 1, subsidyMinor: 535 }],
    });
  });

  it.each([
    [600, 300],
    [1999, 999],
    [2000, 1000],
    [2010, 1000],
    [9000, 1000],
  ])("of a fare of %i is %i, capped", (meter, expected) => {
    expect(subsidy(version(), ride(meter))).toBe(expected);
  });

  it("of three riders together is never above the fare", () => {
    const decision = decideRide(version(), ride(600, { riders: [rider("a"), rider("b"), rider("c")] }));
    expect(decision).toMatchObject({ subsidyMinor: 600, riderPaysMinor: 0 });
    expect(decision.riders.map((each) => Number(each.subsidyMinor))).toEqual([200, 200, 200]);
  });

  it("of four riders is 500 each", () => {
    const riders = ["a", "b", "c", "d"].map((person) => rider(person));
    expect(decideRide(version(), ride(3500, { riders }))).toMatchObject({ subsidyMinor: 2000, riderPaysMinor: 1500 });
  });

  it("gives the odd yen of a shrunk ride to the same person whoever laid the card first", () => {
    const persons = ["c", "a", "b"];
    const decision = decideRide(version(), ride(1000, { riders: persons.map((person) => rider(person)) }));
    const of = new Map(persons.map((person, index) => [person, Number(decision.riders[index]?.subsidyMinor)]));
    expect([of.get("a"), of.get("b"), of.get("c")]).toEqual([334, 333, 333]);
  });

  it("of a long ride is larger when two uses are chosen", () => {
    const two = (used: number[]) => ride(2800, { riders: [rider("a", { usesChosen: 2, used })] });
    expect(decideRide(version(), two([0, 0]))).toMatchObject({ subsidyMinor: 1400, riders: [{ uses: 2 }] });
    expect(decideRide(version(), ride(2800))).toMatchObject({ subsidyMinor: 1000, riders: [{ uses: 1 }] });
    expect(decideRide(version(), two([1, 0]))).toMatchObject({ subsidyMinor: 1000, riders: [{ uses: 1 }] });
    expect(decideRide(version(), two([0, 69]))).toMatchObject({ subsidyMinor: 1000, riders: [{ uses: 1 }] });
  });

  it("does not take a second use where it would buy nothing", () => {
    const input = ride(2000, { riders: [rider("a", { usesChosen: 2 })] });
    expect(decideRide(version(), input)).toMatchObject({ subsidyMinor: 1000, riders: [{ uses: 1 }] });
  });

  it("comes after the company's discount where the scheme says so", () => {
    const components = fare({ meter: 1190, "company-discount": 120 });
    expect(decideRide(version(), ride(0, { components }))).toMatchObject({ fareMinor: 1070, subsidyMinor: 535 });
    const exact = fare({ meter: 1190, "company-discount": 119 });
    expect(decideRide(version(), ride(0, { components: exact }))).toMatchObject({ fareMinor: 1071, subsidyMinor: 535 });
    const before = version({ eligibleComponents: ["meter"] });
    expect(decideRide(before, ride(0, { components }))).toMatchObject({ eligibleFareMinor: 1070, subsidyMinor: 535 });
  });

  it("leaves out what the scheme does not subsidise", () => {
    const components = fare({ meter: 1000, pickup: 300, toll: 400, extra: 50 });
    expect(decideRide(version(), ride(0, { components }))).toMatchObject({ fareMinor: 1750, subsidyMinor: 500 });
    const withPickup = version({ eligibleComponents: ["meter", "pickup"] });
    expect(subsidy(withPickup, ride(0, { components }))).toBe(650);
  });

  it("stops at what is left of a sum of money", () => {
    const scheme = version({ limits: [{ unit: "money", per: "fiscal-year", amount: 3000 }], shared: null });
    const input = (used: number) => ride(2000, { riders: [rider("a", { used: [used] })] });
    expect(subsidy(scheme, input(0))).toBe(1000);
    expect(subsidy(scheme, input(2700))).toBe(300);
    expect(decideRide(scheme, input(2700)).steps).toContainEqual(
      expect.objectContaining({ code: "MONEY_LIMIT", amountMinor: 300, parameters: { limitMinor: 3000 } }),
    );
    expect(refusals(scheme, input(3000))).toEqual(["YEAR_LIMIT"]);
  });
});

describe("the explanation", () => {
  it("gives the arithmetic in order", () => {
    const components = fare({ meter: 2500, pickup: 300, "company-discount": 250 });
    const { steps } = decideRide(version(), ride(0, { components }));
    expect(steps.map((step) => [step.code, step.rider, Number(step.amountMinor)])).toEqual([
      ["METER", null, 2500],
      ["NOT_ELIGIBLE_COMPONENT", null, 300],
      ["COMPANY_DISCOUNT", null, 250],
      ["ELIGIBLE_FARE", null, 2250],
      ["RATE", 0, 1125],
      ["CAP", 0, 1000],
      ["CITY_PAYS", null, 1000],
      ["RIDERS_PAY", null, 1550],
    ]);
  });

  it("names an added component and the bound by the fare", () => {
    const scheme = version({ eligibleComponents: ["meter", "toll"] });
    const input = ride(0, { components: fare({ meter: 500, toll: 100 }), riders: [rider("a"), rider("b")] });
    expect(decideRide(scheme, input).steps.map((step) => step.code)).toEqual([
      "METER",
      "COMPONENT_ADDED",
      "ELIGIBLE_FARE",
      "FIXED",
      "FIXED",
      "NOT_ABOVE_FARE",
      "CITY_PAYS",
      "RIDERS_PAY",
    ]);
  });

  it("says why nobody got anything when no version is in force", () => {
    expect(decideRide(null, ride(900))).toEqual({
      schemeVersion: null,
      fareMinor: 900,
      eligibleFareMinor: 0,
      subsidyMinor: 0,
      riderPaysMinor: 900,
      riders: [{ granted: false, refusal: "NO_SCHEME_IN_FORCE", uses: 0, subsidyMinor: 0 }],
      steps: [
        { code: "REFUSED", rider: 0, amountMinor: 0, parameters: {}, refusal: "NO_SCHEME_IN_FORCE" },
        { code: "CITY_PAYS", rider: null, amountMinor: 0, parameters: {}, refusal: null },
        { code: "RIDERS_PAY", rider: null, amountMinor: 900, parameters: {}, refusal: null },
      ],
    });
  });
});

describe("hours", () => {
  const boarding = (time: string) =>
    ride(1000, { boarding: at("2026-11-23", time), alighting: at("2026-11-23", "20:00") });

  it.each([
    ["06:59", "OUTSIDE_HOURS"],
    ["07:00", null],
    ["17:59", null],
    ["18:00", null],
    ["18:01", "OUTSIDE_HOURS"],
  ] as const)("boarding at %s: %s", (time, refusal) => {
    expect(refusals(version(), boarding(time))).toEqual([refusal]);
  });

  it("may end before the full hour", () => {
    const windows = [{ fromMinute: 420, toMinute: 1080, toInclusive: false }];
    expect(refusals(version({ hours: { by: "boarding", windows } }), boarding("18:00"))).toEqual(["OUTSIDE_HOURS"]);
    expect(refusals(version({ hours: { by: "boarding", windows } }), boarding("17:59"))).toEqual([null]);
  });

  it("may go by boarding, alighting or both", () => {
    const windows = [{ fromMinute: 420, toMinute: 1080, toInclusive: true }];
    const late = ride(1000, { boarding: at("2026-11-23", "17:50"), alighting: at("2026-11-23", "18:05") });
    const early = ride(1000, { boarding: at("2026-11-23", "06:50"), alighting: at("2026-11-23", "07:10") });
    const by = (rule: "boarding" | "alighting" | "both") => version({ hours: { by: rule, windows } });
    expect([late, early].map((input) => refusals(by("boarding"), input)[0])).toEqual([null, "OUTSIDE_HOURS"]);
    expect([late, early].map((input) => refusals(by("alighting"), input)[0])).toEqual(["OUTSIDE_HOURS", null]);
    expect([late, early].map((input) => refusals(by("both"), input)[0])).toEqual(["OUTSIDE_HOURS", "OUTSIDE_HOURS"]);
    expect(refusals(by("alighting"), { ...late, alighting: null })).toEqual([null]);
  });

  it("may be all day, or several windows", () => {
    expect(refusals(version({ hours: null }), boarding("03:00"))).toEqual([null]);
    const windows = [
      { fromMinute: 0, toMinute: 60, toInclusive: false },
      { fromMinute: 1380, toMinute: 1440, toInclusive: false },
    ];
    const night = version({ hours: { by: "boarding", windows } });
    expect(["00:30", "01:00", "12:00", "23:59"].map((time) => refusals(night, boarding(time))[0])).toEqual([
      null,
      "OUTSIDE_HOURS",
      "OUTSIDE_HOURS",
      null,
    ]);
  });
});

describe("area", () => {
  const ends = (boardingInArea: boolean | null, alightingInArea: boolean | null) =>
    ride(1000, { boardingInArea, alightingInArea });

  it.each([
    ["anywhere", [true, true, true, true]],
    ["boarding", [true, true, false, false]],
    ["alighting", [true, false, true, false]],
    ["boarding-or-alighting", [true, true, true, false]],
    ["both", [true, false, false, false]],
  ] as const)("%s", (area, expected) => {
    const cases = [ends(true, true), ends(true, false), ends(false, true), ends(false, false)];
    expect(cases.map((input) => refusals(version({ area }), input)[0] === null)).toEqual(expected);
  });

  it("does not hold an end without a position against the rider", () => {
    expect(refusals(version({ area: "both" }), ends(null, null))).toEqual([null]);
    expect(refusals(version({ area: "both" }), ends(null, false))).toEqual(["OUTSIDE_AREA"]);
    expect(refusals(version(), ends(false, null))).toEqual([null]);
  });
});

describe("the person", () => {
  const today = at("2026-11-23", "10:00").day;
  it.each<[RefusalCode, Parameters<typeof rider>]>([
    ["CARD_STOPPED", ["a", { card: "stopped" }]],
    ["CARD_NEEDS_RENEWAL", ["a", { card: "needs-renewal" }]],
    ["NOT_REGISTERED", [null]],
    ["ASSURANCE_TOO_LOW", ["a", { assurance: "presented" }]],
    ["NOT_YET_VALID", ["a", { validFromDay: today + 1 }]],
    ["ENTITLEMENT_EXPIRED", ["a", { validToDay: today - 1 }]],
    ["DAY_LIMIT", ["a", { used: [2, 2] }]],
    ["YEAR_LIMIT", ["a", { used: [0, 70] }]],
    ["YEAR_LIMIT", ["a", { used: [2, 70] }]],
  ])("%s", (code, given) => {
    const decision = decideRide(version(), ride(1070, { riders: [rider(...given)] }));
    expect(decision.riders).toEqual([{ granted: false, refusal: code, uses: 0, subsidyMinor: 0 }]);
    expect(decision).toMatchObject({ subsidyMinor: 0, riderPaysMinor: 1070 });
    expect(decision.steps).toContainEqual(expect.objectContaining({ code: "REFUSED", rider: 0, refusal: code }));
  });

  it("rides on the first and on the last day of the entitlement", () => {
    const riders = [rider("a", { validFromDay: today, validToDay: today })];
    expect(refusals(version(), ride(1000, { riders }))).toEqual([null]);
  });

  it("is told the reason that concerns them before the hour of the day", () => {
    const input = ride(1000, { boarding: at("2026-11-23", "22:00"), riders: [rider(null), rider("b")] });
    expect(refusals(version(), input)).toEqual(["NOT_REGISTERED", "OUTSIDE_HOURS"]);
  });

  it("month limits count too", () => {
    const scheme = version({ limits: [{ unit: "uses", per: "month", amount: 4 }] });
    expect(refusals(scheme, ride(1000, { riders: [rider("a", { used: [4] })] }))).toEqual(["MONTH_LIMIT"]);
    expect(refusals(scheme, ride(1000, { riders: [rider("a", { used: [3] })] }))).toEqual([null]);
  });

  it("counts nothing used where nothing was said", () => {
    expect(refusals(version(), ride(1000, { riders: [rider("a", { used: [] })] }))).toEqual([null]);
    const money = version({ limits: [{ unit: "money", per: "month", amount: 200 }] });
    expect(subsidy(money, ride(1000, { riders: [rider("a", { used: [] })] }))).toBe(200);
  });
});

describe("several riders", () => {
  it("are paid alone when the others are refused", () => {
    const riders = [rider("a"), rider(null), rider("b", { used: [2, 2] })];
    const decision = decideRide(version(), ride(1600, { riders }));
    expect(decision.riders.map((each) => each.refusal)).toEqual([null, "NOT_REGISTERED", "DAY_LIMIT"]);
    expect(decision.subsidyMinor).toBe(800);
  });

  it("grant the same person once, whichever card lay first", () => {
    const both = ride(1600, { riders: [rider("a"), rider("a")] });
    expect(refusals(version(), both)).toEqual([null, "SAME_PERSON_TWICE"]);
    expect(subsidy(version(), both)).toBe(800);
  });

  it("let a person with a stopped card ride on their other card", () => {
    const [stopped, good] = [rider("a", { card: "stopped" as const }), rider("a")];
    expect(refusals(version(), ride(1000, { riders: [stopped, good] }))).toEqual(["CARD_STOPPED", null]);
    expect(refusals(version(), ride(1000, { riders: [good, stopped] }))).toEqual([null, "CARD_STOPPED"]);
  });

  it("take the laying with more proof, then the one that chose more uses", () => {
    const [weak, strong] = [rider("a"), rider("a", { assurance: "possession" })];
    expect(refusals(version(), ride(1000, { riders: [weak, strong] }))).toEqual(["SAME_PERSON_TWICE", null]);
    const [one, two] = [rider("a"), rider("a", { usesChosen: 2 })];
    expect(refusals(version(), ride(3000, { riders: [one, two] }))).toEqual(["SAME_PERSON_TWICE", null]);
  });

  it("ride alone at the solo rule where the scheme knows no shared one", () => {
    const riders = [rider("a"), rider("b")];
    expect(subsidy(version({ shared: null }), ride(1600, { riders }))).toBe(1600);
  });

  it("beyond the most a ride takes are refused in the order of persons, and a refused one frees the seat", () => {
    const persons = ["e", "c", "a", "d", "b"];
    const input = (changes: Record<string, Parameters<typeof rider>[1]> = {}) =>
      ride(4000, { riders: persons.map((person) => rider(person, changes[person])) });
    expect(refusals(version(), input())).toEqual(["RIDE_LIMIT", null, null, null, null]);
    expect(refusals(version(), input({ b: { used: [2, 2] } }))).toEqual([null, null, null, null, "DAY_LIMIT"]);
  });

  it("are one rider where only one member's card counts a trip", () => {
    const scheme = version({ maxRiders: 1 });
    const decision = decideRide(scheme, ride(1600, { riders: [rider("b"), rider("a")] }));
    expect(decision.riders.map((each) => each.refusal)).toEqual(["RIDE_LIMIT", null]);
    expect(decision.subsidyMinor).toBe(800);
  });
});

describe("before the fare is known", () => {
  const boarding = (changes: Partial<DecisionInput> = {}) =>
    ride(0, { components: [], alighting: null, alightingInArea: null, ...changes });

  it("answers usable or not and how many uses", () => {
    expect(decideRide(version(), boarding())).toMatchObject({ riders: [{ granted: true, uses: 1 }], subsidyMinor: 0 });
    const two = boarding({ riders: [rider("a", { usesChosen: 2 })] });
    expect(decideRide(version(), two)).toMatchObject({ riders: [{ granted: true, uses: 2 }] });
    expect(refusals(version(), boarding({ riders: [rider("a", { used: [0, 70] })] }))).toEqual(["YEAR_LIMIT"]);
  });

  it("leaves the place to who is aboard already", () => {
    const second = boarding({ riders: [rider("b"), rider("a")] });
    expect(refusals(version({ maxRiders: 1 }), second)).toEqual([null, "RIDE_LIMIT"]);
    const twice = boarding({ riders: [rider("a"), rider("a", { assurance: "possession" })] });
    expect(refusals(version(), twice)).toEqual([null, "SAME_PERSON_TWICE"]);
  });

  it("does not hold a least fare against anybody yet", () => {
    const scheme = version({ solo: [option(half(1000), 1, 2000)] });
    expect(refusals(scheme, boarding())).toEqual([null]);
    expect(refusals(scheme, ride(1990))).toEqual(["FARE_TOO_LOW"]);
    expect(refusals(scheme, ride(2000))).toEqual([null]);
  });
});

describe("fare and uses", () => {
  it("a ride without an eligible fare takes no use", () => {
    expect(refusals(version(), ride(0))).toEqual(["FARE_TOO_LOW"]);
    expect(refusals(version(), ride(0, { components: fare({ pickup: 300 }) }))).toEqual(["FARE_TOO_LOW"]);
    expect(refusals(version(), ride(0, { components: [] }))).toEqual(["FARE_TOO_LOW"]);
  });

  it("a ride that always takes two uses can be granted to who chose nothing", () => {
    const scheme = version({ solo: [option(rate({ rateBp: 2500 }), 2)], shared: null });
    expect(decideRide(scheme, ride(1000))).toMatchObject({ subsidyMinor: 250, riders: [{ uses: 2 }] });
    expect(refusals(scheme, ride(1000, { riders: [rider("a", { used: [1, 1] })] }))).toEqual(["DAY_LIMIT"]);
  });

  it("a limit of uses per ride bounds the options", () => {
    const scheme = version({ limits: [{ unit: "uses", per: "ride", amount: 1 }] });
    const input = ride(3000, { riders: [rider("a", { usesChosen: 2, used: [0] })] });
    expect(decideRide(scheme, input)).toMatchObject({ subsidyMinor: 1000, riders: [{ uses: 1 }] });
    const none = version({ limits: [{ unit: "money", per: "ride", amount: 700 }] });
    expect(subsidy(none, ride(3000, { riders: [rider("a", { used: [0] })] }))).toBe(700);
  });
});
