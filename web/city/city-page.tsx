import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { LedgerLine } from "#protocol/stream/events.ts";
import { Key } from "#ui/components/key.tsx";
import type { BookTotals, LedgerEntry } from "#ui/generated/graphql.ts";
import type { ApiError } from "../api/graphql-client.ts";
import { fetchBookTotals, fetchLedger } from "../api/queries.ts";
import type { RolePageProps } from "../app/app.tsx";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { CutOff, Empty, Failure, Loading, NoPermission } from "../app/states.tsx";
import { useCityFormat, useServerClock } from "../app/surroundings.tsx";
import { Text } from "../app/text.tsx";
import { TopBar } from "../app/top-bar.tsx";
import { stepOf } from "../arithmetic/explain.ts";
import { ledgerModel } from "../live/feed-models.ts";
import { useFeed } from "../live/use-feed.ts";
import { EntryDetail } from "./entry-detail.tsx";
import { LedgerLines } from "./ledger-lines.tsx";
import { Quarantine } from "./quarantine.tsx";
import "./city.css";

const PAGE_ENTRIES = 100;
/** The sums of the whole book are asked for again this long after the ledger has moved. */
const TOTALS_AFTER_MS = 1500;

/** The city's ledger as it grows, the rides that wait for a decision, and whether the books agree. */
export function CityPage({ surroundings, city }: RolePageProps): ReactNode {
  const { words } = useLanguage();
  const format = useCityFormat(city);
  const clock = useServerClock();
  const source = useMemo(() => ({ municipality: city.id, companyId: null, token: null }), [city.id]);
  const { state } = useFeed(ledgerModel, source);
  const [older, setOlder] = useState<readonly LedgerLine[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const cursor = state.view?.entries[0]?.position ?? 0;
  const totals = useBookTotals(city.id, cursor);
  const entries = useMemo(() => joinEntries(state.view?.entries ?? [], older), [state.view, older]);
  const entry = entries.find((each) => each.position === chosen) ?? null;
  useEffect(() => {
    // The newest entry that moved money stands open, so that the page shows at once what an entry is.
    const first = state.view?.entries.find((each) => each.postings.length > 0)?.position;
    if (first !== undefined) setChosen((before) => before ?? first);
  }, [state.view]);
  const now = state.view ? format.time(clock()) : null;
  const loadOlder = async (): Promise<void> => {
    const before = entries.at(-1)?.position ?? null;
    const page = await fetchLedger({ municipality: city.id, first: PAGE_ENTRIES, before }, null);
    setOlder((known) => joinEntries(known, page.map(ledgerLineOf)));
  };
  return (
    <div className="office city">
      <TopBar
        page="city"
        place={words.pages.places.city(format.cityName)}
        status={state.status}
        asOf={now}
        surroundings={surroundings}
      />
      <div>
        {state.status === "cut" && <CutOff asOf={now} />}
        {totals.data ? (
          <Answer totals={totals.data} format={format} />
        ) : totals.error ? (
          <Failure error={totals.error} again={() => void totals.refetch()} />
        ) : (
          <Loading what={words.pages.city} />
        )}
      </div>
      <main id="content" className="city-body">
        {state.status === "refused" ? (
          <NoPermission allowed={["CITY_OFFICER", "AUDITOR"]} own={surroundings.viewer.roles[0] ?? null} />
        ) : (
          <>
            <Quarantine
              city={city}
              format={format}
              mayResolve={surroundings.viewer.roles.includes("CITY_OFFICER")}
              waiting={totals.data?.quarantined ?? null}
            />
            <section className={`ledger ${state.status === "cut" ? "dimmed" : ""}`} aria-label={words.city.ledger}>
              {state.view === null ? (
                <Loading what={words.city.ledger} />
              ) : entries.length === 0 ? (
                <Empty>{words.city.empty}</Empty>
              ) : (
                <>
                  <LedgerLines entries={entries} chosen={chosen} onChoose={setChosen} format={format} />
                  {(entries.at(-1)?.position ?? 1) > 1 && (
                    <Key className="older" onClick={() => void loadOlder()}>
                      {words.city.older}
                    </Key>
                  )}
                </>
              )}
            </section>
            <section className="beside" aria-label={words.city.postings} aria-live="polite">
              {entry ? (
                <EntryDetail entry={entry} format={format} />
              ) : (
                <p className="state quiet">
                  <Text>{words.city.choose}</Text>
                </p>
              )}
            </section>
          </>
        )}
      </main>
    </div>
  );
}

/** Sums of the whole book, renewed a moment after the ledger has moved. */
function useBookTotals(municipality: string, cursor: number) {
  const client = useQueryClient();
  const key = useMemo(() => ["book-totals", municipality] as const, [municipality]);
  useEffect(() => {
    if (cursor === 0) return;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: key }), TOTALS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [cursor, client, key]);
  return useQuery<BookTotals, ApiError>({
    queryKey: key,
    queryFn: () => fetchBookTotals(municipality, null),
    refetchInterval: 15_000,
  });
}

function Answer({ totals, format }: { totals: BookTotals; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const text = words.city;
  const { decidedSubsidyMinor: decided, postedSubsidyMinor: posted, eventSubsidyMinor: events } = totals;
  const difference = Math.max(decided, posted, events) - Math.min(decided, posted, events);
  return (
    <section className="answer" aria-label={words.pages.city}>
      <div>
        <h1>
          <Text>{difference === 0 ? text.balanced : text.unbalanced}</Text>
        </h1>
        <p className="second">
          <Text>{text.second(format.count(totals.rides), format.count(totals.quarantined))}</Text>
        </p>
      </div>
      <div className="tie-out" data-agree={difference === 0}>
        <p className="quiet">
          {text.tieOut}
          <span className={`word ${difference === 0 ? "ok" : "stop"}`}>
            {difference === 0 ? `✓ ${text.tieOutEqual}` : `■ ${text.tieOutDiffers(format.money(difference))}`}
          </span>
        </p>
        <dl>
          {(
            [
              [text.decided, decided],
              [text.posted, posted],
              [text.events, events],
            ] as const
          ).map(([word, amount]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{format.money(amount)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

/** Live and older entries in one list, newest first, each once. */
function joinEntries(live: readonly LedgerLine[], older: readonly LedgerLine[]): readonly LedgerLine[] {
  if (older.length === 0) return live;
  const byPosition = new Map(older.map((entry) => [entry.position, entry]));
  for (const entry of live) byPosition.set(entry.position, entry);
  return [...byPosition.values()].sort((a, b) => b.position - a.position);
}

/** An entry of the API in the shape of the live stream. */
function ledgerLineOf(entry: LedgerEntry): LedgerLine {
  return {
    position: entry.position,
    at: entry.at,
    type: entry.type,
    rideKey: entry.rideKey ?? null,
    tag: entry.tag ?? null,
    postings: entry.postings.map(({ account, amountMinor }) => ({ account, amountMinor })),
    balanceMinor: entry.balanceMinor,
    uses: entry.uses,
    usesLeft: entry.usesLeft ?? null,
    refusal: entry.refusal ?? null,
    schemeVersion: entry.schemeVersion ?? null,
    steps: entry.steps.map(stepOf),
  };
}
