import { type ReactNode, useEffect, useRef, useState } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { Key } from "#ui/components/key.tsx";
import { type DriverTexts, StripWords } from "./driver-texts.tsx";
import { amountOf, EMPTY_ENTRY, type FareKey, pressFareKey } from "./fare-entry.ts";

const DIGITS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "00"];

/** The driver types the meter's fare, twice. Stands over the passenger's zone while the car stands. */
export function FareKeypad({
  texts,
  agreed,
  close,
}: {
  texts: DriverTexts;
  /** Called with the amount (minor units) once both entries agree. */
  agreed: (fareMinor: number) => void;
  close: () => void;
}): ReactNode {
  const [entry, setEntry] = useState(EMPTY_ENTRY);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const press = (key: FareKey): void => {
    const next = pressFareKey(entry, key);
    setEntry(next.entry);
    if (next.agreedMinor !== null) agreed(next.agreedMinor);
  };
  const prompt = entry.differed ? "fareDiffers" : entry.stage === "first" ? "fareFirst" : "fareAgain";
  return (
    <section
      className="keypad"
      lang={texts.language}
      aria-label={texts.plain({ word: "keypadTitle" })}
      ref={panel}
      tabIndex={-1}
      onKeyDown={(event) => {
        const key = fareKeyOf(event.key);
        if (event.key === "Escape") close();
        // Enter and space on a key of the screen press that key.
        if (!key || (key.kind === "enter" && event.target !== panel.current)) return;
        event.preventDefault();
        press(key);
      }}
    >
      <div className="keypad-entry">
        <h1 className={`keypad-prompt ${entry.differed ? "keypad-differed" : ""}`} aria-live="assertive">
          {entry.differed && <Icon name="warning" />}
          <StripWords text={{ word: prompt }} texts={texts} />
        </h1>
        <p className="keypad-amount" aria-live="polite">
          <Amount amountMinor={amountOf(entry)} currency={texts.city} language={texts.language} />
        </p>
        <Key className="cab-key" onClick={close}>
          <Icon name="back" />
          <StripWords text={{ word: "stopEntry" }} texts={texts} />
        </Key>
      </div>
      <div className="keypad-keys">
        {DIGITS.map((digits) => (
          <Key key={digits} onClick={() => press({ kind: "digits", digits })}>
            {digits}
          </Key>
        ))}
        <Key onClick={() => press({ kind: "erase" })}>
          <StripWords text={{ word: "erase" }} texts={texts} />
        </Key>
        <Key kind="primary" className="keypad-enter" onClick={() => press({ kind: "enter" })}>
          <StripWords text={{ word: entry.stage === "first" ? "next" : "enter" }} texts={texts} />
        </Key>
      </div>
    </section>
  );
}

function fareKeyOf(key: string): FareKey | null {
  if (/^\d$/u.test(key)) return { kind: "digits", digits: key };
  if (key === "Backspace" || key === "Delete") return { kind: "erase" };
  return key === "Enter" ? { kind: "enter" } : null;
}
