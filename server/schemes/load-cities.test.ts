import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MunicipalityId } from "#domain/ids.ts";
import { loadCities } from "./load-cities.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "notte-cities-"));
  await cp("cities", directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function edit(file: string, change: (document: Record<string, unknown>) => void): Promise<void> {
  const document = JSON.parse(await readFile(path.join(directory, file), "utf8"));
  change(document);
  await writeFile(path.join(directory, file), JSON.stringify(document));
}

describe("loading cities", () => {
  it("takes every folder, two cities of different currencies side by side", async () => {
    const cities = await loadCities(directory);
    expect([...cities.keys()]).toEqual(["lakeside", "maebashi"]);
    expect([...cities.values()].map((city) => city.currency)).toEqual([
      { code: "USD", minorDigits: 2 },
      { code: "JPY", minorDigits: 0 },
    ]);
    for (const city of cities.values()) {
      expect(city.border.length, city.id).toBeGreaterThan(10);
      expect(city.zones.length, city.id).toBeGreaterThan(3);
    }
  });

  it("names file and field of what is wrong", async () => {
    await edit("lakeside/city.json", (document) => {
      document.fiscalYearStart = "first of July";
    });
    await expect(loadCities(directory)).rejects.toThrow(
      `${path.join(directory, "lakeside/city.json")}: fiscalYearStart: not a day of every year like 04-01`,
    );
  });

  it("refuses a version that overlaps, by its file", async () => {
    await edit("maebashi/schemes/mytaxi-2022.json", (document) => {
      document.effectiveTo = null;
    });
    await expect(loadCities(directory)).rejects.toThrow(/mytaxi-2024\.json: effectiveFrom: overlaps with version 2022/);
  });

  it("refuses a folder that is named unlike its city", async () => {
    await cp(path.join(directory, "lakeside"), path.join(directory, "copy"), { recursive: true });
    await expect(loadCities(directory)).rejects.toThrow(/copy\/city\.json: id: must be the folder's name, copy/);
  });

  it("fails where a document is missing", async () => {
    await rm(path.join(directory, "maebashi/area.json"));
    await expect(loadCities(directory)).rejects.toThrow(/ENOENT.*area\.json/);
  });

  it("gives each city the scheme it prices by", async () => {
    for (const city of (await loadCities(directory)).values()) {
      expect(city.schemes.map((scheme) => scheme.id)).toContain(city.schemeId);
      expect((await loadCities(directory)).get(city.id as MunicipalityId)).toEqual(city);
    }
  });
});
