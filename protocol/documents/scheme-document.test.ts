import { describe, expect, it } from "vitest";
import type { SchemeId, SchemeVersionId } from "#domain/ids.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { parseDay } from "#domain/time/local.ts";
import { version } from "#tests/kit/decision-kit.ts";
import { DocumentError, decodeDocument } from "./document-error.ts";
import { assembleSchemes, schemeVersionDocument } from "./scheme-document.ts";

type Json = Record<string, unknown>;

const formula = {
  kind: "rate",
  rateBp: 5000,
  capMinor: 1000,
  memberPaysFirstMinor: 0,
  rounding: { rule: "floor", stepMinor: 1 },
};

function document(changes: Json = {}): Json {
  return {
    scheme: "s",
    version: "2024",
    effectiveFrom: "2024-06-01",
    effectiveTo: null,
    rationale: "Because.",
    sources: [],
    unknowns: [{ field: "hours.by", note: "Not found.", assumption: "Boarding." }],
    minimumAssurance: "identified",
    hours: { by: "boarding", windows: [{ from: "07:00", to: "18:00", toInclusive: true }] },
    area: "boarding-or-alighting",
    eligibleComponents: ["meter"],
    solo: [
      { uses: 1, minFareMinor: 0, formula },
      { uses: 2, minFareMinor: 2001, formula: { ...formula, capMinor: null } },
    ],
    shared: [{ uses: 1, minFareMinor: 0, formula: { kind: "fixed", amountMinor: 500 } }],
    maxRiders: 4,
    limits: [
      { unit: "uses", per: "day", amount: 2 },
      { unit: "uses", per: "fiscal-year", amount: 70 },
    ],
    holdMinutes: 240,
    offlineAllowanceUses: 2,
    overGrantBearer: "city",
    ...changes,
  };
}

const parse = (json: Json) => decodeDocument(schemeVersionDocument, json, "s.json");

/** Dotted paths of everything wrong with a document. */
function faults(changes: Json): string[] {
  try {
    parse(document(changes));
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).faults.map((fault) => fault.path);
  }
  return [];
}

