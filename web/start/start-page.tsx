import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { DemoAddresses } from "#protocol/demo/control.ts";
import type { FreeTaxis } from "#protocol/stream/events.ts";
import { useDemoAddresses } from "../api/demo-addresses.ts";
import type { CityInfo, Surroundings } from "../api/queries.ts";
import { useLanguage } from "../app/language.tsx";
import { goTo, pageOfRoles } from "../app/router.ts";
import { Failure, Loading } from "../app/states.tsx";
import { useCityFormat, useSurroundings } from "../app/surroundings.tsx";
import { Text } from "../app/text.tsx";
import { LanguageSwitch } from "../app/top-bar.tsx";
import { companyModel, ledgerModel, pictureModel } from "../live/feed-models.ts";
import { useFeed } from "../live/use-feed.ts";
import { useDemoCab } from "./demo-cab.ts";
import { LedgerPane } from "./ledger-pane.tsx";
import { ledgerEntryOf } from "./pane-views.ts";
import { CabPane, CompanyPane, MapPane } from "./panes.tsx";
import { usePaneToken, useTally } from "./start-data.ts";
import { Steps } from "./steps.tsx";
import { TaxiDrawing } from "./taxi-drawing.tsx";
import "./start.css";

/** The first two minutes: large steps on the left, four live panes on the right. Outside demo mode: sign-in. */
export function StartPage(): ReactNode {
  const { words } = useLanguage();
  const demo = useDemoAddresses();
  const surroundings = useSurroundings();
  const roles = surroundings.data?.viewer.roles;
  const notDemo = demo.data === null;
  useEffect(() => {
    if (notDemo && roles) goTo(pageOfRoles(roles) ?? "/sign-in", "replace");
  }, [notDemo, roles]);
  if (surroundings.error) {
    return (
      <main>
        <Failure error={surroundings.error} again={() => void surroundings.refetch()} />
      </main>
    );
  }
  const city = surroundings.data?.cities.find((each) => each.id === demo.data?.municipality);
  if (!demo.data || !surroundings.data || !city) {
    return (
      <main>
        <Loading what={words.start.steps} />
      </main>
    );
  }
  return <FirstTwoMinutes demo={demo.data} city={city} surroundings={surroundings.data} />;
}

function FirstTwoMinutes({
  demo,
  city,
}: {
  demo: DemoAddresses;
  city: CityInfo;
  surroundings: Surroundings;
}): ReactNode {
  const { words } = useLanguage();
  const format = useCityFormat(city);
  const cab = useDemoCab(demo.kioskUrl);
  const [taxis, setTaxis] = useState<FreeTaxis["taxis"]>([]);
  const company = useFeed(companyModel, usePaneSource("COMPANY_ACCOUNTANT", city.id, demo.companyId)).state.view;
  const ledger = useFeed(ledgerModel, usePaneSource("CITY_OFFICER", city.id, null)).state.view;
  const picture = useFeed(pictureModel, usePaneSource("PLANNER", city.id, null), (message) => setTaxis(message.taxis))
    .state.view;
  const tally = useTally(cab.state, ledger?.entries ?? null);
  const tag = cab.state?.lastRide?.tag ?? null;
  return (
    <div className="start">
      <header>
        <TaxiDrawing />
        <h1>{words.common.app}</h1>
        <p>
          <Text>{words.start.lead}</Text>
        </p>
        <div className="start-aside">
          <LanguageSwitch />
          {cab.state && !cab.state.history.finished ? (
            <p className="history" role="status">
              <progress value={cab.state.history.done} max={Math.max(1, cab.state.history.total)} aria-hidden="true" />
              {words.start.history(format.count(cab.state.history.done), format.count(cab.state.history.total))}
            </p>
          ) : (
            <p className="quiet">
              <Text>{words.common.example(format.cityName)}</Text>
            </p>
          )}
        </div>
      </header>
      <main id="content">
        <Steps cab={cab} tally={tally} format={format} />
        <section className="panes" aria-label={words.start.panes}>
          <CabPane kioskUrl={demo.kioskUrl} connected={cab.connected} tag={tag} />
          <CompanyPane
            view={company}
            tag={tag}
            otherDay={tag !== null && ledgerEntryOf(ledger?.entries ?? [], tag)?.tag === tag}
            format={format}
          />
          <MapPane picture={picture} taxis={taxis} format={format} />
          <LedgerPane entries={ledger?.entries ?? null} tag={tag} format={format} />
        </section>
      </main>
    </div>
  );
}

/** Where a pane gets its feed from: as its own role, with its own token. */
function usePaneSource(
  role: "COMPANY_ACCOUNTANT" | "CITY_OFFICER" | "PLANNER",
  municipality: string,
  companyId: string | null,
) {
  const who = useMemo(() => ({ municipality, companyId }), [municipality, companyId]);
  const token = usePaneToken(role, who);
  return useMemo(() => (token === null ? null : { ...who, token }), [who, token]);
}
