import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { RideLine, Totals } from "#protocol/stream/events.ts";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { methodOf } from "../arithmetic/explain.ts";
import { differenceText, differs, shownText } from "./difference.ts";
import { lineWindow } from "./line-window.ts";
import { discountOf } from "./ride-line.ts";

const ROW_PX = 36;
const COLUMNS = 9;
/** More is asked for when this many rows are left below. */
const AHEAD_ROWS = 30;

interface RideLinesProps {
  readonly rides: readonly RideLine[];
  readonly totals: Totals;
  readonly chosen: string | null;
  readonly onChoose: (rideKey: string) => void;
  /** Called when the end of the loaded lines comes near; null when all are there. */
  readonly onMore: (() => void) | null;
  readonly format: CityFormat;
}

/** A row of the list: a ride, or what its passenger was shown instead of the decision. All rows are equally high. */
interface Row {
  readonly ride: RideLine;
  readonly isNote: boolean;
}

function rowsOf(rides: readonly RideLine[]): readonly Row[] {
  return rides.flatMap((ride) => {
    const line = { ride, isNote: false };
    return differs(ride) ? [line, { ride, isNote: true }] : [line];
  });
}

/** A company's rides, newest first. Only the visible rows exist, however long the day was. */
export function RideLines({ rides, totals, chosen, onChoose, onMore, format }: RideLinesProps): ReactNode {
  const { words } = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ topPx: 0, heightPx: 600 });
  const rows = useMemo(() => rowsOf(rides), [rides]);
  const drawn = useRef(rows);
  const focusNext = useRef<string | null>(null);
  const part = lineWindow(rows.length, { ...view, rowPx: ROW_PX });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView({ topPx: element.scrollTop, heightPx: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, []);

  // A row that arrives above must not push what someone is reading further down.
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = drawn.current;
    drawn.current = rows;
    if (!element || element.scrollTop < ROW_PX) return;
    const wasAt = Math.min(Math.floor(element.scrollTop / ROW_PX), before.length - 1);
    const isAt = rows.findIndex((row) => row.ride.rideKey === before[wasAt]?.ride.rideKey);
    const first = before.findIndex((row) => row.ride.rideKey === before[wasAt]?.ride.rideKey);
    if (isAt >= 0 && isAt !== first) element.scrollTop += (isAt - first) * ROW_PX;
  }, [rows]);

  useEffect(() => {
    if (onMore && part.to + AHEAD_ROWS >= rows.length) onMore();
  }, [onMore, part.to, rows.length]);

  useEffect(() => {
    const key = focusNext.current;
    if (key === null) return;
    const button = scroller.current?.querySelector<HTMLButtonElement>(`button[data-ride="${CSS.escape(key)}"]`);
    if (button) {
      focusNext.current = null;
      button.focus({ preventScroll: true });
    }
  });

  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const now = rides.findIndex((ride) => ride.rideKey === chosen);
    const next = rides[Math.max(0, Math.min(rides.length - 1, now + step))];
    const element = scroller.current;
    if (!next || !element) return;
    const at = rows.findIndex((row) => row.ride === next) * ROW_PX;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + ROW_PX * 3 > element.scrollTop + element.clientHeight) {
      element.scrollTop = at + ROW_PX * 3 - element.clientHeight;
    }
    focusNext.current = next.rideKey;
    onChoose(next.rideKey);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
    <div
      className="lines"
      ref={scroller}
      onScroll={(event) =>
        setView({ topPx: event.currentTarget.scrollTop, heightPx: event.currentTarget.clientHeight })
      }
      onKeyDown={move}
    >
      <table aria-label={words.company.list} aria-rowcount={rows.length + 1}>
        <LineHead />
        <tbody>
          {part.beforePx > 0 && <Gap px={part.beforePx} />}
          {rows.slice(part.from, part.to).map(({ ride, isNote }, index) => {
            const Shown = isNote ? Note : Line;
            return (
              <Shown
                key={isNote ? `${ride.rideKey} note` : ride.rideKey}
                ride={ride}
                row={part.from + index + 2}
                chosen={ride.rideKey === chosen}
                onChoose={onChoose}
                format={format}
              />
            );
          })}
          {part.afterPx > 0 && <Gap px={part.afterPx} />}
        </tbody>
        <LineFoot totals={totals} shown={rides.length} format={format} />
      </table>
    </div>
  );
}

