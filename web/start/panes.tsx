import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { FreeTaxis, PictureSnapshot } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import { ErrorFence } from "../app/error-fence.tsx";
import { useLanguage } from "../app/language.tsx";
import { plain, Text } from "../app/text.tsx";
import { methodOf } from "../arithmetic/explain.ts";
import type { CompanyView } from "../live/feed-models.ts";
import { EdgeHints, ShortLegend } from "../map/overlays.tsx";
import { useCityMap } from "../map/use-city-map.ts";
import { OpenBeside } from "./open-screen.tsx";
import { Pane, ScreenPane } from "./pane.tsx";
import { paneRides } from "./pane-views.ts";
import "../map/city-map.css";

const CityMap = lazy(() => import("../map/city-map.tsx").then((map) => ({ default: map.CityMap })));
const CAB = { width: 1280, height: 800 };

/** The cab's own screen, made small: not a picture of it. */
export function CabPane({
  kioskUrl,
  connected,
  tag,
}: {
  kioskUrl: string | null;
  connected: boolean;
  tag: string | null;
}): ReactNode {
  const { words } = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(0);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (connected) setSeen(true);
  }, [connected]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setScale(Math.min(element.clientWidth / CAB.width, element.clientHeight / CAB.height)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <Pane
      name="cab"
      icon="card"
      title={words.start.cab}
      tag={tag}
      open={
        kioskUrl !== null && (
          <>
            <OpenBeside href={new URL("/control", kioskUrl).href} label={words.start.controlTitle}>
              {words.start.control}
            </OpenBeside>
            <OpenBeside href={kioskUrl} label={words.start.openScreen(words.start.cab)}>
              {words.start.open}
            </OpenBeside>
          </>
        )
      }
    >
      <div className="cab-frame" ref={frame}>
        {seen && kioskUrl !== null && scale > 0 ? (
          <div style={{ width: CAB.width * scale, height: CAB.height * scale }}>
            <iframe
              src={kioskUrl}
              title={words.start.cabTitle}
              width={CAB.width}
              height={CAB.height}
              style={{ transform: `scale(${scale})` }}
            />
          </div>
        ) : (
          <p className="pane-empty">
            <Text>{words.start.cabMissing}</Text>
          </p>
        )}
      </div>
    </Pane>
  );
}

/** The company's rides of today; the ride that was just made stands out. */
export function CompanyPane({
  view,
  tag,
  otherDay,
  format,
}: {
  view: CompanyView | null;
  tag: string | null;
  /** The tagged ride is in the ledger, but belongs to another day than today's list. */
  otherDay: boolean;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const text = words.company;
  const { ref, rows } = useRows();
  const elsewhere = otherDay && !view?.rides.some((ride) => ride.tag === tag);
  const rides = paneRides(view?.rides ?? [], tag, elsewhere ? rows - NOTE_ROWS : rows);
  const shown = rides.some((ride) => ride.tag === tag) ? tag : null;
  return (
    <ScreenPane
      name="company"
      title={view?.company.name}
      tag={shown}
      municipality={format.city.id}
      companyId={view?.company.id ?? null}
    >
      <div className="pane-measure" ref={ref} aria-hidden="true" />
      {view && (
        <p className="pane-line">
          <span>
            {text.today} <b>{format.count(view.totals.rides)}</b>
            {format.language === "en" ? " " : ""}
            {words.common.timesUnit}
          </span>
          <span>
            {text.subsidy} <b>{format.money(view.totals.fromCityMinor)}</b>
          </span>
        </p>
      )}
      {view && elsewhere && tag !== null && (
        <p className="pane-note" role="status">
          <Text>{words.start.otherDay(tag)}</Text>
        </p>
      )}
      {view && rides.length === 0 && (
        <p className="pane-empty">
          <Text>{words.start.companyEmpty}</Text>
        </p>
      )}
      {rides.length > 0 && (
        <table className="pane-rides">
          <thead>
            <tr>
              <th scope="col">{text.time}</th>
              <th scope="col">{text.vehicle}</th>
              <th scope="col" className="num">
                {text.meter}
              </th>
              <th scope="col" className="num">
                {text.city}
              </th>
              <th scope="col" className="num">
                {text.rider}
              </th>
              <th scope="col" className="method">
                {text.method}
              </th>
            </tr>
          </thead>
          <tbody>
            {rides.map((ride) => {
              const method = methodOf(ride, words);
              return (
                <tr key={ride.rideKey} data-new={ride.tag === tag}>
                  <td>{format.time(ride.boardedAt)}</td>
                  <td>{ride.vehicleLabel}</td>
                  <td className="num">{format.amount(ride.fareMinor)}</td>
                  <td className="num paid">{format.amount(ride.fromCityMinor)}</td>
                  <td className="num">{format.amount(ride.paidMinor)}</td>
                  <td className={method.attention ? "method attention-text" : "method"}>
                    {method.attention ? "▲ " : ""}
                    {method.text}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </ScreenPane>
  );
}

const HEAD_PX = 96;
const ROW_PX = 34;
/** Rows that give way to a note of two lines. */
const NOTE_ROWS = 2;

/** How many rides fit under the pane's first line. */
function useRows() {
  const ref = useRef<HTMLDivElement>(null);
  const [rows, setRows] = useState(5);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setRows(Math.max(4, Math.floor((element.clientHeight - HEAD_PX) / ROW_PX))),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, rows };
}

/** The planner's map: free taxis and pulses by area, never the ride that was just made. */
export function MapPane({
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
  const later = useLater();
  const note = picture ? words.start.mapSummary(format.count(picture.ridesToday), format.count(taxis.length)) : null;
  return (
    <ScreenPane name="map" note={note} municipality={format.city.id}>
      {later && map.data && (
        <ErrorFence fallback={<p className="pane-empty">{plain(words.planner.mapFailed)}</p>}>
          <Suspense fallback={null}>
            <CityMap
              gazetteer={map.data.gazetteer}
              zones={map.data.zones}
              language={language}
              room="pane"
              picture={picture}
              taxis={taxis}
              chosenZone={null}
              label={words.planner.map(format.cityName)}
            >
              {(view) => (
                <>
                  {view && <EdgeHints hints={view.hints} />}
                  <ShortLegend />
                </>
              )}
            </CityMap>
          </Suspense>
        </ErrorFence>
      )}
    </ScreenPane>
  );
}

/** True a moment after the first paint: the map must not hold up what people came for. */
function useLater(): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return later;
}
