import type { GazetteerLabel } from "#protocol/documents/gazetteer.ts";
import { type LngLat, lngLat } from "./geometry.ts";

/** Something beyond the edge of the map that people orient by, pointed to from that edge. */
export interface EdgeHint {
  readonly id: string;
  readonly kind: GazetteerLabel["kind"];
  readonly name: string;
  /** Where on the edge, CSS pixels from the map's top left corner. */
  readonly x: number;
  readonly y: number;
  readonly edge: "top" | "right" | "bottom" | "left";
}

interface EdgeOptions {
  readonly width: number;
  readonly height: number;
  readonly language: "ja" | "en";
  readonly kinds: readonly GazetteerLabel["kind"][];
  readonly project: (at: LngLat) => { x: number; y: number };
  /** What stands in the corners of the map. */
  readonly corners: Corners;
}

/** Room that the legend, the inset and the keys take in the corners of a map, px: no hint slips under them. */
export interface Corners {
  readonly topLeft: Box;
  readonly topRight: Box;
  readonly bottomLeft: Box;
  readonly bottomRight: Box;
}
interface Box {
  readonly width: number;
  readonly height: number;
}

const NONE: Box = { width: 0, height: 0 };

/** Corners of a full page: north, the inset, the legend, zoom keys with the scale. */
export const PAGE_CORNERS: Corners = {
  topLeft: { width: 90, height: 40 },
  topRight: { width: 96, height: 124 },
  bottomLeft: { width: 240, height: 330 },
  bottomRight: { width: 130, height: 150 },
};

/** Corners of a small pane: only its legend on one line. */
export const PANE_CORNERS: Corners = {
  topLeft: NONE,
  topRight: NONE,
  bottomLeft: { width: 300, height: 40 },
  bottomRight: NONE,
};

/** Distance of a hint from the corners, so that it never runs out of the map. */
const CORNER = 56;
/** Half a hint's height. */
const HALF_LINE = 14;

/** A name this near to the edge would be cut: it counts as beyond it. */
const MARGIN = 16;

/** Labels of the first rank that lie outside the view, each at the edge where a straight line to it leaves the map. */
export function edgeHints(labels: readonly GazetteerLabel[], options: EdgeOptions): EdgeHint[] {
  const { width, height, kinds, language, corners } = options;
  if (width < 2 * CORNER || height < 2 * CORNER) return [];
  const middle = { x: width / 2, y: height / 2 };
  return labels.flatMap((label) => {
    if (label.rank !== 1 || !kinds.includes(label.kind)) return [];
    const at = options.project(lngLat(label.at));
    const inside = (value: number, size: number): boolean => value >= MARGIN && value <= size - MARGIN;
    if (inside(at.x, width) && inside(at.y, height)) return [];
    const dx = at.x - middle.x;
    const dy = at.y - middle.y;
    const share = Math.min(
      dx === 0 ? Number.POSITIVE_INFINITY : middle.x / Math.abs(dx),
      dy === 0 ? Number.POSITIVE_INFINITY : middle.y / Math.abs(dy),
    );
    const onSide = middle.x / Math.abs(dx || 1e-9) < middle.y / Math.abs(dy || 1e-9);
    const edge: EdgeHint["edge"] = onSide ? (dx > 0 ? "right" : "left") : dy > 0 ? "bottom" : "top";
    const [before, after] = cornersOf(edge, corners);
    const x = edge === "left" ? 0 : edge === "right" ? width : clear(middle.x + dx * share, width, [before, after]);
    const y = edge === "top" ? 0 : edge === "bottom" ? height : clear(middle.y + dy * share, height, [before, after]);
    return [{ id: label.id, kind: label.kind, name: label.name[language], x, y, edge }];
  });
}

/** What the corners at both ends of an edge take of it. */
function cornersOf(edge: EdgeHint["edge"], corners: Corners): readonly [number, number] {
  switch (edge) {
    case "top":
      return [corners.topLeft.width, corners.topRight.width];
    case "bottom":
      return [corners.bottomLeft.width, corners.bottomRight.width];
    case "left":
      return [corners.topLeft.height, corners.bottomLeft.height];
    case "right":
      return [corners.topRight.height, corners.bottomRight.height];
    default:
      return edge satisfies never;
  }
}

/** A place along an edge that keeps off both its corners; its middle where there is no room between them. */
function clear(value: number, size: number, [before, after]: readonly [number, number]): number {
  const least = Math.max(CORNER, before + HALF_LINE);
  const most = size - Math.max(CORNER, after + HALF_LINE);
  return least > most ? size / 2 : Math.max(least, Math.min(most, value));
}
