/** A flat rounded box seen from above at a slant: reader and card are drawn as two of them. */
export interface Slab {
  /** Centre of the upper face in the picture. */
  readonly centre: readonly [number, number];
  /** Width, depth and corner radius on the table, in picture units before the slant. */
  readonly width: number;
  readonly depth: number;
  readonly radius: number;
  /** How far the side reaches down in the picture. */
  readonly height: number;
}

type Spot = readonly [number, number];

/** The slant: a step right on the table, a step towards the viewer. */
export const SLANT = { a: 0.89, b: 0.19, c: -0.6, d: 0.48 } as const;

const STEPS_PER_CORNER = 6;

/** Outline of the upper face. */
export function faceOf(slab: Slab): Spot[] {
  const { width, depth, radius } = slab;
  const corners: readonly (readonly [number, number, number])[] = [
    [width / 2 - radius, depth / 2 - radius, 0],
    [-width / 2 + radius, depth / 2 - radius, 90],
    [-width / 2 + radius, -depth / 2 + radius, 180],
    [width / 2 - radius, -depth / 2 + radius, 270],
  ];
  return corners.flatMap(([x, y, startDeg]) =>
    Array.from({ length: STEPS_PER_CORNER + 1 }, (_, step): Spot => {
      const angle = ((startDeg + (90 * step) / STEPS_PER_CORNER) * Math.PI) / 180;
      return slanted(slab, [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
    }),
  );
}

/** Outline of face and side together: the smallest convex shape around the face and its shadow below. */
export function bodyOf(slab: Slab): Spot[] {
  const face = faceOf(slab);
  return convexHull([...face, ...face.map(([x, y]): Spot => [x, y + slab.height])]);
}

/** A point of the slab's own plane (from its centre) in the picture. */
export function slanted({ centre }: Pick<Slab, "centre">, [x, y]: Spot): Spot {
  return [centre[0] + SLANT.a * x + SLANT.c * y, centre[1] + SLANT.b * x + SLANT.d * y];
}

/** SVG path of a closed outline. */
export function outline(spots: readonly Spot[]): string {
  return `M${spots.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}

/** Convex hull, counter-clockwise (monotone chain). */
function convexHull(spots: readonly Spot[]): Spot[] {
  const sorted = [...spots].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (points: readonly Spot[]): Spot[] => {
    const chain: Spot[] = [];
    for (const point of points) {
      while (chain.length > 1 && turn(chain.at(-2) as Spot, chain.at(-1) as Spot, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(o: Spot, p: Spot, q: Spot): number {
  return (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0]);
}
