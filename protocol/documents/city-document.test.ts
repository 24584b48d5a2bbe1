import { describe, expect, it } from "vitest";
import { parseDay } from "#domain/time/local.ts";
import { cityDocumentText, parseCity, parseCityDocumentText } from "./city-document.ts";
import { DocumentError } from "./document-error.ts";

type Json = Record<string, unknown>;

const text = (words: string) => ({ ja: words, easy: words, en: words });
const CITY: Json = {
  id: "town",
  name: text("Town"),
  currency: { code: "JPY", minorDigits: 0 },
  zone: "Asia/Tokyo",
  locale: "ja-JP",
  fiscalYearStart: "04-01",
  ledgerOpens: "2016-01-23",
  absurdFareMinor: 60_000,
  absurdRideMinutes: 480,
  telephone: "0-1",
  officeHours: text("9-17"),
  cardName: text("Card"),
  schemeId: "s",
};
const AREA: Json = {
  border: [
    { latE6: 0, lngE6: 0 },
    { latE6: 1_000_000, lngE6: 0 },
    { latE6: 0, lngE6: 1_000_000 },
  ],
  zones: [{ id: "z", name: text("Zone"), label: { latE6: 1, lngE6: 1 }, seeds: [{ latE6: 1, lngE6: 1 }] }],
};
const SCHEME: Json = {
  scheme: "s",
  version: "1",
  effectiveFrom: "2016-01-23",
  effectiveTo: null,
  rationale: "r",
  sources: ["a paper"],
  unknowns: [{ field: "area", note: "n", assumption: "a" }],
  minimumAssurance: "presented",
  hours: { by: "boarding", windows: [{ from: "07:05", to: "18:00", toInclusive: true }] },
  area: "anywhere",
  eligibleComponents: ["meter"],
  solo: [{ uses: 1, minFareMinor: 0, formula: { kind: "fixed", amountMinor: 500 } }],
  shared: null,
  maxRiders: 1,
  limits: [],
  holdMinutes: 60,
  offlineAllowanceUses: 0,
  overGrantBearer: "company",
};

const source = (name: string, document: unknown) => ({
  source: name,
  text: typeof document === "string" ? document : JSON.stringify(document),
});

function parse(changes: { city?: unknown; area?: unknown; schemes?: readonly unknown[] } = {}) {
  return parseCity({
    city: source("town/city.json", changes.city ?? CITY),
    area: source("town/area.json", changes.area ?? AREA),
    schemes: (changes.schemes ?? [SCHEME]).map((scheme, index) => source(`town/schemes/${index}.json`, scheme)),
  });
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).message;
  }
  return "no error";
}

describe("a city", () => {
  it("is put together from its documents", () => {
    expect(parse()).toMatchObject({
      id: "town",
      ledgerOpensOnDay: parseDay("2016-01-23"),
      terminalReversalMinutes: 30,
      fiscalYearStart: { month: 4, day: 1 },
      schemes: [{ id: "s", versions: [{ version: "1", hours: { windows: [{ fromMinute: 425 }] } }] }],
      border: [{ latE6: 0 }, { latE6: 1_000_000 }, { lngE6: 1_000_000 }],
      zones: [{ id: "z" }],
    });
  });

  it("travels to a terminal as one text and is the same city there", () => {
    const later = { ...SCHEME, version: "2", effectiveFrom: "2020-01-01" };
    const own = { ...CITY, terminalReversalMinutes: 10 };
    const city = parse({
      city: own,
      schemes: [{ ...SCHEME, effectiveTo: "2019-12-31" }, later, { ...SCHEME, scheme: "other" }],
    });
    expect(parseCityDocumentText(cityDocumentText(city))).toEqual(city);
    expect(city.terminalReversalMinutes).toBe(10);
  });

  it.each<[string, Json, string]>([
    ["an unknown key", { colour: "red" }, 'town/city.json: Unrecognized key: "colour"'],
    ["a zone nobody keeps", { zone: "Asia/Atlantis" }, "town/city.json: zone: not a time zone"],
    ["a locale that is none", { locale: "ja_JP" }, "town/city.json: locale: not a locale"],
    ["a locale in another spelling", { locale: "ja-jp" }, "town/city.json: locale: not a locale"],
    [
      "a currency that is none",
      { currency: { code: "yen", minorDigits: 0 } },
      "town/city.json: currency.code: not an ISO 4217 code",
    ],
    [
      "a fiscal year from 29 February",
      { fiscalYearStart: "02-29" },
      "town/city.json: fiscalYearStart: not a day of every year like 04-01",
    ],
    ["a scheme that is not there", { schemeId: "t" }, "town/city.json: schemeId: no scheme t"],
  ])("refuses %s and says where", (_, changes, message) => {
    expect(messageOf(() => parse({ city: { ...CITY, ...changes } }))).toBe(message);
  });

  it("names the file that overlaps with another", () => {
    const later = { ...SCHEME, version: "2", effectiveFrom: "2020-01-01" };
    expect(messageOf(() => parse({ schemes: [SCHEME, later] }))).toBe(
      "town/schemes/1.json: effectiveFrom: overlaps with version 1",
    );
  });

  it("refuses two zones of one id and a border that is none", () => {
    const [zone] = AREA.zones as Json[];
    expect(messageOf(() => parse({ area: { ...AREA, zones: [zone, zone] } }))).toBe(
      "town/area.json: zones: two zones of one id",
    );
    expect(messageOf(() => parse({ area: { ...AREA, border: [] } }))).toMatch(/^town\/area\.json: border: /);
  });

  it("says what is not JSON", () => {
    expect(messageOf(() => parse({ area: "{" }))).toMatch(/^town\/area\.json: not JSON: /);
    expect(messageOf(() => parseCityDocumentText("nothing"))).toMatch(/^city document: not JSON: /);
  });

  it("does not drown the reader: eight faults are named, the rest counted", () => {
    const bad = Array.from({ length: 30 }, () => ({ latE6: 0 }));
    const message = messageOf(() => parse({ area: { ...AREA, border: bad } }));
    expect(message).toMatch(/border\.7\.lngE6: [^;]*; and 22 more$/);
  });

  it("refuses a packed text whose schemes contradict each other", () => {
    const packed = JSON.parse(cityDocumentText(parse())) as { schemes: Json[] };
    packed.schemes.push({ ...SCHEME, version: "2", effectiveFrom: "2020-01-01" });
    expect(messageOf(() => parseCityDocumentText(JSON.stringify(packed)))).toMatch(
      /^city document: effectiveFrom: overlaps/,
    );
  });
});
