import { describe, expect, it } from "vitest";
import { fare, option, rate, ride, rider, version } from "#tests/kit/decision-kit.ts";
import { minor } from "../money/money.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";
import { decideRide } from "./decide.ts";
import type { DecisionInput } from "./decision.ts";

const subsidy = (scheme: SchemeVersion, input: DecisionInput) => Number(decideRide(scheme, input).subsidyMinor);

describe("formulas of other places", () => {
  const alone = (formula: SchemeVersion["solo"][number]["formula"]) =>
    version({ solo: [option(formula)], shared: null, hours: null, limits: [] });

  it("Isesaki: brackets on fare and pick-up charge, with a cliff at 3,000", () => {
    const tiers = [
      { fromFareMinor: minor(0), rateBp: 5000 },
      { fromFareMinor: minor(3000), rateBp: 4000 },
      { fromFareMinor: minor(3500), rateBp: 3000 },
      { fromFareMinor: minor(4000), rateBp: 2000 },
      { fromFareMinor: minor(4500), rateBp: 1000 },
    ];
    const rounding = { rule: "floor", stepMinor: 1 } as const;
    const scheme = {
      ...alone({ kind: "tiers", tiers, capMinor: minor(1500), rounding }),
      eligibleComponents: ["meter", "pickup"] as const,
    };
    expect([2999, 3000, 3499, 3500, 4000, 4499, 4500].map((meter) => subsidy(scheme, ride(meter)))).toEqual([
      1499, 1200, 1399, 1050, 800, 899, 450,
    ]);
    expect(subsidy(scheme, ride(0, { components: fare({ meter: 2700, pickup: 299 }) }))).toBe(1499);
    expect(subsidy(scheme, ride(20_000))).toBe(1500);
    expect(decideRide(scheme, ride(3000)).steps).toContainEqual(
      expect.objectContaining({ code: "TIER", amountMinor: 1200, parameters: { rateBp: 4000, fromFareMinor: 3000 } }),
    );
    const fromThousand = alone({ kind: "tiers", tiers: tiers.slice(1), capMinor: null, rounding });
    expect(subsidy(fromThousand, ride(2999))).toBe(0);
  });

  it("Ome: up to half the fare in steps of 100 from a monthly sum", () => {
    const scheme = {
      ...alone(rate({ rateBp: 5000, step: 100 })),
      limits: [{ unit: "money", per: "month", amount: 3000 }] as const,
    };
    expect(subsidy(scheme, ride(1070))).toBe(500);
    expect(subsidy(scheme, ride(1200))).toBe(600);
    expect(subsidy(scheme, ride(1200, { riders: [rider("a", { used: [2600] })] }))).toBe(400);
  });

  it("Okazaki: half the fare rounded up to 500, never above the fare", () => {
    const scheme = alone(rate({ rateBp: 5000, rule: "ceil", step: 500 }));
    expect([1000, 1010, 2000, 900, 400].map((meter) => subsidy(scheme, ride(meter)))).toEqual([
      500, 1000, 1000, 500, 400,
    ]);
  });

  it("London: the member pays the first 3.50, the borough the rest up to 9.50, twice with a second use", () => {
    const scheme = version({
      solo: [
        option(rate({ rateBp: 10_000, capMinor: 950, first: 350 })),
        option(rate({ rateBp: 10_000, capMinor: 1900, first: 350 }), 2, 1301),
      ],
      shared: null,
      maxRiders: 1,
      limits: [{ unit: "uses", per: "fiscal-year", amount: 104 }],
    });
    expect([200, 350, 900, 1300, 2500].map((meter) => subsidy(scheme, ride(meter)))).toEqual([0, 0, 550, 950, 950]);
    const double = ride(2500, { riders: [rider("a", { usesChosen: 2, used: [0] })] });
    expect(decideRide(scheme, double)).toMatchObject({
      subsidyMinor: 1900,
      riderPaysMinor: 600,
      riders: [{ uses: 2 }],
    });
    expect(decideRide(scheme, ride(200)).steps).toContainEqual(
      expect.objectContaining({ code: "MEMBER_PAYS_FIRST", amountMinor: 200 }),
    );
  });

  it("a flat price for the rider, the city pays the rest up to a cap", () => {
    const scheme = alone({ kind: "rider-pays-fixed", riderMinor: minor(500), capMinor: minor(2000) });
    expect([400, 500, 1500, 4000].map((meter) => subsidy(scheme, ride(meter)))).toEqual([0, 0, 1000, 2000]);
    const open = alone({ kind: "rider-pays-fixed", riderMinor: minor(500), capMinor: null });
    expect(decideRide(open, ride(9000))).toMatchObject({ subsidyMinor: 8500, riderPaysMinor: 500 });
  });

  it("Yoshioka: tickets of 500, two of them alone, one each when sharing", () => {
    const ticket = (tickets: number) => ({ kind: "fixed", amountMinor: minor(500 * tickets) }) as const;
    const scheme = version({ solo: [option(ticket(1)), option(ticket(2), 2, 501)], shared: [option(ticket(1))] });
    expect(subsidy(scheme, ride(1800, { riders: [rider("a", { usesChosen: 2 })] }))).toBe(1000);
    expect(subsidy(scheme, ride(400))).toBe(400);
    expect(subsidy(scheme, ride(1800, { riders: [rider("a", { usesChosen: 2 }), rider("b")] }))).toBe(1000);
  });
});
