import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Key } from "#ui/components/key.tsx";
import type { CompanyDay } from "#ui/generated/graphql.ts";
import type { ApiError } from "../api/graphql-client.ts";
import { type CityInfo, fetchCompanyDay } from "../api/queries.ts";
import type { RolePageProps } from "../app/app.tsx";
import { type CityFormat, neighbourDay, untilMidnightMs } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { CutOff, Empty, Failure, Loading, NoPermission } from "../app/states.tsx";
import { useCityFormat, useServerClock } from "../app/surroundings.tsx";
import { Text } from "../app/text.tsx";
import { TopBar } from "../app/top-bar.tsx";
import { type CompanyView, companyModel, mergeRides } from "../live/feed-models.ts";
import type { FeedState } from "../live/feed-state.ts";
import { useFeed } from "../live/use-feed.ts";
import { RideDetail } from "./ride-detail.tsx";
import { rideLineOf } from "./ride-line.ts";
import { RideLines } from "./ride-lines.tsx";
import "./company.css";

const PAGE_RIDES = 200;

/** The accountant's day: totals, every ride, and the arithmetic of the chosen one. */
export function CompanyPage({ surroundings, city }: RolePageProps): ReactNode {
  const { words } = useLanguage();
  const format = useCityFormat(city);
  const clock = useServerClock();
  const { companyId } = surroundings.viewer;
  /** Null = today, live. */
  const [day, setDay] = useState<string | null>(null);
  const source = useMemo(
    () => ({ municipality: city.id, companyId: companyId ?? null, token: null }),
    [city.id, companyId],
  );
  const { state, expire } = useFeed(companyModel, source);
  useNewDay(expire, city);
  const company = state.view?.company.name ?? city.companies.find((each) => each.id === companyId)?.name ?? "";
  const today = state.view?.day ?? format.dayOf(clock());
  return (
    <div className="office company">
      <TopBar
        page="company"
        place={words.pages.places.company(company)}
        status={state.status}
        asOf={state.view ? format.time(clock()) : null}
        surroundings={surroundings}
      />
      {state.status === "refused" ? (
        <main id="content">
          <NoPermission allowed={["COMPANY_ACCOUNTANT"]} own={surroundings.viewer.roles[0] ?? null} />
        </main>
      ) : day === null || day === today ? (
        <Today state={state} query={source} format={format} onDay={setDay} />
      ) : (
        <OtherDay day={day} today={today} query={source} format={format} onDay={setDay} />
      )}
    </div>
  );
}

/** Asks for the new day's snapshot at every local midnight. */
function useNewDay(expire: () => void, city: CityInfo): void {
  const clock = useServerClock();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      timer = setTimeout(() => {
        expire();
        wait();
      }, untilMidnightMs(clock(), city) + 2000);
    };
    wait();
    return () => clearTimeout(timer);
  }, [expire, clock, city]);
}

interface DayProps {
  readonly query: { readonly municipality: string; readonly companyId: string | null; readonly token: string | null };
  readonly format: CityFormat;
  readonly onDay: (day: string | null) => void;
}

function Today({ state, query, format, onDay }: DayProps & { state: FeedState<CompanyView> }): ReactNode {
  const { words } = useLanguage();
  const clock = useServerClock();
  const view = state.view;
  const known = view?.rides.length ?? 0;
  const all = view ? view.totals.rides + view.totals.refused + view.totals.reversed : 0;
  // The stream brings the newest rides; what was before them is asked for when someone scrolls there.
  const older = useOlderRides({ ...query, day: view?.day ?? null, before: view?.rides.at(-1)?.position ?? null });
  if (!view) {
    return (
      <main id="content" className="day-wait">
        <Loading what={words.pages.company} />
      </main>
    );
  }
  const merged: CompanyView = older.rides.length === 0 ? view : { ...view, rides: mergeRides(older.rides, view.rides) };
  return (
    <Day
      key={view.day}
      view={merged}
      cut={state.status === "cut" ? format.time(clock()) : null}
      onMore={merged.rides.length < all && known > 0 ? older.more : null}
      format={format}
      today={view.day}
      onDay={onDay}
      empty={words.company.emptyToday}
    />
  );
}

function OtherDay({ day, today, query, format, onDay }: DayProps & { day: string; today: string }): ReactNode {
  const { words } = useLanguage();
  const result = useInfiniteQuery<CompanyDay, ApiError, InfiniteData<CompanyDay>, readonly unknown[], number | null>({
    queryKey: ["company-day", query.municipality, query.companyId, day],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      fetchCompanyDay({ ...query, day, first: PAGE_RIDES, before: pageParam }, signal),
    getNextPageParam: (page) => (page.rides.length < PAGE_RIDES ? null : (page.rides.at(-1)?.position ?? null)),
  });
  const [first] = result.data?.pages ?? [];
  if (result.error) {
    return (
      <main id="content" className="day-wait">
        <Failure error={result.error} again={() => void result.refetch()} />
      </main>
    );
  }
  if (!first || !result.data) {
    return (
      <main id="content" className="day-wait">
        <Loading what={words.company.list} />
      </main>
    );
  }
  const rides = result.data.pages.flatMap((page) => page.rides.map(rideLineOf));
  return (
    <Day
      key={first.day}
      view={{ day: first.day, company: first.company, totals: first.totals, rides }}
      cut={null}
      onMore={result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : null}
      format={format}
      today={today}
      onDay={onDay}
      empty={words.company.empty}
    />
  );
}