describe("a scheme version document", () => {
  it("becomes days, minutes and basis points", () => {
    expect(parse(document())).toMatchObject({
      scheme: "s",
      effectiveFromDay: parseDay("2024-06-01"),
      effectiveToDay: null,
      hours: { by: "boarding", windows: [{ fromMinute: 420, toMinute: 1080, toInclusive: true }] },
      solo: [{ formula: { rateBp: 5000 } }, { uses: 2, minFareMinor: 2001 }],
    });
  });

  it("can be written back, word for word", () => {
    const full = document({ effectiveTo: "2025-03-31", shared: null });
    for (const json of [document(), full, document({ hours: null, unknowns: [] })]) {
      expect(schemeVersionDocument.encode(parse(json))).toEqual(json);
    }
  });

  it("takes every formula", () => {
    const formulas = [
      {
        kind: "tiers",
        tiers: [
          { fromFareMinor: 0, rateBp: 5000 },
          { fromFareMinor: 3000, rateBp: 4000 },
        ],
        capMinor: 1500,
        rounding: formula.rounding,
      },
      { kind: "rider-pays-fixed", riderMinor: 500, capMinor: null },
      { kind: "fixed", amountMinor: 500 },
    ];
    for (const each of formulas) expect(faults({ solo: [{ uses: 1, minFareMinor: 0, formula: each }] })).toEqual([]);
  });

  it("takes a window up to midnight", () => {
    const hours = {
      by: "both",
      windows: [
        { from: "00:00", to: "01:30", toInclusive: false },
        { from: "22:00", to: "24:00", toInclusive: false },
      ],
    };
    expect(parse(document({ hours, unknowns: [] })).hours?.windows.at(-1)).toEqual({
      fromMinute: 1320,
      toMinute: 1440,
      toInclusive: false,
    });
    expect(schemeVersionDocument.encode(parse(document({ hours, unknowns: [] }))).hours).toEqual(hours);
  });

  it.each<[string, Json, string]>([
    ["a misspelt key", { capMinr: 5 }, ""],
    ["a missing key", { area: undefined }, "area"],
    ["a date that does not exist", { effectiveFrom: "2024-02-30" }, "effectiveFrom"],
    ["an end before the beginning", { effectiveTo: "2024-05-31" }, "effectiveTo"],
    [
      "a time that does not exist",
      { hours: { by: "boarding", windows: [{ from: "7:00", to: "18:00", toInclusive: true }] } },
      "hours.windows.0.from",
    ],
    [
      "a window that passes midnight",
      { hours: { by: "boarding", windows: [{ from: "22:00", to: "02:00", toInclusive: true }] } },
      "hours.windows.0",
    ],
    [
      "windows that overlap",
      {
        hours: {
          by: "boarding",
          windows: [
            { from: "07:00", to: "12:00", toInclusive: false },
            { from: "11:00", to: "18:00", toInclusive: true },
          ],
        },
      },
      "hours.windows",
    ],
    [
      "a rate above one",
      { solo: [{ uses: 1, minFareMinor: 0, formula: { ...formula, rateBp: 10_001 } }] },
      "solo.0.formula.rateBp",
    ],
    ["a broken amount", { solo: [{ uses: 1, minFareMinor: 0.5, formula }] }, "solo.0.minFareMinor"],
    [
      "a formula nobody knows",
      { solo: [{ uses: 1, minFareMinor: 0, formula: { kind: "magic" } }] },
      "solo.0.formula.kind",
    ],
    ["no option at all", { solo: [] }, "solo"],
    [
      "two options of one number of uses",
      {
        solo: [
          { uses: 1, minFareMinor: 0, formula },
          { uses: 1, minFareMinor: 0, formula },
        ],
      },
      "solo",
    ],
    ["an option no limit allows", { solo: [{ uses: 3, minFareMinor: 0, formula }] }, "solo.0.uses"],
    [
      "tiers out of order",
      {
        solo: [
          {
            uses: 1,
            minFareMinor: 0,
            formula: {
              kind: "tiers",
              tiers: [
                { fromFareMinor: 9, rateBp: 1 },
                { fromFareMinor: 8, rateBp: 2 },
              ],
              capMinor: null,
              rounding: formula.rounding,
            },
          },
        ],
      },
      "solo.0.formula.tiers",
    ],
    [
      "two limits of one kind",
      {
        limits: [
          { unit: "uses", per: "day", amount: 2 },
          { unit: "uses", per: "day", amount: 3 },
        ],
      },
      "limits",
    ],
    ["a component twice", { eligibleComponents: ["meter", "meter"] }, "eligibleComponents"],
    ["a fare of nothing but discounts", { eligibleComponents: ["company-discount"] }, "eligibleComponents"],
    [
      "an unknown about a field that is not there",
      { unknowns: [{ field: "hours.from", note: "n", assumption: "a" }] },
      "unknowns.0.field",
    ],
    [
      "an unknown below a plain value",
      { unknowns: [{ field: "area.x", note: "n", assumption: "a" }] },
      "unknowns.0.field",
    ],
    ["an unknown without its assumption", { unknowns: [{ field: "area", note: "n" }] }, "unknowns.0.assumption"],
    ["a name that is no identifier", { version: "20 24" }, "version"],
    ["an empty reason", { rationale: "  " }, "rationale"],
  ])("refuses %s", (_, changes, path) => {
    expect(faults(changes)).toEqual([path]);
  });
});

describe("versions together", () => {
  const dated = (name: string, from: string, to: string | null, changes: Partial<SchemeVersion> = {}) =>
    version({
      version: name as SchemeVersionId,
      effectiveFromDay: parseDay(from) ?? Number.NaN,
      effectiveToDay: to === null ? null : (parseDay(to) ?? Number.NaN),
      ...changes,
    });

  it("make schemes, oldest version first, and may leave a gap", () => {
    const other = { scheme: "other" as SchemeId };
    const { schemes, conflicts } = assembleSchemes([
      dated("2", "2022-04-01", null),
      dated("1", "2016-01-23", "2021-12-31"),
      dated("1", "2016-01-23", null, other),
    ]);
    expect(conflicts).toEqual([]);
    expect(schemes.map((scheme) => [scheme.id, scheme.versions.map((each) => each.version)])).toEqual([
      ["test", ["1", "2"]],
      ["other", ["1"]],
    ]);
  });

  it("must not be in force on the same day", () => {
    const oneDay = assembleSchemes([dated("2", "2022-03-31", null), dated("1", "2016-01-23", "2022-03-31")]);
    expect(oneDay.conflicts).toEqual([{ version: 0, path: "effectiveFrom", message: "overlaps with version 1" }]);
    const openEnd = assembleSchemes([dated("1", "2016-01-23", null), dated("2", "2022-04-01", null)]);
    expect(openEnd.conflicts).toMatchObject([{ version: 1, path: "effectiveFrom" }]);
  });

  it("must not have the same name", () => {
    const { conflicts } = assembleSchemes([dated("1", "2016-01-23", "2016-12-31"), dated("1", "2022-04-01", null)]);
    expect(conflicts).toEqual([{ version: 1, path: "version", message: "a second version 1" }]);
  });
});
