import { Fragment, type ReactNode } from "react";
import { htmlLang, type Language } from "../language.ts";
import type { Phrase, Sentence } from "./markup.ts";

/** Draws one sentence: breaks only between phrases, readings above their kanji. */
export function SentenceText({ sentence, lang }: { sentence: Sentence; lang?: Language | undefined }): ReactNode {
  return (
    <span className="sentence" {...(lang ? { lang: htmlLang(lang) } : {})}>
      {sentence.map((phrase, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the phrases of one sentence never change places
        <Fragment key={index}>
          {index > 0 && <wbr />}
          <PhraseText phrase={phrase} />
        </Fragment>
      ))}
    </span>
  );
}

function PhraseText({ phrase }: { phrase: Phrase }): ReactNode {
  return phrase.map((piece, index) =>
    piece.reading === null ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one phrase never change places
      <ruby key={index}>
        {piece.text}
        <rt>{piece.reading}</rt>
      </ruby>
    ),
  );
}
