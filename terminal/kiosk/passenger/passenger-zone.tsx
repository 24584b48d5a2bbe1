import { type ReactNode, useState } from "react";
import { Key } from "#ui/components/key.tsx";
import { htmlLang, type Language } from "#ui/language.ts";
import { plainText } from "#ui/text/markup.ts";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import { Explanation } from "./explanation.tsx";
import type { FootLine, Screen } from "./screen.ts";
import { ScreenPicture } from "./screen-picture.tsx";
import type { Texts } from "./texts.ts";

/** What the passenger's zone asks of the app. */
export interface PassengerActs {
  again(): void;
  language(language: Language): void;
  choose(uses: number): void;
}

/** The passenger's half of the tablet: the picture of the state, and the bottom row that never moves. */
export function PassengerZone({
  screen,
  foot,
  texts,
  acts,
  announcement,
  lost,
}: {
  screen: Screen;
  foot: readonly FootLine[];
  texts: Texts;
  acts: PassengerActs;
  /** Read out by a screen reader when it changes. */
  announcement: string;
  /** The agent cannot be reached: the last picture stays, without its colours. */
  lost: boolean;
}): ReactNode {
  const [explaining, setExplaining] = useState(false);
  const steps = screen.kind === "paying" ? screen.steps : [];
  const explained = explaining && steps.length > 0;
  if (explaining && steps.length === 0) setExplaining(false);
  return (
    <section
      className={`passenger ground-${lost ? "calm lost-link" : screen.ground}`}
      lang={htmlLang(texts.language)}
      data-language={texts.language}
      aria-label={plainText(texts.word("passenger"))}
    >
      <p className="visually-hidden" aria-live="polite" aria-atomic="true">
        {announcement}
      </p>
      <div className="picture">
        {explained ? (
          <Explanation steps={steps} texts={texts} close={() => setExplaining(false)} />
        ) : (
          <ScreenPicture
            screen={screen}
            texts={texts}
            choose={acts.choose}
            explain={steps.length > 0 ? () => setExplaining(true) : null}
          />
        )}
      </div>
      <div className="foot">
        <p className={lost ? "foot-lines foot-lost" : "foot-lines"} role={lost ? "status" : undefined}>
          {foot.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the two lines have fixed places
            <span key={index} className={line.long ? "foot-line foot-line-long" : "foot-line"}>
              {line.words.length > 0 && <SentenceText sentence={line.words} />}
              {line.strong && (
                <strong className={line.words.length > 0 ? "after-words" : undefined}>
                  <SentenceText sentence={line.strong} />
                </strong>
              )}
            </span>
          ))}
        </p>
        <LanguageKeys texts={texts} acts={acts} />
      </div>
    </section>
  );
}

const LANGUAGE_KEYS: readonly { readonly language: Language; readonly name: string; readonly lang: string }[] = [
  { language: "easy", name: "やさしい", lang: "ja" },
  { language: "ja", name: "日本語", lang: "ja" },
  { language: "en", name: "EN", lang: "en" },
];

function LanguageKeys({ texts, acts }: { texts: Texts; acts: PassengerActs }): ReactNode {
  return (
    <div className="cab-keys">
      <Key kind="quiet" onClick={acts.again}>
        <SentenceText sentence={texts.word("again")} />
      </Key>
      {LANGUAGE_KEYS.map(({ language, name, lang }) => (
        <Key
          key={language}
          kind="quiet"
          lang={lang}
          pressed={texts.language === language}
          onClick={() => acts.language(language)}
        >
          {name}
        </Key>
      ))}
    </div>
  );
}
