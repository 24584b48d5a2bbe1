import { type ReactNode, useEffect, useState } from "react";
import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { Status } from "#ui/components/status.tsx";
import { type DriverTexts, StripWords } from "./driver-texts.tsx";
import { type Strip, type StripFrame, type StripKey, stripOf } from "./strip-model.ts";

/** The driver's strip: next act in the same corner, the amount to collect, then meter, card and signal. */
export function DriverStrip({
  view,
  texts,
  clock,
  connected,
  send,
  enterFare,
}: {
  view: KioskView;
  texts: DriverTexts;
  /** The agent's clock (epoch ms). */
  clock: () => number;
  connected: boolean;
  send: (intent: KioskIntent) => void;
  enterFare: () => void;
}): ReactNode {
  const nowMs = useTicking(clock, view.undoUntil !== null);
  const [asking, setAsking] = useState<{ key: StripKey; revision: number } | null>(null);
  const strip = stripOf(view, { nowMs, connected });
  // A question belongs to the state it was asked in: any other state takes it away.
  const asked = asking && strip.keys.some((key) => key.id === asking.key.id) ? asking.key : null;
  const press = (key: StripKey): void => {
    setAsking(null);
    if (key.press.kind === "enter-fare") enterFare();
    else send(key.press.intent);
  };
  return (
    <section className="strip" lang={texts.language} aria-label={texts.language === "ja" ? "運転者" : "Driver"}>
      {asked?.confirm ? (
        <Question words={asked.confirm} texts={texts} yes={() => press(asked)} no={() => setAsking(null)} />
      ) : (
        <>
          {strip.frame && <Frame frame={strip.frame} texts={texts} />}
          {strip.keys.map((key) => (
            <StripKeyButton
              key={key.id}
              stripKey={key}
              texts={texts}
              press={() => (key.confirm ? setAsking({ key, revision: view.revision }) : press(key))}
            />
          ))}
          <Collect collect={strip.collect} texts={texts} />
        </>
      )}
      <ul className="strip-statuses">
        {strip.statuses.map((status) => (
          <li key={status.icon}>
            <Status
              icon={status.icon}
              word={<StripWords text={status.word} texts={texts} />}
              value={<StripWords text={status.value} texts={texts} />}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function StripKeyButton({
  stripKey: key,
  texts,
  press,
}: {
  stripKey: StripKey;
  texts: DriverTexts;
  press: () => void;
}): ReactNode {
  const corner = key.id === "next" || key.id.startsWith("uses-");
  return (
    <button type="button" className={`act act-${key.kind} ${corner ? "" : "act-second"}`} onClick={press}>
      {key.icon && <Icon name={key.icon} />}
      <span>
        <StripWords text={key.label} texts={texts} />
        {key.note && (
          <small>
            <StripWords text={key.note} texts={texts} />
          </small>
        )}
      </span>
    </button>
  );
}

function Frame({ frame, texts }: { frame: StripFrame; texts: DriverTexts }): ReactNode {
  return (
    <div className="act act-frame">
      {frame.locked && <Icon name="lock" />}
      <span>
        <StripWords text={{ word: frame.label }} texts={texts} />
        <small>
          <StripWords text={{ word: frame.note }} texts={texts} />
        </small>
      </span>
    </div>
  );
}

function Collect({ collect, texts }: { collect: Strip["collect"]; texts: DriverTexts }): ReactNode {
  if (collect === null) return <div className="collect" />;
  return (
    <div className="collect">
      <p>
        <StripWords text={{ word: collect.kind === "money" ? "collect" : "ridersUsing" }} texts={texts} />
      </p>
      <p className="collect-number">
        {collect.kind === "money" ? (
          <Amount amountMinor={collect.amountMinor} currency={texts.city} language={texts.language} />
        ) : (
          <span className="amount">
            {collect.people}
            <span className="amount-unit">{texts.plain({ word: "people" })}</span>
          </span>
        )}
      </p>
    </div>
  );
}

function Question({
  words,
  texts,
  yes,
  no,
}: {
  words: NonNullable<StripKey["confirm"]>;
  texts: DriverTexts;
  yes: () => void;
  no: () => void;
}): ReactNode {
  return (
    <>
      {/* Where the next act stood is the harmless answer: a second press in the same corner changes nothing. */}
      <button type="button" className="act act-plain" onClick={no}>
        <StripWords text={{ word: "no" }} texts={texts} />
      </button>
      <p className="question" role="alert">
        <StripWords text={{ word: words }} texts={texts} />
      </p>
      <button type="button" className="act act-call act-second" onClick={yes}>
        <StripWords text={{ word: "yes" }} texts={texts} />
      </button>
    </>
  );
}

/** The clock, read again every second while something counts down. */
function useTicking(clock: () => number, ticking: boolean): number {
  const [nowMs, setNowMs] = useState(clock);
  useEffect(() => {
    setNowMs(clock());
    if (!ticking) return;
    const timer = setInterval(() => setNowMs(clock()), 1000);
    return () => clearInterval(timer);
  }, [clock, ticking]);
  return nowMs;
}
