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
          <span className="phrase">
            <PhraseText phrase={withoutEndingSpace(phrase)} />
          </span>
          {endsInSpace(phrase) ? " " : <wbr />}
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

/** The space between two phrases stands outside of them, so that a line may end there without it. */
function endsInSpace(phrase: Phrase): boolean {
  return phrase.at(-1)?.text.endsWith(" ") ?? false;
}

function withoutEndingSpace(phrase: Phrase): Phrase {
  if (!endsInSpace(phrase)) return phrase;
  return phrase.map((piece, index) => (index === phrase.length - 1 ? { ...piece, text: piece.text.trimEnd() } : piece));
}
