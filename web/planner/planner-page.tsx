import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import type { FreeTaxis, PictureSnapshot } from "#protocol/stream/events.ts";
import type { RolePageProps } from "../app/app.tsx";
import type { CityFormat } from "../app/city-format.ts";
import { ErrorFence } from "../app/error-fence.tsx";
import { Figure } from "../app/figure.tsx";
import { useLanguage } from "../app/language.tsx";
import { CutOff, Loading } from "../app/states.tsx";
import { useCityFormat } from "../app/surroundings.tsx";
import { plain, Text } from "../app/text.tsx";
import { TopBar } from "../app/top-bar.tsx";
import { pictureModel } from "../live/feed-models.ts";
import { useFeed } from "../live/use-feed.ts";
import { EdgeHints, Inset, Legend, North, QuietHour, Scale } from "../map/overlays.tsx";
import { allHidden, pulseHour, zonePulses } from "../map/picture-layers.ts";
import { useCityMap } from "../map/use-city-map.ts";
import { ZoneTable } from "./zone-table.tsx";
import "../map/city-map.css";
import "./planner.css";

const CityMap = lazy(() => import("../map/city-map.tsx").then((map) => ({ default: map.CityMap })));

/** In place of a number that may not be told yet. */
const NOT_YET = "–";

/** The planner's live picture: a sentence, five figures, the map, and the same numbers as a table. */
export function PlannerPage({ surroundings, city }: RolePageProps): ReactNode {
  const { words } = useLanguage();
  const format = useCityFormat(city);
  const [taxis, setTaxis] = useState<FreeTaxis["taxis"]>([]);
  const source = useMemo(() => ({ municipality: city.id, companyId: null, token: null }), [city.id]);
  const { state } = useFeed(pictureModel, source, (message) => setTaxis(message.taxis));
  const picture = state.view;
  const asOf = picture ? format.time(picture.at) : null;
  return (
    <div className="office planner">
      <TopBar
        page="planner"
        place={words.pages.places.planner(format.cityName)}
        status={state.status}
        asOf={asOf}
        surroundings={surroundings}
      />
      <div>
        {state.status === "cut" && <CutOff asOf={asOf} />}
        {picture ? (
          <Answer picture={picture} taxis={taxis.length} format={format} />
        ) : (
          <Loading what={words.pages.planner} />
        )}
      </div>
      <main id="content" className={`planner-body ${state.status === "cut" ? "dimmed" : ""}`}>
        <MapAndTable picture={picture} taxis={taxis} format={format} />
      </main>
    </div>
  );
}

