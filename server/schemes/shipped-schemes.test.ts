import { beforeAll, describe, expect, it } from "vitest";
import type { City } from "#domain/city/city.ts";
import { decideRide } from "#domain/decision/decide.ts";
import type { RiderStanding } from "#domain/decision/decision.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import { type Scheme, versionOn } from "#domain/scheme/scheme.ts";
import { localMoment, parseDay } from "#domain/time/local.ts";
import { rider } from "#tests/kit/decision-kit.ts";
import { loadCities } from "./load-cities.ts";

/** The cities as they are shipped, against what their sources say. */
let cities: ReadonlyMap<MunicipalityId, City>;
beforeAll(async () => {
  cities = await loadCities("cities");
});

function city(id: string): City {
  const found = cities.get(id as MunicipalityId);
  if (!found) throw new Error(`no city ${id}`);
  return found;
}

function schemeOf(id: string): Scheme {
  const { schemes, schemeId } = city(id);
  const scheme = schemes.find((each) => each.id === schemeId);
  if (!scheme) throw new Error(`no scheme ${schemeId}`);
  return scheme;
}

interface Given {
  readonly date: string;
  readonly time?: string;
  readonly alighting?: string;
  readonly meter: number;
  readonly discount?: number;
  readonly riders?: readonly RiderStanding[];
  readonly inArea?: readonly [boolean, boolean];
}

function decide(id: string, given: Given) {
  const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const day = parseDay(given.date) ?? Number.NaN;
  const start = city(id).fiscalYearStart;
  const boarding = localMoment(day, minuteOf(given.time ?? "10:00"), start);
  const components: FareComponent[] = [{ kind: "meter", amountMinor: minor(given.meter) }];
  if (given.discount) components.push({ kind: "company-discount", amountMinor: minor(given.discount) });
  return decideRide(versionOn(schemeOf(id), day) ?? null, {
    boarding,
    alighting: localMoment(day, minuteOf(given.alighting ?? given.time ?? "10:20"), start),
    boardingInArea: given.inArea?.[0] ?? true,
    alightingInArea: given.inArea?.[1] ?? true,
    components,
    riders: given.riders ?? [rider("a")],
  });
}
const outcome = (given: Given, id = "maebashi") => {
  const decision = decide(id, given);
  return decision.riders[0]?.refusal ?? Number(decision.subsidyMinor);
};

describe("every shipped scheme", () => {
  it("covers every day from the opening of the ledger, without a gap", () => {
    for (const { id, ledgerOpensOnDay } of cities.values()) {
      const { versions } = schemeOf(id);
      expect(versions[0]?.effectiveFromDay, id).toBeLessThanOrEqual(ledgerOpensOnDay);
      for (const [index, version] of versions.entries()) {
        const next = versions[index + 1];
        expect(version.effectiveToDay, `${id} ${version.version}`).toBe(next ? next.effectiveFromDay - 1 : null);
      }
    }
  });

  it("says what is not known, with the assumption made", () => {
    for (const { id } of cities.values()) {
      for (const version of schemeOf(id).versions) {
        const fields = version.unknowns.map((unknown) => unknown.field);
        expect(fields, `${id} ${version.version}`).toEqual(
          expect.arrayContaining(["eligibleComponents", "solo.0.formula.rounding"]),
        );
        expect(version.unknowns.every((unknown) => unknown.assumption.length > 5)).toBe(true);
        expect(version.sources.length).toBeGreaterThan(0);
      }
    }
  });
});

