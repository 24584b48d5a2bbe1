import type { ReactNode } from "react";
import type { RideLine } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Arithmetic } from "../arithmetic/arithmetic.tsx";
import { distanceText } from "../arithmetic/explain.ts";
import { differenceParts, differs } from "./difference.ts";
import { componentsOf } from "./ride-line.ts";
import "../arithmetic/arithmetic.css";

/** One ride with its arithmetic and its times; never its places. */
export function RideDetail({ ride, format }: { ride: RideLine; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const text = words.company;
  const status = ride.reversed ? "REVERSED" : ride.status;
  const tone = status === "RECORDED" ? "ok" : "attention";
  const facts: [string, string][] = [
    [text.boarded, format.moment(ride.boardedAt)],
    [text.alighted, format.moment(ride.alightedAt)],
    [text.recorded, format.moment(ride.recordedAt)],
    [text.distance, ride.distanceM === null ? text.unknown : distanceText(ride.distanceM, words)],
    [text.people, text.peopleCount(String(ride.riderCount))],
    [text.uses, words.common.uses(String(ride.uses))],
    [text.version, ride.schemeVersion === null ? text.unknown : text.versionName(ride.schemeVersion)],
    [text.entry, format.count(ride.position)],
  ];
  const difference = text.difference;
  const standing: [string, string][] = !differs(ride)
    ? []
    : [
        [difference.shownTerm, format.money(ride.paidMinor)],
        [difference.decidedTerm, format.money(ride.riderPaysMinor)],
        ...differenceParts(ride, words, format).map(({ amount, who }): [string, string] => [
          difference.term,
          difference.part(amount, who),
        ]),
        [difference.fromCity, format.money(ride.fromCityMinor)],
      ];
  return (
    <article className="ride-detail">
      <header>
        <h2>
          {format.time(ride.boardedAt)} {text.car(ride.vehicleLabel)}
        </h2>
        <span className="quiet">{words.common.rideTag(ride.tag)}</span>
      </header>
      <p>
        <span className={`word ${tone}`}>
          {tone === "ok" ? "✓" : "▲"} {text.status[status]}
        </span>
      </p>
      <Arithmetic
        input={{
          steps: ride.steps,
          components: componentsOf(ride),
          riderCount: ride.riderCount,
          distanceM: ride.distanceM,
        }}
        format={format}
      />
      {standing.length > 0 && <Facts facts={standing} />}
      <Facts facts={facts} />
    </article>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <dl className="ride-facts">
      {facts.map(([term, value]) => (
        <div key={`${term} ${value}`}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
