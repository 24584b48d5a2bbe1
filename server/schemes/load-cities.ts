import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { type DocumentSource, parseCity } from "#protocol/documents/city-document.ts";
import { DocumentError } from "#protocol/documents/document-error.ts";

/**
 * Reads every city of a directory: one folder each, named by the municipality's id, with `city.json`, `area.json` and
 * `schemes/*.json`. The folders may hold other files.
 * @throws DocumentError naming file and field; the file system's own error when something cannot be read
 */
export async function loadCities(directory: string): Promise<ReadonlyMap<MunicipalityId, City>> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const cities = new Map<MunicipalityId, City>();
  for (const folder of folders.sort()) {
    const city = await loadCity(path.join(directory, folder));
    if (city.id !== folder) {
      const source = path.join(directory, folder, "city.json");
      throw new DocumentError("BAD_FIELD", source, [{ path: "id", message: `must be the folder's name, ${folder}` }]);
    }
    cities.set(city.id, city);
  }
  return cities;
}

async function loadCity(folder: string): Promise<City> {
  const schemeFiles = (await readdir(path.join(folder, "schemes"))).filter((name) => name.endsWith(".json")).sort();
  const [city, area, ...schemes] = await Promise.all(
    ["city.json", "area.json", ...schemeFiles.map((name) => path.join("schemes", name))].map((name) =>
      readSource(path.join(folder, name)),
    ),
  );
  return parseCity({ city: city as DocumentSource, area: area as DocumentSource, schemes });
}

async function readSource(source: string): Promise<DocumentSource> {
  return { source, text: await readFile(source, "utf8") };
}
