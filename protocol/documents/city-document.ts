import { z } from "zod";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId, SchemeId } from "#domain/ids.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { DocumentError, decodeDocument, parseJson } from "./document-error.ts";
import {
  cityTextField,
  dayField,
  idField,
  monthDayField,
  pointField,
  textField,
  zoneField,
} from "./document-fields.ts";
import { assembleSchemes, schemeVersionDocument } from "./scheme-document.ts";

/**
 * A city as data: `city.json` (who it is), `area.json` (border and counting zones) and one file per scheme version.
 * The same three parts in one JSON text are what a terminal gets with its pack.
 */

const cityFields = z.strictObject({
  id: idField<MunicipalityId>(),
  name: cityTextField,
  currency: z.strictObject({
    code: z.string().regex(/^[A-Z]{3}$/, "not an ISO 4217 code"),
    minorDigits: z.int().min(0).max(4),
  }),
  zone: zoneField,
  locale: z.string().refine(isLocale, "not a locale"),
  fiscalYearStart: monthDayField,
  ledgerOpens: dayField,
  absurdFareMinor: z.int().min(1),
  absurdRideMinutes: z.int().min(1),
  /** Not in documents and packs written before it was known. */
  terminalReversalMinutes: z.int().min(1).default(30),
  telephone: textField,
  officeHours: cityTextField,
  cardName: cityTextField,
  schemeId: idField<SchemeId>(),
});

const areaFields = z.strictObject({
  /** Ring of the border; the first point need not be repeated. */
  border: z.array(pointField).min(3),
  zones: z
    .array(
      z.strictObject({
        id: idField<string>(),
        name: cityTextField,
        label: pointField,
        seeds: z.array(pointField).min(1),
      }),
    )
    .refine((zones) => new Set(zones.map((zone) => zone.id)).size === zones.length, "two zones of one id"),
});

const packed = z.strictObject({ city: cityFields, area: areaFields, schemes: z.array(schemeVersionDocument) });

/** One part of a city with the name under which errors speak of it (a file path). */
export interface DocumentSource {
  readonly source: string;
  readonly text: string;
}

/**
 * Builds a city from the texts of its documents.
 * @throws DocumentError naming the source and the path of what cannot stand
 */
export function parseCity(documents: {
  readonly city: DocumentSource;
  readonly area: DocumentSource;
  readonly schemes: readonly DocumentSource[];
}): City {
  const decode = <Schema extends z.ZodType>(schema: Schema, { text, source }: DocumentSource) =>
    decodeDocument(schema, parseJson(text, source), source);
  const city = decode(cityFields, documents.city);
  const area = decode(areaFields, documents.area);
  const versions = documents.schemes.map((document) => decode(schemeVersionDocument, document));
  return assemble(
    { city, area, versions },
    documents.city.source,
    (index) => (documents.schemes[index] as DocumentSource).source,
  );
}

/** The whole city as one JSON text: what `terminalPack.cityDocument` carries. */
export function cityDocumentText(city: City): string {
  const { border, zones, schemes, ledgerOpensOnDay, ...rest } = city;
  return JSON.stringify(
    packed.encode({
      city: { ...rest, ledgerOpens: ledgerOpensOnDay },
      area: { border: [...border], zones: zones.map((zone) => ({ ...zone, seeds: [...zone.seeds] })) },
      schemes: schemes.flatMap((scheme) => scheme.versions),
    }),
  );
}

/**
 * Rebuilds the city from {@link cityDocumentText}.
 * @throws DocumentError
 */
export function parseCityDocumentText(text: string): City {
  const source = "city document";
  const { city, area, schemes } = decodeDocument(packed, parseJson(text, source), source);
  return assemble({ city, area, versions: schemes }, source, () => source);
}

interface Parts {
  readonly city: z.output<typeof cityFields>;
  readonly area: z.output<typeof areaFields>;
  readonly versions: readonly SchemeVersion[];
}

function assemble({ city, area, versions }: Parts, citySource: string, sourceOf: (version: number) => string): City {
  const { schemes, conflicts } = assembleSchemes(versions);
  const [conflict] = conflicts;
  if (conflict) throw new DocumentError("BAD_FIELD", sourceOf(conflict.version), [conflict]);
  if (!schemes.some((scheme) => scheme.id === city.schemeId)) {
    throw new DocumentError("BAD_FIELD", citySource, [{ path: "schemeId", message: `no scheme ${city.schemeId}` }]);
  }
  const { ledgerOpens, ...rest } = city;
  return { ...rest, ledgerOpensOnDay: ledgerOpens, schemes, border: area.border, zones: area.zones };
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale)[0] === locale;
  } catch {
    return false;
  }
}
