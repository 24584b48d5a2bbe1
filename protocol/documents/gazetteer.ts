import { z } from "zod";

/**
 * A city's schematic gazetteer (`cities/<id>/gazetteer.json`, served at `/cities/<id>/gazetteer.json`): what lets a
 * person find their way on a map without any tiles. Schematic: lines are for looking, never for routing or billing.
 * All coordinates are WGS 84 in integer micro-degrees, as `[latE6, lngE6]` pairs to keep the file short and readable.
 */

/** `[latE6, lngE6]`. */
export const place = z.tuple([z.int().min(-90_000_000).max(90_000_000), z.int().min(-180_000_000).max(180_000_000)]);
export type Place = z.infer<typeof place>;

/** A name as the screens write it. `short` is for maps with little room (`群大病院`). */
export const placeName = z.object({
  ja: z.string().min(1),
  en: z.string().min(1),
  short: z.object({ ja: z.string().min(1), en: z.string().min(1) }).optional(),
});
export type PlaceName = z.infer<typeof placeName>;

/** 1 = shown on every map, even a small one; 2 = on a full page; 3 = when there is room; 4 = only close up. */
export const rank = z.int().min(1).max(4);

/** Kinds of lines; the drawing of each is in `web/map`, nothing here says which city has what. */
export const LINE_KINDS = [
  /** A river people orient by: broad, named along the line. */
  "river",
  /** A smaller river or canal: thin, named along the line. */
  "stream",
  /** Railway of the national or main network: striped. */
  "railway-main",
  /** Any other railway, tram or metro: plain. */
  "railway-other",
  /** A road people give directions by, with its shield. */
  "road",
  /** A motorway: drawn fainter than roads, taxis' customers rarely name it. */
  "motorway",
  /** A schematic ring of several roads: faint, never with a shield. */
  "ring",
] as const;

/** A river, railway or road. */
export const gazetteerLine = z.object({
  id: z.string().min(1),
  kind: z.enum(LINE_KINDS),
  /** Null for lines nobody names on a map of this size. */
  name: placeName.nullable(),
  /** Number on the shield, e.g. `17`; null = none. */
  shield: z.string().max(4).nullable(),
  rank,
  path: z.array(place).min(2),
});
export type GazetteerLine = z.infer<typeof gazetteerLine>;

/** Kinds of places. */
export const POINT_KINDS = [
  "station",
  "hospital",
  /** City hall, branch office, prefecture, community centre. */
  "office",
  "shopping",
  /** Park, bath, hall, museum. */
  "leisure",
  "school",
] as const;

/** A place people name as a destination. */
export const gazetteerPoint = z.object({
  id: z.string().min(1),
  kind: z.enum(POINT_KINDS),
  name: placeName,
  rank,
  at: place,
});

/** Kinds of names on the map. */
export const LABEL_KINDS = [
  /** A part of the city people name (old town, merged district). */
  "district",
  /** A municipality beyond the border; the point lies inside it. */
  "neighbour",
  /** A mountain or range. One outside the view is pointed to from the map's edge. */
  "mountain",
  /** A lake or sea, named in the water. */
  "water",
] as const;

/** A name on the map that is no destination. */
export const gazetteerLabel = z.object({
  id: z.string().min(1),
  kind: z.enum(LABEL_KINDS),
  name: placeName,
  rank,
  at: place,
});
export type GazetteerLabel = z.infer<typeof gazetteerLabel>;

/** The whole document. */
export const gazetteer = z.object({
  city: z.string().min(1),
  /** Sources that must be named on the map. */
  attribution: z.array(z.string().min(1)),
  /** What a full page shows first: the part of the city where most people live. */
  frame: z.object({ southWest: place, northEast: place }),
  /** What a small pane shows: the core. */
  core: z.object({ southWest: place, northEast: place }),
  /** Ring of the city's border; the first point need not be repeated. */
  border: z.array(place).min(3),
  /** Lakes and seas as rings. */
  waters: z.array(z.object({ id: z.string().min(1), path: z.array(place).min(3) })),
  lines: z.array(gazetteerLine),
  points: z.array(gazetteerPoint),
  labels: z.array(gazetteerLabel),
  /** Small named parts of the city (町丁目, community areas), each by one point: where people live. */
  towns: z.array(z.object({ name: z.string().min(1), at: place })).default([]),
});
export type Gazetteer = z.infer<typeof gazetteer>;
