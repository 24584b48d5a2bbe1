import type { ReactNode } from "react";
import type { LedgerLine } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Text } from "../app/text.tsx";
import { explainSteps, refusalText } from "../arithmetic/explain.ts";
import { accountText, cityPays, eventText, postedTo } from "../city/ledger-words.ts";
import { ScreenPane } from "./pane.tsx";
import { ledgerEntryOf } from "./pane-views.ts";

/** The ride's line in the city's ledger, as double entry. */
export function LedgerPane({
  entries,
  tag,
  format,
}: {
  entries: readonly LedgerLine[] | null;
  tag: string | null;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const entry = ledgerEntryOf(entries ?? [], tag);
  return (
    <ScreenPane name="ledger" tag={entry?.tag === tag ? tag : null} municipality={format.city.id}>
      {entries !== null && entry === null && (
        <p className="pane-empty">
          <Text>{words.start.ledgerEmpty}</Text>
        </p>
      )}
      {entry && <LedgerEntryView entry={entry} format={format} />}
      {entry && entries && <LaterEntries entries={entries} shown={entry.position} format={format} />}
    </ScreenPane>
  );
}

function LedgerEntryView({ entry, format }: { entry: LedgerLine; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const subsidy = postedTo(entry, "city-subsidy");
  const discount = postedTo(entry, "company-discount");
  const left = entry.usesLeft;
  const why = explainSteps(
    { steps: entry.steps, components: [], riderCount: 1, distanceM: null },
    words,
    format,
  ).filter((line) => WHY.has(line.code));
  return (
    <>
      <p className="pane-line">
        <b>{words.start.entryNumber(format.count(entry.position))}</b>
        <span className="quiet">{format.timeWithSeconds(entry.at)}</span>
      </p>
      <dl className="entry">
        <div>
          <dt>{words.company.meter}</dt>
          <dd>{format.money(-postedTo(entry, "company-fare"))}</dd>
        </div>
        {discount !== 0 && (
          <div className="part">
            <dt>{words.accounts["company-discount"]}</dt>
            <dd>{format.money(discount)}</dd>
          </div>
        )}
        <div className="part city">
          <dt>{format.cityName}</dt>
          <dd>{format.money(subsidy)}</dd>
        </div>
        {DIFFERENCES.map((account) => {
          const amount = postedTo(entry, account);
          return amount === 0 ? null : (
            <div className="part" key={account}>
              <dt>{accountText(account, words)}</dt>
              <dd>{format.money(amount)}</dd>
            </div>
          );
        })}
        <div className="part">
          <dt>{words.company.rider}</dt>
          <dd>{format.money(postedTo(entry, "rider-payments"))}</dd>
        </div>
        <div className="sum">
          <dt>{words.start.balance}</dt>
          <dd>
            {format.money(entry.balanceMinor)} {entry.balanceMinor === 0 ? "✓" : "■"}
          </dd>
        </div>
        {entry.uses > 0 && (
          <div>
            <dt>{words.start.usedUses}</dt>
            <dd>
              {words.start.usesTaken(
                format.count(entry.uses),
                left === null ? null : format.count(left + entry.uses),
                left === null ? null : format.count(left),
              )}
            </dd>
          </div>
        )}
        {entry.refusal !== null && (
          <div className="refused">
            <dt>▲ {words.arithmetic.REFUSED}</dt>
            <dd>{refusalText(entry.refusal, words)}</dd>
          </div>
        )}
      </dl>
      <p className="why">
        {why.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two riders of one ride may have the same line
          <span key={index}>
            {line.label} {line.note} = {line.amount}
          </span>
        ))}
        {entry.schemeVersion !== null && (
          <span>{`${words.company.version} ${words.company.versionName(entry.schemeVersion)}`}</span>
        )}
      </p>
    </>
  );
}

/** Other lines of the ledger, as many as there is room for. */
function LaterEntries({
  entries,
  shown,
  format,
}: {
  entries: readonly LedgerLine[];
  shown: number;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  return (
    <ul className="later">
      {entries
        .filter((entry) => entry.position !== shown)
        .slice(0, 12)
        .map((entry) => (
          <li key={entry.position}>
            <span>{words.start.entryNumber(format.count(entry.position))}</span>
            <span className="quiet">{format.time(entry.at)}</span>
            <span className="quiet">{eventText(entry.type, words)}</span>
            <span className="paid">{entry.postings.length === 0 ? "" : format.money(cityPays(entry))}</span>
          </li>
        ))}
    </ul>
  );
}

const WHY = new Set(["RATE", "TIER", "CAP", "FIXED", "RIDER_PAYS_FIXED"]);
/** What the passenger was shown beyond the decision, by who bears it. */
const DIFFERENCES = ["difference-city", "difference-company"] as const;
