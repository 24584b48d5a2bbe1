import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { MapFeatures } from "./map-features.ts";
import type { MapPalette } from "./palette.ts";

/** A full page shows more names than a pane of the start page. */
export type MapRoom = "page" | "pane";

type Filter = NonNullable<Extract<LayerSpecification, { type: "symbol" }>["filter"]>;
type Spec = Record<string, unknown>;

/** Families of the map's names; the first word of a stack is where maplibre reads the weight. */
export const PLAIN_FONT = ["Noto Sans JP Variable", "Noto Sans JP", "Noto Sans CJK JP"];
const STRONG_FONT = ["Bold", ...PLAIN_FONT];
const TEXT_SIZE = 14;

/** Images the layers refer to; `map-images.ts` draws them. */
export const IMAGES = ["hatch", "station", "hospital", "place", "shield"] as const;

/** The style of a city's map: no tiles, no glyph server, only the city's own features. Order is drawing order. */
export function mapStyle(features: MapFeatures, palette: MapPalette, room: MapRoom): StyleSpecification {
  const sources = Object.fromEntries(
    Object.entries(features).map(([name, data]) => [name, { type: "geojson" as const, data }]),
  );
  return {
    version: 8,
    sources: {
      ...sources,
      zoneLabels: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [...groundLayers(palette), ...lineLayers(palette), ...nameLayers(palette, room)] as LayerSpecification[],
  };
}

const widthBy = (at11: number, at14: number): unknown => ["interpolate", ["linear"], ["zoom"], 11, at11, 14, at14];
const ofKind = (...kinds: string[]): Filter => ["in", ["get", "kind"], ["literal", kinds]] as Filter;
/** Ranks shown at a zoom; a small pane shows one rank fewer. */
const ranked = (room: MapRoom, kind: Filter): Filter =>
  [
    "all",
    kind,
    [
      "<=",
      ["get", "rank"],
      room === "page" ? ["step", ["zoom"], 1, 11, 2, 12.9, 3, 14, 4] : ["step", ["zoom"], 1, 13, 2, 14, 4],
    ],
  ] as unknown as Filter;

/** Which names of a kind are on the map: by rank, without those pointed to from the edge. */
export function labelFilter(kind: string, room: MapRoom, hinted: readonly string[]): Filter {
  return ["all", ranked(room, ofKind(kind)), ["!", ["in", ["get", "id"], ["literal", hinted]]]] as unknown as Filter;
}

function groundLayers(palette: MapPalette): Spec[] {
  return [
    { id: "land", type: "background", paint: { "background-color": palette.land } },
    {
      id: "zone-hidden",
      type: "fill",
      source: "zones",
      filter: ["in", ["get", "id"], ["literal", []]],
      paint: { "fill-pattern": "hatch", "fill-opacity": 0.42, "fill-antialias": false },
    },
    {
      id: "zone-chosen",
      type: "fill",
      source: "zones",
      filter: ["==", ["get", "id"], ""],
      paint: { "fill-color": palette.pulse, "fill-opacity": 0.12, "fill-antialias": false },
    },
    // Never drawn, only asked which zone lies under the pointer.
    { id: "zone-area", type: "fill", source: "zones", paint: { "fill-opacity": 0 } },
    {
      id: "zone-borders",
      type: "line",
      source: "zoneBorders",
      paint: { "line-color": palette.zoneLine, "line-width": 1 },
    },
    { id: "outside", type: "fill", source: "outside", paint: { "fill-color": palette.outside } },
    { id: "waters", type: "fill", source: "waters", paint: { "fill-color": palette.water, "fill-opacity": 0.55 } },
  ];
}

function lineLayers(palette: MapPalette): Spec[] {
  const line = (id: string, kinds: string[], paint: Spec, layout: Spec = {}): Spec => ({
    id,
    type: "line",
    source: "lines",
    filter: ofKind(...kinds),
    layout: { "line-cap": "round", "line-join": "round", ...layout },
    paint,
  });
  return [
    line("ring", ["ring"], { "line-color": palette.motorway, "line-width": widthBy(2, 4), "line-opacity": 0.55 }),
    line("motorway", ["motorway"], { "line-color": palette.motorway, "line-width": widthBy(3.5, 6) }),
    line("stream", ["stream"], { "line-color": palette.water, "line-width": widthBy(2, 4) }),
    line("river-casing", ["river"], {
      "line-color": palette.waterCasing,
      "line-width": widthBy(8, 16),
      "line-opacity": 0.8,
    }),
    line("river", ["river"], { "line-color": palette.water, "line-width": widthBy(5.5, 12) }),
    line("road-casing", ["road"], {
      "line-color": palette.roadCasing,
      "line-width": widthBy(5, 8),
      "line-opacity": 0.85,
    }),
    line("road", ["road"], {
      "line-color": palette.road,
      "line-width": [
        "interpolate",
        ["linear"],
        ["zoom"],
        11,
        ["match", ["get", "rank"], 1, 2.25, 1.25],
        14,
        ["match", ["get", "rank"], 1, 4, 2.5],
      ],
    }),
    line("rail-casing", ["railway-main", "railway-other"], {
      "line-color": palette.railGap,
      "line-width": 5.5,
      "line-opacity": 0.85,
    }),
    line("rail-other", ["railway-other"], { "line-color": palette.rail, "line-width": 1.75 }),
    line("rail-main", ["railway-main"], { "line-color": palette.rail, "line-width": 4 }, { "line-cap": "butt" }),
    line(
      "rail-main-gaps",
      ["railway-main"],
      { "line-color": palette.railGap, "line-width": 2.2, "line-dasharray": [3.6, 3.6] },
      { "line-cap": "butt" },
    ),
    {
      id: "border",
      type: "line",
      source: "border",
      layout: { "line-join": "round" },
      paint: { "line-color": palette.border, "line-width": 1.25, "line-dasharray": [6, 2.5, 1.2, 2.5] },
    },
  ];
}

const halo = (color: string, width = 1.75): Spec => ({ "text-halo-color": color, "text-halo-width": width });

function nameLayers(palette: MapPalette, room: MapRoom): Spec[] {
  const aside: Spec = {
    "text-variable-anchor": ["left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
    "text-radial-offset": 0.75,
    "text-justify": "auto",
  };
  const point = (id: string, kinds: string[], options: { image: string; color: string; strong?: boolean }): Spec => ({
    id,
    type: "symbol",
    source: "points",
    filter: ranked(room, ofKind(...kinds)),
    layout: {
      "icon-image": options.image,
      "text-field": ["step", ["zoom"], ["get", "short"], 14, ["get", "name"]],
      "text-font": options.strong ? STRONG_FONT : PLAIN_FONT,
      "text-size": TEXT_SIZE,
      "text-max-width": 12,
      "text-padding": 3,
      "icon-padding": 1,
      // A pane keeps only the marks whose names fit; a page keeps a mark even where its name does not.
      "text-optional": room === "page",
      "symbol-sort-key": ["get", "rank"],
      ...aside,
    },
    paint: { "text-color": options.color, ...halo(palette.land) },
  });
  const label = (id: string, kind: string, paint: Spec, layout: Spec = {}): Spec => ({
    id,
    type: "symbol",
    source: "labels",
    filter: ranked(room, ofKind(kind)),
    layout: {
      "text-field": ["get", "name"],
      "text-font": PLAIN_FONT,
      "text-size": TEXT_SIZE,
      "text-padding": 6,
      "symbol-sort-key": ["get", "rank"],
      ...layout,
    },
    paint,
  });
  // Of two names that would overlap the later layer wins its place.
  return [
    // Zones have their own names on a page; in a pane the districts of the gazetteer tell people where they are.
    room === "page"
      ? zoneNames(palette)
      : label(
          "district-names",
          "district",
          { "text-color": palette.quiet, ...halo(palette.land) },
          { "text-letter-spacing": 0.08 },
        ),
    point("other-places", ["shopping", "leisure", "office", "school"], { image: "place", color: palette.quiet }),
    label(
      "neighbour-names",
      "neighbour",
      { "text-color": palette.quiet, ...halo(palette.outside, 1.25) },
      { "text-letter-spacing": 0.06 },
    ),
    label("water-names", "water", { "text-color": palette.waterText, ...halo(palette.land) }),
    label(
      "mountain-names",
      "mountain",
      { "text-color": palette.quiet, ...halo(palette.land) },
      { "text-field": ["concat", "▲ ", ["get", "name"]] },
    ),
    shields(palette, room),
    // A pane has room for the stations only.
    ...(room === "page" ? [railNames(palette)] : []),
    lineNames(palette, room),
    point("hospitals", ["hospital"], { image: "hospital", color: palette.hospitalText }),
    zoneCounts(palette),
    point("stations", ["station"], { image: "station", color: palette.ink, strong: true }),
  ];
}

function lineNames(palette: MapPalette, room: MapRoom): Spec {
  return {
    id: "river-names",
    type: "symbol",
    source: "riverNames",
    filter: ranked(room, ofKind("river", "stream")),
    layout: {
      "symbol-placement": "line-center",
      "text-field": ["get", "name"],
      "text-font": PLAIN_FONT,
      "text-size": TEXT_SIZE,
      "text-letter-spacing": 0.14,
      "text-max-angle": 70,
      // Names of one river keep apart from each other.
      "text-padding": 30,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": palette.waterText, ...halo(palette.land, 2) },
  };
}

/** Names of the railways, where a straight enough piece has room. */
function railNames(palette: MapPalette): Spec {
  return {
    id: "rail-names",
    type: "symbol",
    source: "railNames",
    filter: ranked("page", ofKind("railway-main", "railway-other")),
    layout: {
      "symbol-placement": "line-center",
      "text-field": ["get", "name"],
      "text-font": PLAIN_FONT,
      "text-size": TEXT_SIZE,
      "text-max-angle": 40,
      "text-padding": 24,
      "text-offset": [0, -0.9],
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": palette.rail, ...halo(palette.land, 2) },
  };
}

function shields(palette: MapPalette, room: MapRoom): Spec {
  return {
    id: "shields",
    type: "symbol",
    source: "shields",
    filter: ["all", ranked(room, ofKind("road", "motorway")), ["<=", ["get", "slot"], room === "page" ? 2 : 1]],
    layout: {
      "icon-image": "shield",
      "icon-text-fit": "both",
      "icon-text-fit-padding": [1, 5, 1, 5],
      "text-field": ["get", "shield"],
      "text-font": STRONG_FONT,
      "text-size": TEXT_SIZE,
      "text-padding": 4,
      "icon-padding": 4,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": palette.roadText },
  };
}

/** Counts of the pulses: they always stand. */
function zoneCounts(palette: MapPalette): Spec {
  return {
    id: "zone-counts",
    type: "symbol",
    source: "zoneLabels",
    layout: {
      "text-field": ["get", "count"],
      "text-font": STRONG_FONT,
      "text-size": 16,
      "text-padding": 0,
      // A station in the middle of a zone pushes the number aside; it never makes it vanish.
      "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
      "text-radial-offset": 0.85,
      "text-overlap": "always",
    },
    paint: { "text-color": palette.pulseInk, ...halo(palette.land) },
  };
}

/** Names of the zones, where there is room; the table beside the map has them all. */
function zoneNames(palette: MapPalette): Spec {
  return {
    id: "zone-names",
    type: "symbol",
    source: "zoneLabels",
    layout: {
      "text-field": ["get", "name"],
      "text-font": PLAIN_FONT,
      "text-size": TEXT_SIZE,
      "text-letter-spacing": 0.04,
      "text-padding": 2,
      "text-variable-anchor": ["top", "bottom"],
      "text-radial-offset": ["case", ["==", ["get", "count"], ""], 0, 0.75],
      "symbol-sort-key": ["-", 0, ["get", "rides"]],
    },
    paint: { "text-color": palette.ink, ...halo(palette.land) },
  };
}
