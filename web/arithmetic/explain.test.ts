import { describe, expect, it } from "vitest";
import { decideRide } from "#domain/decision/decide.ts";
import { asId, type EntitlementId, type SchemeId, type SchemeVersionId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { localMoment } from "#domain/time/local.ts";
import type { CityInfo } from "../api/queries.ts";
import { cityFormat } from "../app/city-format.ts";
import { en } from "../messages/en.ts";
import { ja } from "../messages/ja.ts";
import { explainSteps, methodOf, type StepLike, stepOf } from "./explain.ts";

const YEN: CityInfo = {
  id: "a",
  name: { ja: "甲市", easy: "甲市", en: "Ko" },
  currencyCode: "JPY",
  currencyMinorDigits: 0,
  zone: "Asia/Tokyo",
  locale: "ja-JP",
  telephone: "0",
  companies: [],
};
const DOLLAR: CityInfo = { ...YEN, id: "b", currencyCode: "USD", currencyMinorDigits: 2, zone: "UTC", locale: "en-US" };

const HALF: SchemeVersion = {
  scheme: asId<SchemeId>("s"),
  version: asId<SchemeVersionId>("s-1"),
  effectiveFromDay: 0,
  effectiveToDay: null,
  rationale: "",
  sources: [],
  unknowns: [],
  minimumAssurance: "presented",
  hours: null,
  area: "anywhere",
  eligibleComponents: ["meter", "company-discount"],
  solo: [
    {
      uses: 1,
      minFareMinor: minor(0),
      formula: {
        kind: "rate",
        rateBp: 5000,
        capMinor: minor(1000),
        memberPaysFirstMinor: minor(0),
        rounding: { rule: "floor", stepMinor: 1 },
      },
    },
  ],
  shared: null,
  maxRiders: 4,
  limits: [{ unit: "uses", per: "day", amount: 2 }],
  holdMinutes: 240,
  offlineAllowanceUses: 1,
  overGrantBearer: "city",
};

const step = (code: string, amountMinor: number, parameters: Record<string, number> = {}): StepLike => ({
  code,
  rider: code === "RATE" || code === "CAP" ? 0 : null,
  amountMinor,
  parameters,
  refusal: null,
});

const HALF_RIDE: readonly StepLike[] = [
  step("METER", 2700),
  step("ELIGIBLE_FARE", 2700),
  step("RATE", 1350, { rateBp: 5000, fareMinor: 2700, uses: 1 }),
  step("CAP", 1000, { capMinor: 1000 }),
  step("CITY_PAYS", 1000),
  step("RIDERS_PAY", 1700),
];

describe("arithmetic in words", () => {
  const yen = cityFormat(YEN, "ja");

  it("reads like the accountant's line", () => {
    const lines = explainSteps(
      { steps: HALF_RIDE, components: [{ kind: "METER", amountMinor: 2700 }], riderCount: 1, distanceM: 6210 },
      ja,
      yen,
    );
    expect(lines.map(({ label, note, amount }) => [label, note, amount])).toEqual([
      ["メーター（支払）", "6.2 km", "2,700円"],
      ["半分", "2,700 ÷ 2", "1,350円"],
      ["上限", "1,000円まで", "1,000円"],
      ["市の補助", "", "1,000円"],
      ["お客さまのお支払い", "", "1,700円"],
    ]);
    expect(lines.map((line) => line.tone)).toEqual(["plain", "plain", "plain", "city", "rider"]);
  });

  it("names components in the order the decision met them, and shows what is covered", () => {
    const steps = [
      step("METER", 1000),
      step("NOT_ELIGIBLE_COMPONENT", 300),
      step("COMPANY_DISCOUNT", 100),
      step("ELIGIBLE_FARE", 900),
    ];
    const lines = explainSteps(
      {
        steps,
        components: [
          { kind: "METER", amountMinor: 1000 },
          { kind: "PICKUP", amountMinor: 300 },
          { kind: "COMPANY_DISCOUNT", amountMinor: 100 },
        ],
        riderCount: 1,
        distanceM: null,
      },
      en,
      cityFormat(DOLLAR, "en"),
    );
    expect(lines.map(({ label, amount }) => [label, amount])).toEqual([
      ["Meter", "$10.00"],
      ["Pick-up fee (not covered)", "$3.00"],
      ["Company’s discount", "−$1.00"],
      ["Covered fare", "$9.00"],
    ]);
  });

  it("explains every step the decision makes", () => {
    const at = localMoment(20_000, 600, { month: 4, day: 1 });
    const decision = decideRide(HALF, {
      boarding: at,
      alighting: at,
      boardingInArea: true,
      alightingInArea: true,
      components: [
        { kind: "meter", amountMinor: minor(2700) },
        { kind: "company-discount", amountMinor: minor(270) },
      ],
      riders: [
        {
          entitlement: asId<EntitlementId>("e"),
          validFromDay: 0,
          validToDay: 99_999,
          card: "good",
          assurance: "identified",
          used: [0],
          usesChosen: 1,
        },
      ],
    });
    for (const words of [ja, en]) {
      const lines = explainSteps(
        {
          steps: decision.steps,
          components: [
            { kind: "METER", amountMinor: 2700 },
            { kind: "COMPANY_DISCOUNT", amountMinor: 270 },
          ],
          riderCount: 1,
          distanceM: null,
        },
        words,
        yen,
      );
      expect(lines).toHaveLength(decision.steps.length);
      for (const line of lines) expect(line.label).not.toBe(line.code);
      expect(lines.at(-2)?.amount).toBe(yen.money(decision.subsidyMinor));
    }
  });

  it("tells the riders of a shared ride apart", () => {
    const lines = explainSteps(
      { steps: HALF_RIDE, components: [{ kind: "METER", amountMinor: 2700 }], riderCount: 2, distanceM: null },
      ja,
      yen,
    );
    expect(lines[1]?.note).toBe("1人目 2,700 ÷ 2");
  });

  it("turns the API's parameters into the stream's", () => {
    expect(
      stepOf({ code: "CAP", amountMinor: 5, parameters: [{ name: "capMinor", value: 5 }], refusal: null }),
    ).toEqual({ code: "CAP", rider: null, amountMinor: 5, parameters: { capMinor: 5 }, refusal: null });
  });
});

describe("the list's word", () => {
  const standing = { refusal: null, reversed: false, status: "RECORDED", fromQuarantine: false };
  const base = { steps: HALF_RIDE, riderCount: 1, uses: 1, ...standing };

  it("says what made the amount", () => {
    expect(methodOf(base, ja).text).toBe("上限");
    expect(methodOf({ ...base, steps: HALF_RIDE.filter((line) => line.code !== "CAP") }, ja).text).toBe("半額");
    expect(methodOf({ ...base, uses: 2 }, ja).text).toBe("2回分");
    expect(methodOf({ ...base, riderCount: 2, uses: 2 }, ja).text).toBe("2人");
  });

  it("puts first what a person must look at", () => {
    expect(methodOf({ ...base, refusal: "OUTSIDE_HOURS" }, ja)).toEqual({ text: "時間外", attention: true });
    expect(methodOf({ ...base, reversed: true, riderCount: 2 }, ja).text).toBe("取り消し");
    expect(methodOf({ ...base, status: "QUARANTINED" }, ja).text).toBe("確認待ち");
  });

  it("says what a person decided about a ride that had waited", () => {
    const decided = { ...base, fromQuarantine: true };
    expect(methodOf(decided, ja)).toEqual({ text: "市が承認", attention: false });
    expect(methodOf({ ...decided, status: "REFUSED" }, ja)).toEqual({ text: "市の確認で補助なし", attention: true });
    expect(methodOf({ ...decided, reversed: true }, ja).text).toBe("取り消し");
  });
});
