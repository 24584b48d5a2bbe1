import type { ReactNode } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { Key } from "#ui/components/key.tsx";
import { plainText, type Sentence } from "#ui/text/markup.ts";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import { ReaderPicture } from "../drawings/reader-picture.tsx";
import { ChoosingPicture } from "./choosing-picture.tsx";
import { HeroNumber } from "./hero-number.tsx";
import { RefusedPicture } from "./refused-picture.tsx";
import { RidingPicture } from "./riding-picture.tsx";
import type { Screen } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** Draws the passenger's screen. */
export function ScreenPicture({
  screen,
  texts,
  choose,
  explain,
}: {
  screen: Screen;
  texts: Texts;
  choose: (uses: number) => void;
  explain: (() => void) | null;
}): ReactNode {
  switch (screen.kind) {
    case "instruct":
      return <InstructPicture screen={screen} />;
    case "left":
      return <LeftPicture screen={screen} texts={texts} />;
    case "refused":
      return <RefusedPicture screen={screen} texts={texts} />;
    case "riding":
      return <RidingPicture screen={screen} texts={texts} />;
    case "choosing":
      return <ChoosingPicture screen={screen} texts={texts} choose={choose} />;
    case "paying":
      return <PayingPicture screen={screen} texts={texts} explain={explain} />;
    default:
      return screen satisfies never;
  }
}

/** Characters of a phrase that fill a narrow screen at the largest size. */
const LONG_PHRASE = 7;

/** Headlines with a long phrase are set smaller where the screen is narrow, because phrases do not break. */
function sayClass(headline: Sentence): string {
  const longest = Math.max(0, ...headline.map((phrase) => plainText([phrase]).length));
  return longest > LONG_PHRASE ? "say say-long" : "say";
}

/** The sign beside a headline, so that colour is never alone. */
export function Mark({ mark }: { mark: "ok" | "attention" | null }): ReactNode {
  if (mark === null) return null;
  return (
    <span className={`mark mark-${mark}`}>
      <Icon name={mark === "ok" ? "check" : "warning"} />
    </span>
  );
}

function InstructPicture({ screen }: { screen: Screen & { kind: "instruct" } }): ReactNode {
  const headline = (
    <h1 className={sayClass(screen.headline)}>
      <Mark mark={screen.mark} />
      <SentenceText sentence={screen.headline} />
    </h1>
  );
  // With a mark the headline takes the whole width; alone it shares the width with the drawing.
  const across = screen.mark !== null;
  return (
    <div className={across ? "left-picture" : "instruct"}>
      {across && headline}
      <div className="words">
        {!across && headline}
        {screen.action && (
          <p className="say say-action">
            <SentenceText sentence={screen.action} />
          </p>
        )}
        {screen.details.map((detail, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: details have fixed places
          <p key={index} className="say-mid">
            <SentenceText sentence={detail} />
          </p>
        ))}
        {screen.notes.map((note, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notes have fixed places
          <p key={index} className="note">
            <SentenceText sentence={note} />
          </p>
        ))}
      </div>
      <ReaderPicture pose={screen.pose} />
    </div>
  );
}

function LeftPicture({ screen, texts }: { screen: Screen & { kind: "left" }; texts: Texts }): ReactNode {
  return (
    <div className="left-picture">
      <h1 className="say">
        <Mark mark={screen.mark} />
        <SentenceText sentence={screen.headline} />
      </h1>
      <div className="words">
        {screen.hero && (
          <>
            <p className="label">
              <SentenceText sentence={screen.label} />
              {screen.side.length > 0 && (
                <span className="label-side">
                  <SentenceText sentence={screen.side} />
                </span>
              )}
            </p>
            <HeroNumber hero={screen.hero} texts={texts} />
          </>
        )}
        {screen.notes.map((note, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notes have fixed places
          <p key={index} className="say-mid">
            <SentenceText sentence={note} />
          </p>
        ))}
      </div>
      <ReaderPicture pose={screen.pose} />
    </div>
  );
}

function PayingPicture({
  screen,
  texts,
  explain,
}: {
  screen: Screen & { kind: "paying" };
  texts: Texts;
  explain: (() => void) | null;
}): ReactNode {
  const { city: currency, language } = texts;
  return (
    <div className="paying">
      <div className="words">
        {screen.note && (
          <p className="note paying-note">
            <SentenceText sentence={screen.note} />
          </p>
        )}
        <h1 className="label">
          <SentenceText sentence={screen.label} />
        </h1>
        <HeroNumber hero={{ kind: "money", amountMinor: screen.riderPaysMinor }} texts={texts} />
      </div>
      <div className="sum-column">
        <dl className="sum">
          <div>
            <dt>
              <SentenceText sentence={texts.word("fare")} />
            </dt>
            <dd>
              <Amount amountMinor={screen.fareMinor} currency={currency} language={language} />
            </dd>
          </div>
          <div className="sum-city">
            <dt>
              <SentenceText sentence={screen.cityLabel} />
            </dt>
            <dd>
              <Amount amountMinor={screen.subsidyMinor} currency={currency} language={language} />
            </dd>
          </div>
        </dl>
        {explain && (
          <Key onClick={explain} className="cab-key">
            <Icon name="list" />
            <SentenceText sentence={texts.word("howMuch")} />
          </Key>
        )}
      </div>
    </div>
  );
}
