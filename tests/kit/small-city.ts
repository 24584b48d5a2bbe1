import type { City, CityText } from "#domain/city/city.ts";
import type { MunicipalityId, SchemeId, SchemeVersionId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { SchemeVersion, UseOption } from "#domain/scheme/scheme.ts";
import { dayNumber } from "#domain/time/local.ts";

const text = (word: string): CityText => ({ ja: word, easy: word, en: word });

function half(uses: number, minFareMinor: number, capMinor: number): UseOption {
  const rounding = { rule: "floor", stepMinor: 1 } as const;
  return {
    uses,
    minFareMinor: minor(minFareMinor),
    formula: { kind: "rate", rateBp: 5_000, capMinor: minor(capMinor), memberPaysFirstMinor: minor(0), rounding },
  };
}

/** A scheme for tests: half the fare up to 1,000 a use, two uses on long rides, 3 uses a day, 5 a fiscal year. */
export const SMALL_VERSION: SchemeVersion = {
  scheme: "half" as SchemeId,
  version: "v1" as SchemeVersionId,
  effectiveFromDay: dayNumber(2020, 1, 1),
  effectiveToDay: null,
  rationale: "for tests",
  sources: [],
  unknowns: [],
  minimumAssurance: "identified",
  hours: null,
  area: "boarding-or-alighting",
  eligibleComponents: ["meter", "company-discount"],
  solo: [half(1, 0, 1_000), half(2, 2_000, 2_000)],
  shared: [half(1, 0, 500)],
  maxRiders: 4,
  limits: [
    { unit: "uses", per: "day", amount: 3 },
    { unit: "uses", per: "fiscal-year", amount: 5 },
  ],
  holdMinutes: 240,
  offlineAllowanceUses: 1,
  overGrantBearer: "company",
};

/** A square city of two zones around 36° N 139° E, in yen and Japanese time. */
export function smallCity(overrides: Partial<City> = {}): City {
  const point = (latE6: number, lngE6: number) => ({ latE6, lngE6 });
  return {
    id: "smallcity" as MunicipalityId,
    name: text("small"),
    currency: { code: "JPY", minorDigits: 0 },
    zone: "Asia/Tokyo",
    locale: "ja-JP",
    fiscalYearStart: { month: 4, day: 1 },
    ledgerOpensOnDay: dayNumber(2021, 1, 1),
    absurdFareMinor: minor(60_000),
    absurdRideMinutes: 480,
    terminalReversalMinutes: 30,
    telephone: "000",
    officeHours: text("always"),
    cardName: text("card"),
    schemeId: SMALL_VERSION.scheme,
    schemes: [{ id: SMALL_VERSION.scheme, versions: [SMALL_VERSION] }],
    border: [
      point(35_900_000, 138_900_000),
      point(36_100_000, 138_900_000),
      point(36_100_000, 139_100_000),
      point(35_900_000, 139_100_000),
      point(35_900_000, 138_900_000),
    ],
    zones: [
      {
        id: "north",
        seeds: [point(36_050_000, 139_000_000)],
        name: text("north"),
        label: point(36_050_000, 139_000_000),
      },
      {
        id: "south",
        seeds: [point(35_950_000, 139_000_000)],
        name: text("south"),
        label: point(35_950_000, 139_000_000),
      },
    ],
    ...overrides,
  };
}

/** A place inside the small city, and one outside. */
export const INSIDE = { latE6: 36_040_000, lngE6: 139_010_000 };
export const OUTSIDE = { latE6: 36_500_000, lngE6: 139_010_000 };
