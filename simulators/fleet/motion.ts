import { distanceM, type Point } from "#domain/geo/point.ts";
import { lengthM } from "../city/streets.ts";
import { between } from "./road-graph.ts";

/** A movement along a way between two instants, at even speed. */
export interface Motion {
  readonly path: readonly Point[];
  readonly startMs: number;
  readonly endMs: number;
}

/** Standing at a place. */
export function standing(at: Point, nowMs: number): Motion {
  return { path: [at], startMs: nowMs, endMs: nowMs };
}

/** Driving a way at a speed. */
export function driving(path: readonly Point[], nowMs: number, speedKmh: number): Motion {
  const hours = lengthM(path) / 1000 / speedKmh;
  return { path, startMs: nowMs, endMs: nowMs + Math.round(hours * 3_600_000) };
}

/** Where a movement is at an instant; at its end from then on. */
export function positionAt({ path, startMs, endMs }: Motion, nowMs: number): Point {
  const last = path.at(-1) as Point;
  if (nowMs >= endMs || path.length === 1) return last;
  let leftM = lengthM(path) * Math.max(0, (nowMs - startMs) / (endMs - startMs));
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1] as Point, path[i] as Point];
    const pieceM = distanceM(a, b);
    if (leftM < pieceM) return between(a, b, leftM / pieceM);
    leftM -= pieceM;
  }
  return last;
}
