import { type ReactNode, useState, useSyncExternalStore } from "react";
import {
  DEMO_PEOPLE,
  type DemoCommand,
  type DemoPerson,
  type DemoState,
  type InProcessReason,
} from "#protocol/demo/control.ts";
import { Icon } from "#ui/components/icon.tsx";
import type { IconName } from "#ui/components/icon-shapes.tsx";
import { Key } from "#ui/components/key.tsx";
import { groups } from "#ui/format/count.ts";
import { formatMoney } from "#ui/format/money.ts";
import { staffDate, staffTime } from "#ui/format/time.ts";
import type { CabLink, CabState } from "./cab-link.ts";
import { type ControlLanguage, PEOPLE_WORDS, REASON_WORDS, STEP_WORDS, WORDS } from "./control-words.ts";
import { MeterPanel } from "./meter-panel.tsx";

const PEOPLE_ICONS: Readonly<Record<DemoPerson, IconName>> = {
  "all-well": "check",
  "with-friend": "people",
  "two-left": "ticket",
  "renewed-card": "card",
  "not-registered": "document",
  evening: "clock",
};

/** The whole control page. */
export function ControlPage({ link }: { link: CabLink }): ReactNode {
  const state = useSyncExternalStore(link.subscribe, link.state);
  const [language, setLanguage] = useState<ControlLanguage>(navigator.language.startsWith("ja") ? "ja" : "en");
  const [fault, setFault] = useState<string | null>(null);
  const send = async (command: DemoCommand): Promise<void> => setFault(await link.command(command));
  const word = (name: keyof typeof WORDS): string => WORDS[name][language];
  return (
    <main className="control" lang={language}>
      <header>
        <div>
          <h1>{word("title")}</h1>
          <p>{word("lead")}</p>
        </div>
        <a className="key" href="/" target="_blank" rel="noreferrer">
          {word("kiosk")}
        </a>
        <Key lang={language === "ja" ? "en" : "ja"} onClick={() => setLanguage(language === "ja" ? "en" : "ja")}>
          {word("other")}
        </Key>
      </header>
      <p className="control-notice" role="status">
        {!state.connected && (
          <>
            <Icon name="no-signal" />
            {word(state.demo ? "lost" : "connecting")}
          </>
        )}
        {state.connected && fault !== null && (
          <>
            <Icon name="warning" />
            {word("refused")} {fault}
          </>
        )}
      </p>
      {state.demo && <Panels demo={state.demo} state={state} language={language} send={send} />}
    </main>
  );
}

interface PanelProps {
  readonly demo: DemoState;
  readonly state: CabState;
  readonly language: ControlLanguage;
  readonly send: (command: DemoCommand) => Promise<void>;
}

function Panels({ demo, state, language, send }: PanelProps): ReactNode {
  return (
    <div className="panels">
      <CardPanel demo={demo} state={state} language={language} send={send} />
      <MeterPanel meter={demo.meter} city={state.city} language={language} send={send} />
      <RidePanel demo={demo} state={state} language={language} send={send} />
      <JournalPanel demo={demo} state={state} language={language} send={send} />
    </div>
  );
}

function CardPanel({ demo, language, send }: PanelProps): ReactNode {
  const { laid } = demo;
  return (
    <section aria-labelledby="card">
      <h2 id="card">{WORDS.card[language]}</h2>
      <p>{laid ? `${PEOPLE_WORDS[laid][language]}: ${WORDS.laid[language]}` : WORDS.cardLead[language]}</p>
      <div className="people">
        {DEMO_PEOPLE.map((person) => (
          <Key key={person} pressed={laid === person} onClick={() => send({ kind: "lay", person })}>
            <Icon name={PEOPLE_ICONS[person]} />
            {PEOPLE_WORDS[person][language]}
          </Key>
        ))}
      </div>
      <Key kind="primary" disabled={laid === null} onClick={() => send({ kind: "lift" })}>
        {laid ? WORDS.lift[language] : WORDS.nothingLaid[language]}
      </Key>
    </section>
  );
}

function RidePanel({ demo, language, send }: PanelProps): ReactNode {
  const { script, network } = demo;
  return (
    <section aria-labelledby="ride">
      <h2 id="ride">{WORDS.ride[language]}</h2>
      <p aria-live="polite">
        {script
          ? `${WORDS.riding[language]}: ${PEOPLE_WORDS[script.person][language]}, ${STEP_WORDS[script.step][language]}`
          : WORDS.rideLead[language]}
      </p>
      <div className="people">
        {DEMO_PEOPLE.map((person) => (
          <Key
            key={person}
            pressed={script?.person === person}
            disabled={script !== null}
            onClick={() => send({ kind: "ride", person })}
          >
            <Icon name="car" />
            {PEOPLE_WORDS[person][language]}
          </Key>
        ))}
      </div>
      <h2>{WORDS.network[language]}</h2>
      <p className="network" aria-live="polite">
        <Icon name={network === "up" ? "signal" : "no-signal"} />
        {WORDS[network === "up" ? "up" : "down"][language]}
      </p>
      <Key onClick={() => send({ kind: "network", network: network === "up" ? "cut" : "up" })}>
        {WORDS[network === "up" ? "cut" : "restore"][language]}
      </Key>
    </section>
  );
}

function JournalPanel({ demo, state, language }: PanelProps): ReactNode {
  const { journal, lastRide, history, door } = demo;
  const { city } = state;
  const money = city ? formatMoney(journal.subsidyMinor, city, language) : groups(journal.subsidyMinor);
  const rows: readonly (readonly [string, string])[] = [
    [WORDS.confirmed[language], groups(journal.confirmed)],
    [WORDS.answered[language], groups(journal.answered)],
    [WORDS.waiting[language], groups(journal.waiting)],
    [WORDS.subsidy[language], money],
  ];
  return (
    <section aria-labelledby="journal">
      <h2 id="journal">{WORDS.journal[language]}</h2>
      <dl className="counts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {lastRide && (
        <p>
          {WORDS.lastRide[language]} <strong>{lastRide.tag}</strong>:{" "}
          {WORDS[lastRide.synced ? "synced" : "notSynced"][language]}
        </p>
      )}
      {!history.finished && (
        <p>
          {WORDS.history[language]}: {groups(history.done)} / {groups(history.total)}
          <progress value={history.done} max={Math.max(1, history.total)} aria-label={WORDS.history[language]} />
        </p>
      )}
      <p>
        {WORDS.door[language]}: {WORDS[door.technology][language]}
        {door.reason && ` (${reasonText(door.reason, language)})`}
      </p>
      {city && (
        <p>
          {WORDS.clock[language]}: {staffDate(demo.now, city, language)} {staffTime(demo.now, city)}
        </p>
      )}
    </section>
  );
}

function reasonText({ code, detail }: InProcessReason, language: ControlLanguage): string {
  const reason = REASON_WORDS[code][language];
  return detail === null ? reason : `${reason}: ${detail}`;
}
