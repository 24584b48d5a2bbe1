import { IconLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { MapboxOverlay } from "@deck.gl/mapbox";
import { type GeoJSONSource, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Gazetteer } from "#protocol/documents/gazetteer.ts";
import type { FreeTaxis, PictureSnapshot } from "#protocol/stream/events.ts";
import { useLanguage } from "../app/language.tsx";
import { Loading } from "../app/states.tsx";
import { addDeckOverlay } from "./deck-overlay.ts";
import { type EdgeHint, edgeHints, PAGE_CORNERS, PANE_CORNERS } from "./edge-hints.ts";
import { type Bounds, boundsOf, lngLat } from "./geometry.ts";
import { type MapLanguage, mapFeatures, zoneLabelFeatures } from "./map-features.ts";
import { mapImages } from "./map-images.ts";
import { labelFilter, type MapRoom, mapStyle, PLAIN_FONT } from "./map-style.ts";
import { bytesOf, type MapPalette, readPalette } from "./palette.ts";
import { hiddenZones, pulseDiscs, taxiPositions, type ZonePulse, zonePulses } from "./picture-layers.ts";
import type { CityZone } from "./zones.ts";

setWorkerUrl(workerUrl);

/** What the map shows of the view: what lies beyond its edges, and which part of the city it is. */
export interface MapView {
  readonly bounds: Bounds;
  readonly hints: readonly EdgeHint[];
  /** Metres a CSS pixel spans in the middle of the map. */
  readonly metresPerPixel: number;
}

interface CityMapProps {
  readonly gazetteer: Gazetteer;
  readonly zones: readonly CityZone[];
  readonly language: MapLanguage;
  readonly room: MapRoom;
  readonly picture: PictureSnapshot | null;
  readonly taxis: FreeTaxis["taxis"];
  readonly chosenZone: string | null;
  readonly onZone?: (zoneId: string | null) => void;
  /** What a screen reader says the map is. */
  readonly label: string;
  /** Drawn over the map: legend, inset, scale. */
  readonly children?: (view: MapView | null, zoom: (steps: number) => void) => ReactNode;
}

/** A city's live map without tiles. Loaded on demand: it brings maplibre and deck.gl with it. */
export function CityMap(props: CityMapProps): ReactNode {
  const { gazetteer, zones, language, room, picture, taxis, chosenZone, onZone, label, children } = props;
  const { words } = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnMap | null>(null);
  const [view, setView] = useState<MapView | null>(null);
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const choose = useRef(onZone);
  choose.current = onZone;
  const features = useMemo(() => mapFeatures(gazetteer, zones, language), [gazetteer, zones, language]);
  const pulses = useMemo(() => zonePulses(zones, picture), [zones, picture]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let alive = true;
    const palette = readPalette(element);
    // The names are drawn into a texture once: their characters must be there before.
    void loadFont(namesOf(gazetteer, zones, language))
      .then(() => {
        if (!alive) return;
        const made = drawMap(element, { features, palette, room, gazetteer, language, label });
        drawn.current = made;
        made.map.on("load", () => alive && setReady(true));
        const look = () => {
          if (!alive) return;
          const next = viewOf(made.map, gazetteer, language, room);
          hideHinted(made.map, next.hints, room);
          setView(next);
        };
        made.map.on("move", look);
        made.map.on("resize", look);
        made.map.on("load", look);
        if (room === "page") {
          made.map.on("click", (event) => {
            const [hit] = made.map.queryRenderedFeatures(event.point, { layers: ["zone-area"] });
            choose.current?.(typeof hit?.properties.id === "string" ? hit.properties.id : null);
          });
        }
      })
      .catch((error: unknown) => alive && setFailure(error));
    return () => {
      alive = false;
      setReady(false);
      setView(null);
      drawn.current?.map.remove();
      drawn.current = null;
    };
  }, [features, room, gazetteer, zones, language, label]);

  useEffect(() => {
    if (!ready || !drawn.current) return;
    showPulses(drawn.current, { pulses, picture, chosenZone, zones, language });
  }, [ready, pulses, picture, chosenZone, zones, language]);

  useEffect(() => {
    if (ready && drawn.current) showOverlay(drawn.current, { pulses, taxis, room });
  }, [ready, pulses, taxis, room]);

  // A browser without WebGL: the fence around the map shows what stands in for it.
  if (failure !== null) throw failure;
  const zoom = (steps: number): void => {
    drawn.current?.map.zoomTo(drawn.current.map.getZoom() + steps, { duration: calm() ? 0 : 400 });
  };
  return (
    <div className="city-map" data-ready={ready}>
      <div ref={frame} className="city-map-canvas" {...(room === "pane" ? { role: "img", "aria-label": label } : {})} />
      {!ready && (
        // A slow machine draws for seconds: an empty ground would look broken.
        <div className="city-map-waiting">
          <Loading what={words.planner.mapLoading} />
        </div>
      )}
      {children?.(view, zoom)}
    </div>
  );
}

interface DrawnMap {
  readonly map: MapLibre;
  readonly overlay: MapboxOverlay;
  readonly palette: MapPalette;
  readonly taxiIcon: HTMLCanvasElement;
}

interface DrawOptions {
  readonly features: ReturnType<typeof mapFeatures>;
  readonly palette: MapPalette;
  readonly room: MapRoom;
  readonly gazetteer: Gazetteer;
  readonly language: MapLanguage;
  readonly label: string;
}

