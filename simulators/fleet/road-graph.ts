import { distanceM, type Point } from "#domain/geo/point.ts";
import type { Gazetteer } from "#protocol/documents/gazetteer.ts";
import { lengthM, type Streets } from "../city/streets.ts";

/**
 * Ways that follow the gazetteer's main roads where that is not much longer, so that taxis on the map move along roads
 * and cross the river at bridges. Schematic like the roads themselves.
 */
export interface RoadGraph {
  /** Corners of a plausible way; always begins with `from` and ends with `to`. */
  path(from: Point, to: Point): readonly Point[];
}

/** Kinds of lines that taxis follow. */
const DRIVEN = new Set(["road", "ring"]);
/** Roads are cut into pieces of at most this length. */
const PIECE_M = 600;
/** Roads closer than this are joined. */
const JOIN_M = 500;
/** Ways off the main roads count more. */
const OFF_ROAD_COST = 1.5;
/** Points at which a way may enter or leave the main roads. */
const RAMPS = 6;
/** Rides shorter than this stay off the main roads. */
const SHORT_M = 1_200;

interface Edge {
  readonly to: number;
  readonly cost: number;
}

/** Builds the graph of a city's main roads; ways over the river off the roads go by `streets`. */
export function createRoadGraph(places: Gazetteer, streets: Streets): RoadGraph {
  const nodes: Point[] = [];
  const edges: Edge[][] = [];
  const lineOf: number[] = [];
  const join = (a: number, b: number, factor: number): void => {
    const cost = distanceM(nodes[a] as Point, nodes[b] as Point) * factor;
    edges[a]?.push({ to: b, cost });
    edges[b]?.push({ to: a, cost });
  };
  for (const [index, line] of places.lines.filter((one) => DRIVEN.has(one.kind)).entries()) {
    for (const [step, point] of cutUp(line.path.map(([latE6, lngE6]) => ({ latE6, lngE6 }))).entries()) {
      nodes.push(point);
      edges.push([]);
      lineOf.push(index);
      if (step > 0) join(nodes.length - 2, nodes.length - 1, 1);
    }
  }
  const crosses = (a: Point, b: Point): boolean => streets.way(a, b).length > 2;
  for (let a = 0; a < nodes.length; a++) {
    for (let b = a + 1; b < nodes.length; b++) {
      const [from, to] = [nodes[a] as Point, nodes[b] as Point];
      if (lineOf[a] !== lineOf[b] && distanceM(from, to) < JOIN_M && !crosses(from, to)) join(a, b, OFF_ROAD_COST);
    }
  }
  const ramps = (point: Point): readonly { node: number; cost: number }[] =>
    nodes
      .map((node, index) => ({ node: index, cost: distanceM(point, node) * OFF_ROAD_COST }))
      .toSorted((a, b) => a.cost - b.cost)
      .slice(0, RAMPS * 3)
      .filter(({ node }) => !crosses(point, nodes[node] as Point))
      .slice(0, RAMPS);
  return {
    path(from, to) {
      const direct = streets.way(from, to);
      const directM = lengthM(direct);
      if (directM < SHORT_M || nodes.length === 0) return direct;
      const along = shortest(edges, ramps(from), new Map(ramps(to).map(({ node, cost }) => [node, cost])));
      if (!along || along.cost >= directM * OFF_ROAD_COST) return direct;
      return [from, ...along.nodes.map((node) => nodes[node] as Point), to];
    },
  };
}

/** Adds points so that no piece is longer than {@link PIECE_M}. */
function cutUp(path: readonly Point[]): Point[] {
  const out: Point[] = path.slice(0, 1);
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1] as Point, path[i] as Point];
    const pieces = Math.max(1, Math.ceil(distanceM(a, b) / PIECE_M));
    for (let piece = 1; piece <= pieces; piece++) out.push(between(a, b, piece / pieces));
  }
  return out;
}

/** The point a share of the way from a to b. */
export function between(a: Point, b: Point, share: number): Point {
  return {
    latE6: Math.round(a.latE6 + (b.latE6 - a.latE6) * share),
    lngE6: Math.round(a.lngE6 + (b.lngE6 - a.lngE6) * share),
  };
}

/** Dijkstra without a heap: the graph has some hundred nodes. */
function shortest(
  edges: readonly (readonly Edge[])[],
  starts: readonly { node: number; cost: number }[],
  ends: ReadonlyMap<number, number>,
): { cost: number; nodes: readonly number[] } | undefined {
  const cost = new Float64Array(edges.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(edges.length).fill(-1);
  const done = new Uint8Array(edges.length);
  for (const start of starts) cost[start.node] = start.cost;
  let best: { node: number; cost: number } | undefined;
  for (;;) {
    let node = -1;
    for (let i = 0; i < edges.length; i++) {
      if (!done[i] && (cost[i] as number) < (node < 0 ? Number.POSITIVE_INFINITY : (cost[node] as number))) node = i;
    }
    if (node < 0 || (best && (cost[node] as number) >= best.cost)) break;
    done[node] = 1;
    const toEnd = ends.get(node);
    if (toEnd !== undefined && (!best || (cost[node] as number) + toEnd < best.cost)) {
      best = { node, cost: (cost[node] as number) + toEnd };
    }
    for (const edge of edges[node] as readonly Edge[]) {
      const reached = (cost[node] as number) + edge.cost;
      if (reached < (cost[edge.to] as number)) {
        cost[edge.to] = reached;
        before[edge.to] = node;
      }
    }
  }
  if (!best) return undefined;
  const nodes: number[] = [];
  for (let node = best.node; node >= 0; node = before[node] as number) nodes.unshift(node);
  return { cost: best.cost, nodes };
}