function Answer({
  picture,
  taxis,
  format,
}: {
  picture: PictureSnapshot;
  taxis: number;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const text = words.planner.figures;
  const money = (minor: number | null) =>
    minor === null
      ? { value: NOT_YET }
      : { value: format.amount(minor), unit: format.unit, unitFirst: unitFirst(format) };
  const laid = picture.ridesToday + picture.refusedToday;
  const share = laid === 0 ? "0" : ((picture.refusedToday / laid) * 100).toFixed(1);
  const { subsidyToldMinor, subsidyToldRides, subsidyToldUpTo } = picture;
  const told = subsidyToldUpTo === null ? null : { rides: format.count(subsidyToldRides), upTo: subsidyToldUpTo };
  const perRide = told && Math.round(subsidyToldMinor / subsidyToldRides);
  return (
    <section className="answer" aria-label={words.pages.planner}>
      <div>
        <p className="scope">{words.planner.scope(format.day(picture.day))}</p>
        <h1>
          <Text>
            {picture.ridesToday === 0 ? words.planner.none : words.planner.sentence(format.count(picture.ridesToday))}
          </Text>
        </h1>
        <p className="second">
          <Text>
            {told
              ? words.planner.second(format.money(subsidyToldMinor), told.rides, format.count(taxis))
              : words.planner.secondWaiting(format.count(taxis))}
          </Text>
        </p>
      </div>
      <dl className="figures">
        <Figure
          word={text.rides}
          definition={text.ridesDefinition}
          value={format.count(picture.ridesToday)}
          unit={words.common.timesUnit}
          change={text.today}
        />
        <Figure
          word={text.subsidy}
          definition={text.subsidyDefinition}
          {...money(told && subsidyToldMinor)}
          change={told ? text.subsidyUpTo(format.time(told.upTo), told.rides) : text.subsidyWaiting}
        />
        <Figure word={text.perRide} definition={text.perRideDefinition} {...money(perRide)} change={text.rounded} />
        <Figure
          word={text.refused}
          definition={text.refusedDefinition}
          value={format.count(picture.refusedToday)}
          unit={words.common.casesUnit}
          change={text.refusedShare(share)}
        />
        <Figure
          word={text.total}
          definition={text.totalDefinition}
          value={format.count(picture.ridesTotal)}
          unit={words.common.timesUnit}
          change={text.ever}
        />
      </dl>
    </section>
  );
}

/** True when the unit stands before the number, as in `$12.50`. */
function unitFirst(format: CityFormat): boolean {
  return format.money(1).startsWith(format.unit);
}

function MapAndTable({
  picture,
  taxis,
  format,
}: {
  picture: PictureSnapshot | null;
  taxis: FreeTaxis["taxis"];
  format: CityFormat;
}): ReactNode {
  const { language, words } = useLanguage();
  const map = useCityMap(format.city.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const choose = useCallback((zoneId: string | null) => setChosen(zoneId), []);
  const pulses = useMemo(() => zonePulses(map.data?.zones ?? [], picture), [map.data, picture]);
  const span = pulseHour(picture);
  const hour = span ? words.planner.hour(format.time(span.from), format.time(span.to)) : words.planner.hourUnknown;
  const hours = span ? words.planner.span(format.time(span.from), format.time(span.to)) : words.planner.spanUnknown;
  /** The hours in which no zone may be shown; null while some may. */
  const quiet = allHidden(pulses, picture) ? hours : null;
  return (
    <>
      <div className="planner-map">
        {map.error ? (
          <p className="state">
            <Text>{words.planner.mapFailed}</Text>
          </p>
        ) : map.data ? (
          <ErrorFence fallback={<p className="state">{plain(words.planner.mapFailed)}</p>}>
            <Suspense fallback={<Loading what={words.planner.mapLoading} />}>
              <CityMap
                gazetteer={map.data.gazetteer}
                zones={map.data.zones}
                language={language}
                room="page"
                picture={picture}
                taxis={taxis}
                chosenZone={chosen}
                onZone={choose}
                label={words.planner.map(format.cityName)}
              >
                {(view, zoom) => (
                  <>
                    {view && <EdgeHints hints={view.hints} />}
                    <North />
                    {view && <Inset gazetteer={map.data.gazetteer} view={view.bounds} />}
                    <Legend hour={hour}>{quiet && <QuietHour span={quiet} />}</Legend>
                    <div className="map-tools">
                      <div className="map-zoom">
                        <button type="button" aria-label={words.planner.zoomIn} onClick={() => zoom(1)}>
                          ＋
                        </button>
                        <button type="button" aria-label={words.planner.zoomOut} onClick={() => zoom(-1)}>
                          −
                        </button>
                      </div>
                      {view && <Scale metresPerPixel={view.metresPerPixel} />}
                    </div>
                  </>
                )}
              </CityMap>
            </Suspense>
          </ErrorFence>
        ) : (
          <Loading what={words.planner.mapLoading} />
        )}
      </div>
      <ZoneTable
        pulses={pulses}
        chosen={chosen}
        onChoose={choose}
        hour={hour}
        quiet={quiet}
        sources={map.data?.gazetteer.attribution ?? []}
        format={format}
      />
    </>
  );
}
