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
}

/** Distance of a hint from the corners, so that it never runs out of the map. */
const CORNER = 56;

/** A name this near to the edge would be cut: it counts as beyond it. */
const MARGIN = 16;

/** Labels of the first rank that lie outside the view, each at the edge where a straight line to it leaves the map. */
export function edgeHints(labels: readonly GazetteerLabel[], options: EdgeOptions): EdgeHint[] {
  const { width, height, kinds, language } = options;
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
    const clamp = (value: number, size: number): number => Math.max(CORNER, Math.min(size - CORNER, value));
    const x = edge === "left" ? 0 : edge === "right" ? width : clamp(middle.x + dx * share, width);
    const y = edge === "top" ? 0 : edge === "bottom" ? height : clamp(middle.y + dy * share, height);
    return [{ id: label.id, kind: label.kind, name: label.name[language], x, y, edge }];
  });
}
