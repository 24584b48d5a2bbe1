import { type ReactNode, useState } from "react";
import { DEMO_PEOPLE, type DemoCommand, type DemoPerson } from "#protocol/demo/control.ts";
import { Icon } from "#ui/components/icon.tsx";
import type { IconName } from "#ui/components/icon-shapes.tsx";
import { Key } from "#ui/components/key.tsx";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { Text } from "../app/text.tsx";
import type { DemoCab } from "./demo-cab.ts";
import { type SignalStep, signalStep } from "./signal-step.ts";
import type { TallyView } from "./tally.ts";

const PERSON_ICONS: Readonly<Record<DemoPerson, IconName>> = {
  "all-well": "check",
  "with-friend": "people",
  "two-left": "ticket",
  "renewed-card": "card",
  "not-registered": "document",
  evening: "clock",
};

/** The steps of the first two minutes. One of them is filled: the next one. */
export function Steps({
  cab,
  tally,
  format,
}: {
  cab: DemoCab;
  tally: TallyView | null;
  format: CityFormat;
}): ReactNode {
  const { words } = useLanguage();
  const [person, setPerson] = useState<DemoPerson>("all-well");
  const [laid, setLaid] = useState<DemoPerson | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [started, setStarted] = useState(false);
  const [busy, setBusy] = useState<"lay" | "signal" | null>(null);
  const step = signalStep(cab.state, started, busy === "signal");
  const ready = cab.connected && cab.state !== null;
  const idle = ready && cab.state?.script === null && busy === null;

  const send = async (what: "lay" | "signal", commands: readonly DemoCommand[]): Promise<void> => {
    setProblem(null);
    setBusy(what);
    try {
      for (const command of commands) {
        const reply = await cab.command(command);
        if (!reply.ok) {
          setProblem(words.start.failed);
          return;
        }
      }
    } finally {
      setBusy(null);
    }
  };
  const lay = (): void => {
    setLaid(person);
    void send("lay", [{ kind: "ride", person }]);
  };
  const cut = (): void => {
    setStarted(true);
    setLaid(another(person, laid));
    void send("signal", [
      { kind: "network", network: "cut" },
      { kind: "ride", person: another(person, laid) },
    ]);
  };
  const restore = (): void => {
    setStarted(true);
    void send("signal", [{ kind: "network", network: "up" }]);
  };
  return (
    <section className="steps" aria-label={words.start.steps}>
      <LayCard
        person={person}
        onPerson={setPerson}
        doing={step === "ready" || step === "done" ? (cab.state?.script?.step ?? null) : null}
        enabled={idle && cab.state?.network === "up"}
        filled={step !== "offline"}
        onLay={lay}
      />
      <Signal
        step={step}
        enabled={idle}
        waiting={format.count(cab.state?.journal.waiting ?? 0)}
        onCut={cut}
        onRestore={restore}
      />
      {tally !== null && step !== "ready" && <Totals tally={tally} format={format} />}
      {problem !== null && (
        <p className="problem" role="alert">
          ▲ <Text>{problem}</Text>
        </p>
      )}
      {!ready && (
        <p className="problem" role="status">
          <Text>{words.start.noCab}</Text>
        </p>
      )}
    </section>
  );
}

/** Somebody for the second ride who has not just paid: the cab takes a card it has just counted for a mistake. */
function another(chosen: DemoPerson, laid: DemoPerson | null): DemoPerson {
  if (chosen !== laid) return chosen;
  return chosen === "renewed-card" ? "all-well" : "renewed-card";
}

function LayCard({
  person,
  onPerson,
  doing,
  enabled,
  filled,
  onLay,
}: {
  person: DemoPerson;
  onPerson: (person: DemoPerson) => void;
  doing: "laying" | "driving" | "paying" | "lifting" | null;
  enabled: boolean;
  filled: boolean;
  onLay: () => void;
}): ReactNode {
  const { words } = useLanguage();
  return (
    <div className="first">
      <h2>
        <span className="no">1</span>
        {words.start.step1}
        <small>{words.start.who}</small>
      </h2>
      <fieldset className="people" aria-label={words.start.who}>
        {DEMO_PEOPLE.map((each) => (
          <button key={each} type="button" aria-pressed={person === each} onClick={() => onPerson(each)}>
            <Icon name={PERSON_ICONS[each]} />
            <Text>{words.start.people[each]}</Text>
          </button>
        ))}
      </fieldset>
      <Key kind={filled ? "primary" : "plain"} className="go" disabled={!enabled} onClick={onLay}>
        <Icon name="card" />
        <span aria-live="polite">{doing === null ? words.start.lay : words.start.script[doing]}</span>
      </Key>
    </div>
  );
}

function Signal({
  step,
  enabled,
  waiting,
  onCut,
  onRestore,
}: {
  step: SignalStep;
  enabled: boolean;
  waiting: string;
  onCut: () => void;
  onRestore: () => void;
}): ReactNode {
  const { words } = useLanguage();
  const text = words.start;
  const [title, note]: [string, string] =
    step === "ready"
      ? [text.step2, text.step2Text]
      : step === "cutting"
        ? [text.step2, text.step2Cutting]
        : step === "offline"
          ? [text.step2Restore, text.step2RestoreText(waiting)]
          : step === "syncing"
            ? [text.step2Restore, text.step2Syncing]
            : [text.step2Again, text.step2Done];
  return (
    <button
      type="button"
      className={`step ${step === "offline" ? "now" : ""}`}
      disabled={!enabled || step === "cutting" || step === "syncing"}
      onClick={step === "offline" ? onRestore : onCut}
    >
      <span className="no">2</span>
      <span>
        <b>
          <Text>{title}</Text>
        </b>
        <small aria-live="polite">
          {step === "done" ? "✓ " : ""}
          <Text>{note}</Text>
        </small>
      </span>
      <Icon name={step === "done" || step === "ready" || step === "syncing" ? "signal" : "no-signal"} />
    </button>
  );
}

/** The cab's journal and the ledger side by side: the same rides, the same money. */
function Totals({ tally, format }: { tally: TallyView; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  const text = words.start.totals;
  const difference = {
    rides: tally.journal.rides - tally.ledger.rides,
    subsidyMinor: tally.journal.subsidyMinor - tally.ledger.subsidyMinor,
  };
  return (
    <table className="totals" data-agree={tally.agree}>
      <caption>{text.caption}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" className="num">
            {text.rides}
          </th>
          <th scope="col" className="num">
            {text.subsidy}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{text.journal}</th>
          <td className="num">{format.count(tally.journal.rides)}</td>
          <td className="num">{format.money(tally.journal.subsidyMinor)}</td>
        </tr>
        <tr>
          <th scope="row">{text.ledger}</th>
          <td className="num">{format.count(tally.ledger.rides)}</td>
          <td className="num">{format.money(tally.ledger.subsidyMinor)}</td>
        </tr>
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{tally.waiting > 0 ? text.waiting : text.difference}</th>
          <td className="num">{format.count(difference.rides)}</td>
          <td className="num">
            {format.money(difference.subsidyMinor)} {tally.agree ? "✓" : ""}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
