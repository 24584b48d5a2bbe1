import type { IMAGES } from "./map-style.ts";
import type { MapPalette } from "./palette.ts";

/** An image for maplibre's `addImage`. */
export interface MapImage {
  readonly name: (typeof IMAGES)[number] | "taxi";
  readonly data: ImageData;
  readonly options: {
    readonly pixelRatio: number;
    readonly stretchX?: [number, number][];
    readonly stretchY?: [number, number][];
    readonly content?: [number, number, number, number];
  };
}

const RATIO = 3;

/** Draws the marks of the map in the page's colours. */
export function mapImages(palette: MapPalette): MapImage[] {
  return [
    image("hatch", 8, 8, (pen) => hatch(pen, palette)),
    image("station", 13, 13, (pen) => {
      box(pen, { x: 2, y: 2, width: 9, height: 9, radius: 1 }, palette.land, palette.ink, 2);
    }),
    image("hospital", 16, 16, (pen) => {
      box(pen, { x: 1.5, y: 1.5, width: 13, height: 13, radius: 3 }, palette.land, palette.hospital, 1.75);
      stroke(pen, palette.hospital, 2.25, [
        [8, 4.5],
        [8, 11.5],
      ]);
      stroke(pen, palette.hospital, 2.25, [
        [4.5, 8],
        [11.5, 8],
      ]);
    }),
    image("place", 9, 9, (pen) => {
      pen.beginPath();
      pen.arc(4.5, 4.5, 2.75, 0, Math.PI * 2);
      pen.fillStyle = palette.land;
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = palette.quiet;
      pen.stroke();
    }),
    {
      ...image("shield", 22, 20, (pen) => {
        box(pen, { x: 1, y: 1, width: 20, height: 18, radius: 5 }, palette.land, palette.road, 1.75);
      }),
      options: {
        pixelRatio: RATIO,
        stretchX: [[7 * RATIO, 15 * RATIO]],
        stretchY: [[7 * RATIO, 13 * RATIO]],
        content: [2 * RATIO, 2 * RATIO, 20 * RATIO, 18 * RATIO],
      },
    },
    image("taxi", 16, 12, (pen) => {
      box(pen, { x: 2, y: 2, width: 12, height: 8, radius: 2.5 }, palette.taxi, palette.land, 1.75);
    }),
  ];
}

type Pen = CanvasRenderingContext2D;

function image(name: MapImage["name"], width: number, height: number, draw: (pen: Pen) => void): MapImage {
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return { name, data: new ImageData(canvas.width, canvas.height), options: { pixelRatio: RATIO } };
  pen.scale(RATIO, RATIO);
  draw(pen);
  return { name, data: pen.getImageData(0, 0, canvas.width, canvas.height), options: { pixelRatio: RATIO } };
}

function hatch(pen: Pen, palette: MapPalette): void {
  for (const shift of [-8, 0, 8]) {
    stroke(pen, palette.hatch, 1.1, [
      [shift - 1, 9],
      [shift + 9, -1],
    ]);
  }
}

function box(
  pen: Pen,
  shape: { x: number; y: number; width: number; height: number; radius: number },
  fill: string,
  line: string,
  lineWidth: number,
): void {
  pen.beginPath();
  pen.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = lineWidth;
  pen.strokeStyle = line;
  pen.stroke();
}

function stroke(pen: Pen, color: string, width: number, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  points.forEach(([x, y], index) => {
    if (index === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.lineWidth = width;
  pen.lineCap = "round";
  pen.strokeStyle = color;
  pen.stroke();
}