function drawMap(element: HTMLElement, options: DrawOptions): DrawnMap {
  const { features, palette, room, gazetteer, label } = options;
  const box = room === "page" ? gazetteer.frame : gazetteer.core;
  const city = boundsOf(gazetteer.border);
  const width = city.east - city.west;
  const height = city.north - city.south;
  const map = new MapLibre({
    container: element,
    style: mapStyle(features, palette, room),
    bounds: [lngLat(box.southWest), lngLat(box.northEast)],
    fitBoundsOptions: { padding: room === "page" ? 12 : 4 },
    maxBounds: [city.west - width, city.south - height, city.east + width, city.north + height],
    minZoom: 8.5,
    maxZoom: 15,
    interactive: room === "page",
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: 0,
    localIdeographFontFamily: PLAIN_FONT.join(","),
    locale: { "Map.Title": label },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const taxiIcon = document.createElement("canvas");
  for (const { name, data, options: imageOptions } of mapImages(palette)) {
    if (name === "taxi") paint(taxiIcon, data);
    else map.addImage(name, data, imageOptions);
  }
  return { map, overlay: addDeckOverlay(map), palette, taxiIcon };
}

interface ShownZones {
  readonly pulses: readonly ZonePulse[];
  readonly picture: PictureSnapshot | null;
  readonly chosenZone: string | null;
  readonly zones: readonly CityZone[];
  readonly language: MapLanguage;
}

function showPulses({ map }: DrawnMap, shown: ShownZones): void {
  const { pulses, picture, chosenZone, zones, language } = shown;
  map.setFilter("zone-hidden", ["in", ["get", "id"], ["literal", hiddenZones(pulses, picture)]]);
  map.setFilter("zone-chosen", ["==", ["get", "id"], chosenZone ?? ""]);
  const rides = new Map(pulses.map((pulse) => [pulse.zone.id, pulse.rides]));
  map.getSource<GeoJSONSource>("zoneLabels")?.setData(zoneLabelFeatures(zones, rides, language));
}

interface ShownOverlay {
  readonly pulses: readonly ZonePulse[];
  readonly taxis: FreeTaxis["taxis"];
  readonly room: MapRoom;
}

function showOverlay({ overlay, palette, taxiIcon }: DrawnMap, { pulses, taxis, room }: ShownOverlay): void {
  const motion = calm() ? 0 : 400;
  overlay.setProps({
    layers: [
      new ScatterplotLayer({
        id: "pulses",
        beforeId: firstName(room),
        data: pulseDiscs(pulses, room === "page" ? 1 : 0.8),
        getPosition: (disc) => disc.position,
        getRadius: (disc) => disc.radius,
        radiusUnits: "pixels",
        getFillColor: bytesOf(palette.pulse, 62),
        getLineColor: bytesOf(palette.pulse, 150),
        stroked: true,
        lineWidthUnits: "pixels",
        getLineWidth: 1.25,
        transitions: { getRadius: motion },
      }),
      new IconLayer({
        id: "taxis",
        beforeId: firstName(room),
        data: taxiPositions(taxis),
        getPosition: (taxi) => taxi.position,
        // An image that is already here is taken as it is; the type only knows addresses and textures.
        iconAtlas: taxiIcon as unknown as string,
        iconMapping: { taxi: { x: 0, y: 0, width: taxiIcon.width, height: taxiIcon.height } },
        getIcon: () => "taxi",
        sizeUnits: "pixels",
        getSize: 12,
      }),
    ],
  });
}

function viewOf(map: MapLibre, gazetteer: Gazetteer, language: MapLanguage, room: MapRoom): MapView {
  const bounds = map.getBounds();
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const center = map.getCenter();
  const metresPerPixel = (40_075_016.686 * Math.cos((center.lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
  return {
    bounds: { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() },
    hints: edgeHints(gazetteer.labels, {
      width,
      height,
      language,
      kinds: room === "page" ? ["mountain", "neighbour"] : ["mountain"],
      project: (at) => map.project(at),
      corners: room === "page" ? PAGE_CORNERS : PANE_CORNERS,
    }),
    metresPerPixel,
  };
}

/** What an arrow at the edge names is not written a second time, half cut off, on the map. */
function hideHinted(map: MapLibre, hints: readonly EdgeHint[], room: MapRoom): void {
  if (!map.getLayer("neighbour-names")) return;
  const ids = hints.map((hint) => hint.id);
  map.setFilter("neighbour-names", labelFilter("neighbour", room, ids));
  map.setFilter("mountain-names", labelFilter("mountain", room, ids));
}

function namesOf(gazetteer: Gazetteer, zones: readonly CityZone[], language: MapLanguage): string {
  const names = [
    ...gazetteer.points.map((point) => `${point.name[language]}${point.name.short?.[language] ?? ""}`),
    ...gazetteer.labels.map((item) => item.name[language]),
    ...gazetteer.lines.map((line) => `${line.name?.[language] ?? ""}${line.name?.short?.[language] ?? ""}`),
    ...zones.map((zone) => zone.name[language]),
  ];
  return `${[...new Set(names.join(""))].join("")}0123456789,▲`;
}

async function loadFont(text: string): Promise<void> {
  const family = `"${PLAIN_FONT[0]}"`;
  await Promise.all([
    document.fonts.load(`400 24px ${family}`, text),
    document.fonts.load(`700 24px ${family}`, text),
  ]).catch(() => undefined);
}

function paint(canvas: HTMLCanvasElement, data: ImageData): void {
  canvas.width = data.width;
  canvas.height = data.height;
  canvas.getContext("2d")?.putImageData(data, 0, 0);
}

/** The lowest layer of names: pulses and taxis lie under all names and over all lines. */
function firstName(room: MapRoom): string {
  return room === "page" ? "zone-names" : "district-names";
}

/** True when the reader asked for less motion. */
function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
