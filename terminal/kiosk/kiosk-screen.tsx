import { type ReactNode, useMemo, useState } from "react";
import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import { htmlLang, type Language } from "#ui/language.ts";
import { runningText } from "#ui/messages/message.ts";
import { driverTextsOf } from "./driver/driver-texts.tsx";
import { FareKeypad } from "./driver/fare-keypad.tsx";
import { DriverStrip } from "./driver/strip.tsx";
import { typesFare } from "./driver/strip-model.ts";
import { footLines, lostLines } from "./passenger/foot-lines.ts";
import { PassengerZone } from "./passenger/passenger-zone.tsx";
import { screenOf } from "./passenger/screen-model.ts";
import { textsOf } from "./passenger/texts.ts";

/** The whole tablet for one view: the passenger's zone above, the driver's strip below. */
export function KioskScreen({
  view,
  language,
  connected,
  clock,
  send,
  again,
  chooseLanguage,
}: {
  view: KioskView;
  language: Language;
  connected: boolean;
  /** The agent's clock (epoch ms). */
  clock: () => number;
  send: (intent: KioskIntent) => void;
  /** もう一度: says the sentence again, with the reason of a refusal. */
  again: () => void;
  chooseLanguage: (language: Language) => void;
}): ReactNode {
  const texts = useMemo(() => textsOf(language, view.city), [language, view.city]);
  const driverTexts = useMemo(() => driverTextsOf(view.city), [view.city]);
  const [entering, setEntering] = useState(false);
  const mayEnter = entering && typesFare(view) && !view.moving && connected && view.amounts === null;
  if (entering && !mayEnter) setEntering(false);
  const said = texts.message(view.message);
  return (
    <main className={`kiosk ${view.night ? "night" : ""}`} lang={htmlLang(language)} data-phase={view.phase}>
      {mayEnter ? (
        <FareKeypad
          texts={driverTexts}
          close={() => setEntering(false)}
          agreed={(fareMinor) => {
            setEntering(false);
            send({ kind: "keypad-fare", fareMinor, repeatedFareMinor: fareMinor });
          }}
        />
      ) : (
        <PassengerZone
          screen={screenOf(view, texts)}
          foot={connected ? footLines(view, texts) : lostLines(view, texts)}
          texts={texts}
          acts={{ again, language: chooseLanguage, choose: (uses) => send({ kind: "choose-uses", uses }) }}
          announcement={runningText([...said.sentences, ...said.added], language)}
          lost={!connected}
        />
      )}
      <DriverStrip
        view={view}
        texts={driverTexts}
        clock={clock}
        connected={connected}
        send={send}
        enterFare={() => setEntering(true)}
      />
    </main>
  );
}
