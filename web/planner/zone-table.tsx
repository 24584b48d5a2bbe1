import { type ReactNode, useMemo } from "react";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Text } from "../app/text.tsx";
import { HatchMark, QuietHour } from "../map/overlays.tsx";
import type { ZonePulse } from "../map/picture-layers.ts";

/** The map's numbers as a table: for people who do not see it, and for those who want the number. */
export function ZoneTable({
  pulses,
  chosen,
  onChoose,
  hour,
  quiet,
  sources,
  format,
}: {
  pulses: readonly ZonePulse[];
  chosen: string | null;
  onChoose: (zoneId: string | null) => void;
  hour: string;
  /** The hours in which every zone is hidden; null while some are shown. */
  quiet: string | null;
  sources: readonly string[];
  format: CityFormat;
}): ReactNode {
  const { language, words } = useLanguage();
  const rows = useMemo(() => sortedPulses(pulses), [pulses]);
  const most = Math.max(1, ...rows.map((row) => row.rides ?? 0));
  return (
    <aside className="zones" aria-labelledby="zones-title">
      <h2 id="zones-title">{words.planner.table}</h2>
      <p className="quiet">{hour}</p>
      {quiet && <QuietHour span={quiet} />}
      <table>
        <thead>
          <tr>
            <th scope="col">{words.planner.zone}</th>
            <th scope="col" className="num">
              {words.planner.rides}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ zone, rides }) => (
            <tr key={zone.id} data-chosen={chosen === zone.id}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={chosen === zone.id}
                  onClick={() => onChoose(chosen === zone.id ? null : zone.id)}
                >
                  {zone.name[language]}
                </button>
              </th>
              <td className="num">
                {rides === null ? (
                  <span className="quiet hidden-count">
                    <HatchMark />
                    {words.planner.hidden}
                  </span>
                ) : (
                  <>
                    <span className="bar" style={{ width: `${(rides / most) * 4}rem` }} aria-hidden="true" />
                    <strong>{format.count(rides)}</strong>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <Text>{words.planner.caveat}</Text>
      </p>
      <p>
        <Text>{words.planner.privacy}</Text>
      </p>
      <details>
        <summary>{words.planner.sources}</summary>
        <ul className="quiet">
          {sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
      </details>
    </aside>
  );
}

/** Most rides first, hidden zones last, otherwise in the city's own order. */
export function sortedPulses(pulses: readonly ZonePulse[]): readonly ZonePulse[] {
  return pulses
    .map((pulse, index) => ({ pulse, index }))
    .sort((a, b) => (b.pulse.rides ?? -1) - (a.pulse.rides ?? -1) || a.index - b.index)
    .map(({ pulse }) => pulse);
}
