import { describe, expect, it } from "vitest";
import { fare, ride, version } from "#tests/kit/decision-kit.ts";
import type { EntitlementId } from "../ids.ts";
import { minor } from "../money/money.ts";
import type { SchemeVersion } from "../scheme/scheme.ts";
import { type AcceptedRider, acceptedUses } from "./accepted-uses.ts";

const known = (person: string, usesChosen = 1): AcceptedRider => ({ entitlement: person as EntitlementId, usesChosen });
const somebody: AcceptedRider = { entitlement: null, usesChosen: 1 };

function taken(
  meter: number,
  shown: number,
  { riders = [known("anna")], of = version() }: { riders?: readonly AcceptedRider[]; of?: SchemeVersion | null } = {},
) {
  const { boarding, alighting } = ride(meter);
  return acceptedUses(of, { boarding, alighting, components: fare({ meter }), riders, shownMinor: minor(shown) });
}

describe("what an accepted ride takes", () => {
  it("is what the scheme takes for such a ride, whatever limits say", () => {
    expect(taken(1_500, 750)).toEqual([{ uses: 1, moneyMinor: 750 }]);
    expect(taken(4_000, 2_000, { riders: [known("anna", 2)] })).toEqual([{ uses: 2, moneyMinor: 2_000 }]);
    const none = version({ limits: [{ unit: "uses", per: "day", amount: 0 }] });
    expect(taken(1_500, 750, { of: none })).toEqual([{ uses: 1, moneyMinor: 750 }]);
  });

  it("is of money what was shown, and never more than the scheme could have paid", () => {
    expect(taken(1_500, 700)).toEqual([{ uses: 1, moneyMinor: 700 }]);
    expect(taken(1_500, 1_400)).toEqual([{ uses: 1, moneyMinor: 750 }]);
  });

  it("is shared with riders nobody knows, and one person is one rider", () => {
    expect(taken(1_500, 1_000, { riders: [known("anna"), somebody] })).toEqual([
      { uses: 1, moneyMinor: 500 },
      { uses: 1, moneyMinor: 500 },
    ]);
    expect(taken(1_500, 750, { riders: [known("anna"), known("anna")] })).toEqual([
      { uses: 1, moneyMinor: 750 },
      { uses: 0, moneyMinor: 0 },
    ]);
  });

  it("is nothing where no subsidy was shown, no fare was due, or no scheme was in force", () => {
    const nothing = [{ uses: 0, moneyMinor: 0 }];
    expect(taken(1_500, 0)).toEqual(nothing);
    expect(taken(0, 100)).toEqual(nothing);
    expect(taken(1_500, 750, { of: null })).toEqual(nothing);
  });
});
