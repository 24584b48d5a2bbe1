import { join } from "node:path";
import { versionOn } from "#domain/scheme/scheme.ts";
import { loadCities } from "#server/schemes/load-cities.ts";
import { type Fixture, makeFixture } from "./fixture-data.ts";

/** 24 November 2026, 11:42:07 in Tokyo. */
export const FIXTURE_NOW = Date.UTC(2026, 10, 24, 2, 42, 7);

/** The shipped city's documents with invented rides of one company's day. */
export async function maebashiFixture(rides: number): Promise<Fixture> {
  const root = join(import.meta.dirname, "../..");
  const cities = [...(await loadCities(join(root, "cities"))).values()];
  const city = cities.find((candidate) => candidate.id === "maebashi");
  const scheme = city?.schemes.find((candidate) => candidate.id === city.schemeId);
  const version = scheme && versionOn(scheme, 20_781);
  if (!city || !version) throw new Error("the shipped city has no scheme in force");
  return makeFixture({
    citiesDir: join(root, "cities"),
    webRoot: join(root, "web/dist"),
    cities: [city, ...cities.filter((other) => other !== city)].map((each) => ({
      id: each.id,
      name: each.name,
      currencyCode: each.currency.code,
      currencyMinorDigits: each.currency.minorDigits,
      zone: each.zone,
      locale: each.locale,
      telephone: each.telephone,
      companies: [{ id: "company-3", name: "C交通" }],
    })),
    version,
    zoneIds: city.zones.map((zone) => zone.id),
    center: { latE6: 36_390_000, lngE6: 139_075_000 },
    rides,
    now: FIXTURE_NOW,
  });
}