/** Rides of today that the live snapshot did not reach back to. */
function useOlderRides(page: {
  municipality: string;
  companyId: string | null;
  token: string | null;
  day: string | null;
  before: number | null;
}) {
  const [start, setStart] = useState<{ day: string; before: number } | null>(null);
  const result = useInfiniteQuery<CompanyDay, ApiError, InfiniteData<CompanyDay>, readonly unknown[], number | null>({
    queryKey: ["company-older", page.municipality, page.companyId, start],
    enabled: start !== null && start.day === page.day,
    initialPageParam: start?.before ?? null,
    queryFn: ({ pageParam, signal }) =>
      fetchCompanyDay(
        {
          municipality: page.municipality,
          companyId: page.companyId,
          token: page.token,
          day: start?.day ?? null,
          first: PAGE_RIDES,
          before: pageParam,
        },
        signal,
      ),
    getNextPageParam: (last) => (last.rides.length < PAGE_RIDES ? null : (last.rides.at(-1)?.position ?? null)),
  });
  const rides = useMemo(
    () => (start?.day === page.day ? (result.data?.pages.flatMap((each) => each.rides.map(rideLineOf)) ?? []) : []),
    [result.data, start, page.day],
  );
  const more = (): void => {
    if (page.day === null || page.before === null) return;
    if (start === null || start.day !== page.day) setStart({ day: page.day, before: page.before });
    else if (result.hasNextPage && !result.isFetchingNextPage) void result.fetchNextPage();
  };
  return { rides, more };
}

interface DayViewProps {
  readonly view: CompanyView;
  readonly cut: string | null;
  readonly onMore: (() => void) | null;
  readonly format: CityFormat;
  readonly today: string;
  readonly onDay: (day: string | null) => void;
  readonly empty: string;
}

function Day({ view, cut, onMore, format, today, onDay, empty }: DayViewProps): ReactNode {
  const { words } = useLanguage();
  const text = words.company;
  // The newest ride stands open, so that the page shows at once what it is for; new rides do not take its place.
  const [chosen, setChosen] = useState<string | null>(view.rides[0]?.rideKey ?? null);
  const ride = view.rides.find((each) => each.rideKey === chosen) ?? null;
  const isToday = view.day === today;
  return (
    <>
      <div>
        {cut !== null && <CutOff asOf={cut} />}
        <section className="answer company-answer" aria-label={text.headline(format.day(view.day))}>
          <h1>
            <span>
              {isToday ? text.today : ""} {format.day(view.day)}
            </span>
            <span>
              <strong>{format.count(view.totals.rides)}</strong>
              {format.language === "en" ? ` ${words.common.timesUnit}` : words.common.timesUnit}
            </span>
            <span>
              {text.subsidy} <strong>{format.money(view.totals.fromCityMinor)}</strong>
            </span>
            {view.totals.refused > 0 && (
              <span className="word attention">
                {text.refused} <strong>{words.common.cases(format.count(view.totals.refused))}</strong>
              </span>
            )}
            {view.totals.reversed > 0 && (
              <span className="word no">
                {text.reversed} {words.common.cases(format.count(view.totals.reversed))}
              </span>
            )}
          </h1>
          <div className="days">
            <Key onClick={() => onDay(neighbourDay(view.day, -1))}>← {text.previousDay}</Key>
            {!isToday && (
              <>
                <Key onClick={() => onDay(neighbourDay(view.day, 1))}>{text.nextDay} →</Key>
                <Key onClick={() => onDay(null)}>{text.toToday}</Key>
              </>
            )}
          </div>
        </section>
      </div>
      <main id="content" className={`company-body ${cut === null ? "" : "dimmed"}`}>
        <section aria-label={text.list} className="list">
          {view.rides.length === 0 ? (
            <Empty>{empty}</Empty>
          ) : (
            <RideLines
              key={view.day}
              rides={view.rides}
              totals={view.totals}
              chosen={chosen}
              onChoose={setChosen}
              onMore={onMore}
              format={format}
            />
          )}
        </section>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for those who use the keyboard */}
        <section aria-label={words.arithmetic.title} className="beside" aria-live="polite" tabIndex={0}>
          {ride ? (
            <RideDetail ride={ride} format={format} />
          ) : (
            <p className="state quiet">
              <Text>{text.choose}</Text>
            </p>
          )}
        </section>
      </main>
    </>
  );
}
