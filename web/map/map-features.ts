import type { Gazetteer, GazetteerLine, PlaceName } from "#protocol/documents/gazetteer.ts";
import { alongPath, boundsOf, closedRing, grown, type LngLat, lngLat, smooth } from "./geometry.ts";
import { zoneCells } from "./zone-cells.ts";
import { type CityZone, zoneLabel } from "./zones.ts";

type Feature = GeoJSON.Feature;
type FeatureCollection = GeoJSON.FeatureCollection;

/** Languages of the staff screens. */
export type MapLanguage = "ja" | "en";

/** Sources of the map, by name. */
export interface MapFeatures {
  readonly outside: FeatureCollection;
  readonly border: FeatureCollection;
  readonly waters: FeatureCollection;
  readonly lines: FeatureCollection;
  /** Pieces of rivers along which their names are written. */
  readonly riverNames: FeatureCollection;
  readonly railNames: FeatureCollection;
  /** Places for the shields of numbered roads. */
  readonly shields: FeatureCollection;
  readonly points: FeatureCollection;
  readonly labels: FeatureCollection;
  readonly zones: FeatureCollection;
  readonly zoneBorders: FeatureCollection;
}

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

/** A place's name for maps, short where one is given. */
export function shortName(name: PlaceName, language: MapLanguage): string {
  return name.short?.[language] ?? name[language];
}

/** Turns a gazetteer and the counting zones into what the map draws. Pure. */
export function mapFeatures(gazetteer: Gazetteer, zones: readonly CityZone[], language: MapLanguage): MapFeatures {
  const bounds = boundsOf(gazetteer.border);
  const border = closedRing(gazetteer.border);
  const far = grown(bounds, 6);
  const world: LngLat[] = [
    [far.west, far.south],
    [far.east, far.south],
    [far.east, far.north],
    [far.west, far.north],
    [far.west, far.south],
  ];
  const cells = zoneCells(zones, bounds);
  return {
    outside: collection([
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [world, border] } },
    ]),
    border: collection([{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: border } }]),
    waters: collection(
      gazetteer.waters.map((water) => ({
        type: "Feature",
        properties: { id: water.id },
        geometry: { type: "Polygon", coordinates: [closedRing(water.path)] },
      })),
    ),
    lines: collection(gazetteer.lines.map((line) => lineFeature(line, language))),
    riverNames: collection(gazetteer.lines.flatMap((line) => riverNameFeatures(line, language))),
    railNames: collection(gazetteer.lines.flatMap((line) => railNameFeatures(line, language))),
    shields: collection(gazetteer.lines.flatMap(shieldFeatures)),
    points: collection(
      gazetteer.points.map((point) => ({
        type: "Feature",
        properties: {
          id: point.id,
          kind: point.kind,
          rank: point.rank,
          name: point.name[language],
          short: shortName(point.name, language),
        },
        geometry: { type: "Point", coordinates: lngLat(point.at) },
      })),
    ),
    labels: collection(
      gazetteer.labels.map((label) => ({
        type: "Feature",
        properties: { id: label.id, kind: label.kind, rank: label.rank, name: label.name[language] },
        geometry: { type: "Point", coordinates: lngLat(label.at) },
      })),
    ),
    zones: collection(
      cells.cells.map((cell) => ({
        type: "Feature",
        properties: { id: cell.zoneId },
        geometry: { type: "MultiPolygon", coordinates: cell.rings.map((ring) => [ring]) },
      })),
    ),
    zoneBorders: collection([
      { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: [...cells.borders] } },
    ]),
  };
}

/** Names and counts in the middle of their zones. `rides` null = hidden. */
export function zoneLabelFeatures(
  zones: readonly CityZone[],
  rides: ReadonlyMap<string, number | null>,
  language: MapLanguage,
): FeatureCollection {
  return collection(
    zones.map((zone) => {
      const count = rides.get(zone.id) ?? null;
      return {
        type: "Feature",
        properties: {
          id: zone.id,
          name: zoneLabel(zone, language),
          count: count === null || count === 0 ? "" : new Intl.NumberFormat("en-US").format(count),
          rides: count ?? 0,
        },
        geometry: { type: "Point", coordinates: [zone.label.lngE6 / 1e6, zone.label.latE6 / 1e6] },
      };
    }),
  );
}

function lineFeature(line: GazetteerLine, language: MapLanguage): Feature {
  return {
    type: "Feature",
    properties: {
      id: line.id,
      kind: line.kind,
      rank: line.rank,
      name: line.name ? shortName(line.name, language) : "",
      shield: line.shield ?? "",
    },
    geometry: { type: "LineString", coordinates: smooth(line.path.map(lngLat)) },
  };
}

/** Shares of a road's length at which its shield may stand, by rank; slot 1 also in a small pane. */
const SHIELD_PLACES: Readonly<Record<number, readonly { readonly share: number; readonly slot: number }[]>> = {
  1: [
    { share: 0.3, slot: 1 },
    { share: 0.55, slot: 1 },
    { share: 0.85, slot: 2 },
  ],
  2: [
    { share: 0.35, slot: 2 },
    { share: 0.8, slot: 2 },
  ],
};

function shieldFeatures(line: GazetteerLine): Feature[] {
  if (line.shield === null) return [];
  const path = smooth(line.path.map(lngLat));
  return (SHIELD_PLACES[line.rank] ?? [{ share: 0.5, slot: 2 }]).map(({ share, slot }) => ({
    type: "Feature",
    properties: { kind: line.kind, rank: line.rank, shield: line.shield, slot },
    geometry: { type: "Point", coordinates: alongPath(path, share) },
  }));
}

/** Middles of the pieces a river's or railway's name may be written along, and their length, as shares of the whole. */
const NAME_PLACES = [0.14, 0.3, 0.46, 0.62, 0.78, 0.92] as const;
const NAME_PIECE = 0.13;

function riverNameFeatures(line: GazetteerLine, language: MapLanguage): Feature[] {
  return line.kind === "river" || line.kind === "stream" ? namesAlong(line, language) : [];
}

function railNameFeatures(line: GazetteerLine, language: MapLanguage): Feature[] {
  return line.kind === "railway-main" || line.kind === "railway-other" ? namesAlong(line, language) : [];
}

/** The name is tried on several pieces of the line, so that some of them lie in view and are straight enough. */
function namesAlong(line: GazetteerLine, language: MapLanguage): Feature[] {
  if (line.name === null) return [];
  const path = smooth(line.path.map(lngLat));
  const { kind, rank } = line;
  const name = shortName(line.name, language);
  return NAME_PLACES.map((middle, order) => ({
    type: "Feature",
    properties: { kind, rank, name, order },
    geometry: {
      type: "LineString",
      coordinates: [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5].map((part) => alongPath(path, middle + part * NAME_PIECE)),
    },
  }));
}
