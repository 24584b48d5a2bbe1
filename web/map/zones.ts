import { z } from "zod";
import type { CityText } from "#domain/city/city.ts";
import type { Point, ZoneSeed } from "#domain/geo/point.ts";

/** A counting zone of a city as screens need it. */
export interface CityZone extends ZoneSeed {
  readonly name: CityText;
  /** Where its name and its pulse are drawn. */
  readonly label: Point;
}

const point = z.object({ latE6: z.int(), lngE6: z.int() });

/** The zones of `cities/<id>/area.json`; what else stands there is not needed on a map. */
export const areaZones = z.object({
  zones: z.array(
    z.object({
      id: z.string(),
      name: z.object({ ja: z.string(), easy: z.string(), en: z.string() }),
      label: point,
      seeds: z.array(point).min(1),
    }),
  ),
});

/** A zone's name on a map. */
export function zoneLabel(zone: CityZone, language: "ja" | "en"): string {
  return zone.name[language];
}
