import type { ReactNode } from "react";
import type { LedgerLine } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { refusalText } from "../arithmetic/explain.ts";
import { cityPays, eventText, wantsAttention } from "./ledger-words.ts";

/** The ledger, newest entry first. */
export function LedgerLines({
  entries,
  chosen,
  onChoose,
  format,
}: {
  entries: readonly LedgerLine[];
  chosen: number | null;
  onChoose: (position: number) => void;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const text = words.city;
  return (
    <table className="entries" aria-label={text.ledger}>
      <thead>
        <tr>
          <th scope="col" className="num">
            {text.position}
          </th>
          <th scope="col">{text.at}</th>
          <th scope="col">{text.event}</th>
          <th scope="col" className="wide">
            {text.tag}
          </th>
          <th scope="col" className="num">
            {text.subsidy}
          </th>
          <th scope="col" className="num wide">
            {text.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Entry
            key={entry.position}
            entry={entry}
            chosen={entry.position === chosen}
            onChoose={onChoose}
            format={format}
          />
        ))}
      </tbody>
    </table>
  );
}

function Entry({
  entry,
  chosen,
  onChoose,
  format,
}: {
  entry: LedgerLine;
  chosen: boolean;
  onChoose: (position: number) => void;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const subsidy = cityPays(entry);
  const event = eventText(entry.type, words);
  const why = refusalText(entry.refusal, words);
  return (
    <tr data-chosen={chosen} onClick={() => onChoose(entry.position)}>
      <td className="num">
        <button type="button" aria-pressed={chosen} aria-label={words.city.open(format.count(entry.position))}>
          {format.count(entry.position)}
        </button>
      </td>
      <td>{format.time(entry.at)}</td>
      <td className="event">
        {wantsAttention(entry) ? (
          <span className="word attention">
            ▲ {event}
            {why === "" ? "" : `・${why}`}
          </span>
        ) : (
          event
        )}
      </td>
      <td className="quiet wide">{entry.tag}</td>
      <td className="num paid">{entry.postings.length === 0 ? "" : format.amount(subsidy)}</td>
      <td className="num wide">
        {entry.postings.length === 0
          ? ""
          : `${format.money(entry.balanceMinor)} ${entry.balanceMinor === 0 ? "✓" : "■"}`}
      </td>
    </tr>
  );
}
