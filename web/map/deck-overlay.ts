import { MapboxOverlay } from "@deck.gl/mapbox";
import type { Map as MapLibre } from "maplibre-gl";

/**
 * A deck.gl overlay drawn between the map's own layers. deck.gl 9.4 asks the map for the height of its view under a
 * name that maplibre-gl 6 no longer has; it is given here from the public API.
 */
export function addDeckOverlay(map: MapLibre): MapboxOverlay {
  Object.defineProperty(map, "transform", {
    configurable: true,
    value: {
      get height(): number {
        return map.getContainer().clientHeight;
      },
    },
  });
  const overlay = new MapboxOverlay({ interleaved: true, layers: [] });
  map.addControl(overlay);
  return overlay;
}
