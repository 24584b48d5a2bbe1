import { type ReactNode, useState } from "react";
import type { DemoCommand, DemoState } from "#protocol/demo/control.ts";
import type { KioskView } from "#protocol/kiosk/view.ts";
import { Key } from "#ui/components/key.tsx";
import { formatMoney } from "#ui/format/money.ts";
import { type ControlLanguage, METER_WORDS, WORDS } from "./control-words.ts";
import { fareMinorOf } from "./typed-fare.ts";

const STATES = ["vacant", "pickup", "hired", "premium", "paying", "off"] as const;
/** States in which a fare stands on the meter. */
const WITH_FARE: readonly DemoState["meter"]["state"][] = ["hired", "premium", "paying"];
/** Fares worth trying (minor units): below the cap, above it, far above it. */
const FARES = [740, 1070, 1960, 2800, 12_340];

/** The meter by hand: its states, and the fare it shows. */
export function MeterPanel({
  meter,
  city,
  language,
  send,
}: {
  meter: DemoState["meter"];
  city: KioskView["city"] | null;
  language: ControlLanguage;
  send: (command: DemoCommand) => Promise<void>;
}): ReactNode {
  const [typed, setTyped] = useState("");
  const [chosenMinor, setChosenMinor] = useState(FARES[1] ?? 0);
  const digits = city?.currencyMinorDigits ?? 0;
  const fareMinor = fareMinorOf(typed, digits) ?? chosenMinor;
  const money = (amountMinor: number): string =>
    city ? formatMoney(amountMinor, city, language) : String(amountMinor);
  return (
    <section aria-labelledby="meter">
      <h2 id="meter">{WORDS.meter[language]}</h2>
      <p>
        {METER_WORDS[meter.state][language]}
        {WITH_FARE.includes(meter.state) && ` ${money(meter.fareMinor)}`}
      </p>
      <div className="states">
        {STATES.map((state) => (
          <Key
            key={state}
            pressed={meter.state === state}
            onClick={() => send({ kind: "meter", state, fareMinor: WITH_FARE.includes(state) ? fareMinor : 0 })}
          >
            {METER_WORDS[state][language]}
          </Key>
        ))}
      </div>
      <fieldset>
        <legend>{WORDS.fare[language]}</legend>
        <div className="fares">
          {FARES.map((amountMinor) => (
            <Key
              key={amountMinor}
              pressed={fareMinor === amountMinor}
              onClick={() => {
                setTyped("");
                setChosenMinor(amountMinor);
              }}
            >
              {money(amountMinor)}
            </Key>
          ))}
          <input
            aria-label={WORDS.fare[language]}
            inputMode="decimal"
            value={typed}
            placeholder={money(fareMinor)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      </fieldset>
    </section>
  );
}