function LineHead(): ReactNode {
  const { words } = useLanguage();
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">{words.company.time}</th>
        <th scope="col">{words.company.vehicle}</th>
        <th scope="col" className="num wide">
          {words.arithmetic.components.METER}
        </th>
        <th scope="col" className="num wide">
          {words.company.discount}
        </th>
        <th scope="col" className="num">
          {words.company.meter}
        </th>
        <th scope="col" className="num">
          {words.company.city}
        </th>
        <th scope="col" className="num">
          {words.company.rider}
        </th>
        <th scope="col" className="method">
          {words.company.method}
        </th>
        <th scope="col" className="wide">
          {words.company.tag}
        </th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly ride: RideLine;
  readonly row: number;
  readonly chosen: boolean;
  readonly onChoose: (rideKey: string) => void;
  readonly format: CityFormat;
}

function Line({ ride, row, chosen, onChoose, format }: RowProps): ReactNode {
  const { words } = useLanguage();
  const method = methodOf(ride, words);
  const discount = discountOf(ride);
  const time = format.time(ride.boardedAt);
  return (
    <tr
      aria-rowindex={row}
      className={ride.reversed ? "reversed" : differs(ride) ? "noted" : ""}
      data-chosen={chosen}
      onClick={() => onChoose(ride.rideKey)}
    >
      <td>
        <button
          type="button"
          data-ride={ride.rideKey}
          aria-pressed={chosen}
          aria-label={words.company.open(time, ride.vehicleLabel, ride.tag)}
        >
          {time}
        </button>
      </td>
      <td>{ride.vehicleLabel}</td>
      <td className="num wide quiet">{format.amount(ride.fareMinor + discount)}</td>
      <td className="num wide quiet">{discount === 0 ? "" : `−${format.amount(discount)}`}</td>
      <td className="num">{format.amount(ride.fareMinor)}</td>
      <td className="num paid">{format.amount(ride.fromCityMinor)}</td>
      <td className="num">{format.amount(ride.paidMinor)}</td>
      <td className="method">
        {method.attention ? <span className="word attention">▲ {method.text}</span> : method.text}
      </td>
      <td className="wide quiet">{ride.tag}</td>
    </tr>
  );
}

/** Under a ride whose passenger was shown something else than the decision. */
function Note({ ride, row, chosen, onChoose, format }: RowProps): ReactNode {
  const { words } = useLanguage();
  return (
    <tr aria-rowindex={row} className="note" data-chosen={chosen} onClick={() => onChoose(ride.rideKey)}>
      <td colSpan={COLUMNS} className="quiet">
        <span>{shownText(ride, words, format)}</span> <span>{differenceText(ride, words, format)}</span>
      </td>
    </tr>
  );
}

function LineFoot({ totals, shown, format }: { totals: Totals; shown: number; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const all = totals.rides + totals.refused + totals.reversed;
  const difference = differenceText(totals, words, format);
  return (
    <tfoot className={difference === "" ? "" : "noted"}>
      <tr>
        <th scope="row" colSpan={2}>
          <strong>{words.company.total(format.count(all))}</strong>
        </th>
        <td className="num wide" />
        <td className="num wide" />
        <td className="num">{format.amount(totals.fareMinor)}</td>
        <td className="num paid">{format.amount(totals.fromCityMinor)}</td>
        <td className="num">{format.amount(totals.paidMinor)}</td>
        <td className="method quiet">{format.unit}</td>
        <td className="wide quiet">{shown < all ? words.company.shown(format.count(shown), format.count(all)) : ""}</td>
      </tr>
      {difference !== "" && (
        <tr className="note">
          <td colSpan={COLUMNS} className="quiet">
            {difference}
          </td>
        </tr>
      )}
    </tfoot>
  );
}

function Gap({ px }: { px: number }): ReactNode {
  return (
    <tr className="gap">
      <td colSpan={COLUMNS} style={{ height: px }} />
    </tr>
  );
}