describe("Maebashi", () => {
  const TODAY = "2026-11-24";

  it("pays half up to 1,000 in every year", () => {
    for (const date of ["2016-01-23", "2021-12-01", "2022-04-01", "2024-06-01", TODAY]) {
      expect([1070, 2000, 5000].map((meter) => outcome({ date, meter }))).toEqual([535, 1000, 1000]);
    }
  });

  it("has no rule before 23 January 2016", () => {
    expect(outcome({ date: "2016-01-22", meter: 1000 })).toBe("NO_SCHEME_IN_FORCE");
  });

  it("pays up to 500 for each who shares, never above the fare", () => {
    const riders = (count: number) => ["a", "b", "c", "d", "e"].slice(0, count).map((person) => rider(person));
    expect(outcome({ date: TODAY, meter: 600, riders: riders(3) })).toBe(600);
    expect(outcome({ date: TODAY, meter: 3500, riders: riders(4) })).toBe(2000);
    expect(decide("maebashi", { date: TODAY, meter: 3500, riders: riders(5) }).riders[4]?.refusal).toBe("RIDE_LIMIT");
  });

  it("counts 120 uses a year until March 2022, then 70, and two a day", () => {
    const used = (day: number, year: number) => [rider("a", { used: [day, year] })];
    expect(outcome({ date: "2022-03-31", meter: 1000, riders: used(0, 119) })).toBe(500);
    expect(outcome({ date: "2022-03-31", meter: 1000, riders: used(0, 120) })).toBe("YEAR_LIMIT");
    expect(outcome({ date: "2022-04-01", meter: 1000, riders: used(0, 69) })).toBe(500);
    expect(outcome({ date: "2022-04-01", meter: 1000, riders: used(0, 70) })).toBe("YEAR_LIMIT");
    expect(outcome({ date: TODAY, meter: 1000, riders: used(2, 10) })).toBe("DAY_LIMIT");
  });

  it("pays up to 2,000 for two uses on a long ride, from the version of 2024 on", () => {
    const two = [rider("a", { usesChosen: 2 })];
    expect(outcome({ date: "2024-05-31", meter: 3400, riders: two })).toBe(1000);
    expect(decide("maebashi", { date: "2024-06-01", meter: 3400, riders: two })).toMatchObject({
      subsidyMinor: 1700,
      riders: [{ uses: 2 }],
    });
    expect(outcome({ date: TODAY, meter: 6000, riders: two })).toBe(2000);
    expect(outcome({ date: TODAY, meter: 6000, riders: [rider("a", { usesChosen: 2, used: [1, 0] })] })).toBe(1000);
  });

  it.each([
    ["06:59", "OUTSIDE_HOURS"],
    ["07:00", 500],
    ["17:59", 500],
    ["18:00", 500],
    ["18:01", "OUTSIDE_HOURS"],
    ["18:05", "OUTSIDE_HOURS"],
  ])("boarding at %s: %s", (time, expected) => {
    expect(outcome({ date: TODAY, time, alighting: "19:00", meter: 1000 })).toBe(expected);
  });

  it("wants one end of the ride in the city", () => {
    expect(outcome({ date: TODAY, meter: 1000, inArea: [true, false] })).toBe(500);
    expect(outcome({ date: TODAY, meter: 1000, inArea: [false, true] })).toBe(500);
    expect(outcome({ date: TODAY, meter: 1000, inArea: [false, false] })).toBe("OUTSIDE_AREA");
  });

  it("comes after the company's discount", () => {
    expect(outcome({ date: TODAY, meter: 1190, discount: 119 })).toBe(535);
    expect(outcome({ date: TODAY, meter: 1190, discount: 120 })).toBe(535);
  });

  it("took a paper ticket before 2022 and wants a card since", () => {
    const paper = [rider("a", { assurance: "presented" })];
    expect(outcome({ date: "2019-05-01", meter: 1000, riders: paper })).toBe(500);
    expect(outcome({ date: TODAY, meter: 1000, riders: paper })).toBe("ASSURANCE_TOO_LOW");
  });
});

describe("the sample city", () => {
  it("pays half up to 60.00 around the clock, until 2,180.00 a fiscal year", () => {
    const ride = (meter: number, used = 0) =>
      outcome({ date: "2014-02-01", time: "03:30", meter, riders: [rider("a", { used: [used] })] }, "lakeside");
    expect([1225, 12_000, 30_000].map((meter) => ride(meter))).toEqual([613, 6000, 6000]);
    expect(ride(12_000, 217_000)).toBe(1000);
    expect(ride(12_000, 218_000)).toBe("YEAR_LIMIT");
  });

  it("covers one member a trip", () => {
    const riders = [rider("a", { used: [0] }), rider("b", { used: [0] })];
    expect(decide("lakeside", { date: "2014-02-01", meter: 1000, riders }).riders.map((each) => each.refusal)).toEqual([
      null,
      "RIDE_LIMIT",
    ]);
  });
});
