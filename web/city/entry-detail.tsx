import type { ReactNode } from "react";
import type { LedgerLine } from "#protocol/stream/events.ts";
import type { ComponentKind } from "#ui/generated/graphql.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Text } from "../app/text.tsx";
import { Arithmetic } from "../arithmetic/arithmetic.tsx";
import { accountText, eventText, postingViews, wantsAttention } from "./ledger-words.ts";
import "../arithmetic/arithmetic.css";

/** One ledger entry: its double entry, and the arithmetic that led to it. */
export function EntryDetail({ entry, format }: { entry: LedgerLine; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const text = words.city;
  return (
    <article className="entry-detail">
      <header>
        <h2>{words.start.entryNumber(format.count(entry.position))}</h2>
        <span className="quiet">{format.moment(entry.at)}</span>
      </header>
      <p>
        <span className={`word ${wantsAttention(entry) ? "attention" : "ok"}`}>{eventText(entry.type, words)}</span>{" "}
        {entry.tag !== null && <span className="quiet">{words.common.rideTag(entry.tag)}</span>}
      </p>
      <Postings entry={entry} format={format} />
      {entry.uses > 0 && (
        <p>
          {words.start.usedUses} <strong>{words.common.uses(String(entry.uses))}</strong>
          {entry.usesLeft !== null && (
            <>
              {" "}
              {text.left} <strong>{words.common.uses(format.count(entry.usesLeft))}</strong>
            </>
          )}
        </p>
      )}
      {entry.steps.length > 0 && (
        <>
          <h3>{text.arithmetic}</h3>
          <Arithmetic
            input={{
              steps: entry.steps,
              components: componentsFrom(entry),
              riderCount: ridersOf(entry),
              distanceM: null,
            }}
            format={format}
          />
        </>
      )}
      {entry.schemeVersion !== null && (
        <p className="quiet">
          {words.company.version} {words.company.versionName(entry.schemeVersion)}
        </p>
      )}
    </article>
  );
}

/** The double entry, debits and credits on their sides, with its sum of zero. */
export function Postings({ entry, format }: { entry: LedgerLine; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const text = words.city;
  if (entry.postings.length === 0)
    return (
      <p className="quiet">
        <Text>{text.noPostings}</Text>
      </p>
    );
  return (
    <table className="postings" aria-label={text.postings}>
      <thead>
        <tr>
          <th scope="col">{text.account}</th>
          <th scope="col" className="num">
            {text.debit}
          </th>
          <th scope="col" className="num">
            {text.credit}
          </th>
        </tr>
      </thead>
      <tbody>
        {postingViews(entry.postings).map((posting, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the postings of an entry never change places
          <tr key={index} className={posting.account === "city-subsidy" ? "paid" : ""}>
            <th scope="row">{accountText(posting.account, words)}</th>
            <td className="num">{posting.debitMinor === null ? "" : format.money(posting.debitMinor)}</td>
            <td className="num">{posting.creditMinor === null ? "" : format.money(posting.creditMinor)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className={entry.balanceMinor === 0 ? "even" : "uneven"}>
          <th scope="row">{text.balance}</th>
          <td className="num" colSpan={2}>
            {format.money(entry.balanceMinor)} {entry.balanceMinor === 0 ? "✓" : "■"}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** An entry carries no components; its fare steps say which kind each was, as far as a step of its own tells. */
function componentsFrom(entry: LedgerLine): { kind: ComponentKind; amountMinor: number }[] {
  const kinds: Readonly<Record<string, ComponentKind>> = {
    METER: "METER",
    COMPANY_DISCOUNT: "COMPANY_DISCOUNT",
    COMPONENT_ADDED: "EXTRA",
    NOT_ELIGIBLE_COMPONENT: "EXTRA",
  };
  return entry.steps.flatMap(({ code, amountMinor }) => {
    const kind = kinds[code];
    return kind === undefined ? [] : [{ kind, amountMinor }];
  });
}

function ridersOf(entry: LedgerLine): number {
  return 1 + Math.max(0, ...entry.steps.map((step) => step.rider ?? 0));
}
