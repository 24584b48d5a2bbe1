import type { ReactNode } from "react";
import type { Gazetteer } from "#protocol/documents/gazetteer.ts";
import { useLanguage } from "../app/language.tsx";
import { Text } from "../app/text.tsx";
import type { EdgeHint } from "./edge-hints.ts";
import { type Bounds, boundsOf, containsBounds, lngLat } from "./geometry.ts";
import { pulseRadius } from "./picture-layers.ts";

/** What lies beyond the map's edges, with an arrow; the mountain stands for north. */
export function EdgeHints({ hints }: { hints: readonly EdgeHint[] }): ReactNode {
  return hints.map((hint) => (
    <span
      key={hint.id}
      className={`map-hint edge-${hint.edge}`}
      style={{ left: hint.x, top: hint.y }}
      aria-hidden="true"
    >
      {hint.kind === "mountain" ? "▲" : ARROWS[hint.edge]} {hint.name}
    </span>
  ));
}

const ARROWS: Readonly<Record<EdgeHint["edge"], string>> = { top: "↑", right: "→", bottom: "↓", left: "←" };

/** The arrow to the north; the map never turns. */
export function North(): ReactNode {
  const { words } = useLanguage();
  return (
    <span className="map-north">
      <svg width="14" height="20" viewBox="0 0 14 20" aria-hidden="true" focusable="false">
        <path d="M7 19V2M2 7l5-5 5 5" />
      </svg>
      {words.planner.north}
    </span>
  );
}

const STEPS_M = [200, 500, 1000, 2000, 3000, 5000, 10_000, 20_000] as const;

/** A bar of a round length. */
export function Scale({ metresPerPixel }: { metresPerPixel: number }): ReactNode {
  const metres = STEPS_M.findLast((step) => step / metresPerPixel <= 120) ?? STEPS_M[0];
  return (
    <div className="map-scale" style={{ width: metres / metresPerPixel }}>
      {metres < 1000 ? `${metres} m` : `${metres / 1000} km`}
    </div>
  );
}

/** The whole city with the part in view, while some of it is cut off. */
export function Inset({ gazetteer, view }: { gazetteer: Gazetteer; view: Bounds }): ReactNode {
  const { words } = useLanguage();
  const city = boundsOf(gazetteer.border);
  if (containsBounds(view, city)) return null;
  const shrink = Math.cos((city.south * Math.PI) / 180);
  const size = 84;
  const scale = size / Math.max((city.east - city.west) * shrink, city.north - city.south);
  const x = (lng: number): number => (lng - city.west) * shrink * scale;
  const y = (lat: number): number => (city.north - lat) * scale;
  const width = x(city.east);
  const height = y(city.south);
  const clamp = (value: number, most: number): number => Math.max(-3, Math.min(most + 3, value));
  const left = clamp(x(view.west), width);
  const top = clamp(y(view.north), height);
  return (
    <div className="map-inset">
      <svg
        width={width + 8}
        height={height + 8}
        viewBox={`-4 -4 ${width + 8} ${height + 8}`}
        role="img"
        aria-label={words.planner.inset}
      >
        <path
          className="city"
          d={`M${gazetteer.border
            .map(lngLat)
            .map(([lng, lat]) => `${x(lng).toFixed(1)} ${y(lat).toFixed(1)}`)
            .join("L")}Z`}
        />
        <rect
          className="view"
          x={left}
          y={top}
          width={clamp(x(view.east), width) - left}
          height={clamp(y(view.south), height) - top}
        />
      </svg>
    </div>
  );
}

/** Named steps of the pulses, the free taxi, what hatching means, and a note where there is something to explain. */
export function Legend({ hour, children }: { hour: string; children?: ReactNode }): ReactNode {
  const { words } = useLanguage();
  return (
    <div className="map-legend">
      <strong>{words.planner.legend}</strong>
      <div className="quiet">{hour}</div>
      <dl>
        {[50, 10].map((rides) => (
          <div key={rides} className={`legend-row ${rides === 50 ? "pulse" : ""}`}>
            <dt>
              <PulseMark radius={pulseRadius(rides) * 0.55} />
            </dt>
            <dd>{words.planner.legendRides(String(rides))}</dd>
          </div>
        ))}
        <div className="legend-row">
          <dt>
            <HatchMark />
          </dt>
          <dd>{words.planner.hiddenNote}</dd>
        </div>
        <div className="legend-row">
          <dt>
            <TaxiMark />
          </dt>
          <dd>{words.planner.taxi}</dd>
        </div>
      </dl>
      {children}
    </div>
  );
}

/** Why the whole map is hatched: meant so, for the riders' sake, and no fault. */
export function QuietHour({ span }: { span: string }): ReactNode {
  const { words } = useLanguage();
  return (
    <p className="map-note">
      <strong>
        <Text>{words.planner.allHidden(span)}</Text>
      </strong>
      <Text>{words.planner.allHiddenWhy}</Text>
    </p>
  );
}

/** The legend of a small pane, on one line. */
export function ShortLegend(): ReactNode {
  const { words } = useLanguage();
  return (
    <div className="map-legend short">
      <span>
        <PulseMark radius={8} />
        {words.planner.zone}
      </span>
      <span>
        <HatchMark />
        {words.planner.hiddenNote}
      </span>
      <span>
        <TaxiMark />
        {words.planner.taxi}
      </span>
    </div>
  );
}

function PulseMark({ radius }: { radius: number }): ReactNode {
  const size = radius * 2 + 2;
  return (
    <svg width={size} height={size} aria-hidden="true" focusable="false">
      <circle className="pulse-mark" cx={size / 2} cy={size / 2} r={radius} />
    </svg>
  );
}

/** Diagonal lines: hidden because fewer than ten people, never the same as zero. */
export function HatchMark(): ReactNode {
  return <span className="hatch-mark" aria-hidden="true" />;
}

function TaxiMark(): ReactNode {
  return <span className="taxi-mark" aria-hidden="true" />;
}
