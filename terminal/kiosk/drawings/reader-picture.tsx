import type { ReactNode } from "react";
import type { ReaderPose } from "../passenger/screen.ts";
import { bodyOf, faceOf, outline, SLANT, type Slab, slanted } from "./slab.ts";

const READER: Slab = { centre: [270, 268], width: 304, depth: 244, radius: 36, height: 36 };
const MARK: Slab = { ...READER, width: 226, depth: 162, radius: 22, height: 0 };
const CARD: Slab = { centre: [270, 260], width: 186, depth: 118, radius: 12, height: 7 };
const LIFT = 146;
const RAISED_MARK = [-26, 0, 26].map((x) => slanted(READER, [x, 98]));

/** The one drawing of reader and card. Only the card's place, the arrow and the ring change. */
export function ReaderPicture({ pose }: { pose: ReaderPose }): ReactNode {
  const lifted = pose.card === "above";
  const card: Slab = lifted ? { ...CARD, centre: [CARD.centre[0], CARD.centre[1] - LIFT] } : CARD;
  return (
    <svg
      className="reader-picture"
      viewBox={lifted || pose.arrow ? "8 24 524 400" : "8 130 524 294"}
      aria-hidden="true"
    >
      <path className="side" d={outline(bodyOf(READER))} />
      <path className="face" d={outline(faceOf(READER))} />
      <path className={`ring ring-${pose.ring}`} d={outline(faceOf(MARK))} pathLength={96} />
      {RAISED_MARK.map(([x, y]) => (
        <ellipse key={x} className="dot" cx={x} cy={y} rx={7} ry={5} />
      ))}
      {lifted && pose.arrow === "down" && <Arrow from={216} to={284} tone={pose.ring} />}
      <CardPicture card={card} />
      {pose.arrow === "up" && <Arrow from={lifted ? 262 : 214} to={lifted ? 196 : 52} tone={pose.ring} />}
      {pose.badge && <Badge centre={slanted(card, [88, -54])} />}
    </svg>
  );
}

function CardPicture({ card }: { card: Slab }): ReactNode {
  const [x, y] = slanted(card, [-card.width / 2, -card.depth / 2]);
  return (
    <g>
      <path className="side" d={outline(bodyOf(card))} />
      <path className="face" d={outline(faceOf(card))} />
      <g transform={`matrix(${SLANT.a} ${SLANT.b} ${SLANT.c} ${SLANT.d} ${x.toFixed(1)} ${y.toFixed(1)})`}>
        <path className="band" d="M2 26V14A12 12 0 0 1 14 2H172A12 12 0 0 1 184 14V26Z" />
        <rect className="photo" x="18" y="42" width="50" height="58" rx="4" />
        <circle className="dot" cx="43" cy="63" r="11" />
        <path className="dot" d="M24 100c0-15 8-22 19-22s19 7 19 22Z" />
        <path className="line" d="M86 50h80M86 72h80M86 94h46" />
      </g>
    </g>
  );
}

function Arrow({ from, to, tone }: { from: number; to: number; tone: ReaderPose["ring"] }): ReactNode {
  const back = to > from ? to - 27 : to + 27;
  return (
    <path
      className={`arrow ${tone === "attention" ? "arrow-attention" : ""}`}
      d={`M270 ${from}V${to}M243 ${back}L270 ${to}L297 ${back}`}
    />
  );
}

function Badge({ centre: [x, y] }: { centre: readonly [number, number] }): ReactNode {
  return (
    <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <circle className="badge" r="40" />
      <path className="badge-check" d="M-18 2l13 13 23-28" />
    </g>
  );
}
