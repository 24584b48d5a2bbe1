import type { ReactNode } from "react";
import { Icon } from "#ui/components/icon.tsx";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import { DayBand } from "../drawings/day-band.tsx";
import { OutsideArea, PlainCard, UsedTickets } from "../drawings/figures.tsx";
import { HeroNumber } from "./hero-number.tsx";
import type { Figure, Screen } from "./screen.ts";
import { Mark } from "./screen-picture.tsx";
import type { Texts } from "./texts.ts";

/** A refusal: the sentence, the picture that explains it, what is possible again, and what to pay. */
export function RefusedPicture({ screen, texts }: { screen: Screen & { kind: "refused" }; texts: Texts }): ReactNode {
  const { figure } = screen;
  const banded = figure.kind === "hours";
  return (
    <div className={`refused refused-${figure.kind} ${screen.fareMinor === null ? "" : "refused-paying"}`}>
      <h1 className="say">
        <Mark mark="attention" />
        <SentenceText sentence={screen.headline} />
      </h1>
      {banded && screen.fareMinor === null && <DayBand {...figure} texts={texts} />}
      <div className={`refused-body ${banded && screen.fareMinor === null ? "refused-wide" : ""}`}>
        {screen.fareMinor === null ? (
          <div className="words">
            <Reasons screen={screen} />
            {screen.notes.map((note, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: notes have fixed places
              <p key={index} className="note">
                <SentenceText sentence={note} />
              </p>
            ))}
          </div>
        ) : (
          <div className="words">
            <p className="label">
              <SentenceText sentence={texts.word("payFull")} />
            </p>
            <HeroNumber hero={{ kind: "money", amountMinor: screen.fareMinor }} texts={texts} />
          </div>
        )}
        {screen.fareMinor !== null && <PayingReasons screen={screen} texts={texts} />}
        {screen.fareMinor === null && !banded && <FigurePicture figure={figure} texts={texts} />}
      </div>
    </div>
  );
}

function Reasons({ screen }: { screen: Screen & { kind: "refused" } }): ReactNode {
  return screen.reasons.map((reason, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: reasons have fixed places
    <p key={index} className="say-mid">
      <SentenceText sentence={reason} />
    </p>
  ));
}

/** At paying the number has the place of the picture, and the reason stands beside it. */
function PayingReasons({ screen, texts }: { screen: Screen & { kind: "refused" }; texts: Texts }): ReactNode {
  const telephone = screen.figure.kind === "telephone";
  return (
    <div className="refused-why">
      {screen.reasons.slice(0, telephone ? 1 : 2).map((reason, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: reasons have fixed places
        <p key={index}>
          <SentenceText sentence={reason} />
        </p>
      ))}
      {telephone && (
        <p className="refused-call">
          <Icon name="phone" />
          <strong>{texts.city.telephone}</strong>
        </p>
      )}
    </div>
  );
}

function FigurePicture({ figure, texts }: { figure: Figure; texts: Texts }): ReactNode {
  switch (figure.kind) {
    case "telephone":
      return (
        <div className="telephone">
          <p className="telephone-number">
            <Icon name="phone" />
            {texts.city.telephone}
          </p>
          <p className="telephone-hours">
            <SentenceText sentence={texts.word("officeHours")} />
          </p>
        </div>
      );
    case "tickets":
      return <UsedTickets />;
    case "area":
      return <OutsideArea />;
    case "card":
      return <PlainCard />;
    case "hours":
      return null;
    default:
      return figure satisfies never;
  }
}
