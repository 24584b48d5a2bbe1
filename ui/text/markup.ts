/**
 * The small markup of the catalogues: `漢字《かんじ》` gives a reading to the kanji before it, `｜4日《よっか》` to
 * everything from `｜`, and `|` marks where a line may break between two phrases. A space does so too and is kept.
 */

/** A run of text with its reading, if it has one. */
export interface Piece {
  readonly text: string;
  readonly reading: string | null;
}

/** Pieces that stay on one line. */
export type Phrase = readonly Piece[];

/** A sentence: phrases between which the line may break. A phrase ending in a space is followed by that space. */
export type Sentence = readonly Phrase[];

/** Kanji, 々 and the counting ヶ: what a reading attaches to when no `｜` says otherwise. */
const KANJI_RUN = /[\p{Script=Han}々〆ヶ]+$/u;
const KANJI = /[\p{Script=Han}々〆]/u;

/** Parses one sentence of the markup. Throws RangeError for an unclosed or baseless reading. */
export function parseSentence(markup: string): Sentence {
  return markup
    .split(/\||(?<= )/u)
    .filter((phrase) => phrase !== "")
    .map(parsePhrase);
}

function parsePhrase(markup: string): Phrase {
  const pieces: Piece[] = [];
  let rest = markup;
  while (rest !== "") {
    const open = rest.indexOf("《");
    if (open < 0) {
      addText(pieces, rest.replaceAll("｜", ""));
      break;
    }
    const close = rest.indexOf("》", open);
    if (close < 0) throw new RangeError(`reading not closed: ${markup}`);
    const before = rest.slice(0, open);
    const mark = before.lastIndexOf("｜");
    const start = mark >= 0 ? mark : before.search(KANJI_RUN);
    const base = start < 0 ? "" : before.slice(start).replace("｜", "");
    if (base === "") throw new RangeError(`reading without a base: ${markup}`);
    addText(pieces, before.slice(0, start));
    pieces.push({ text: base, reading: rest.slice(open + 1, close) });
    rest = rest.slice(close + 1);
  }
  return pieces;
}

function addText(pieces: Piece[], text: string): void {
  if (text !== "") pieces.push({ text, reading: null });
}

/** The words as they are written, without readings. */
export function plainText(sentence: Sentence): string {
  return sentence
    .flat()
    .map((piece) => piece.text)
    .join("")
    .trimEnd();
}

/** The words as they are read aloud: readings instead of kanji where there are any. */
export function readingText(sentence: Sentence): string {
  return sentence
    .flat()
    .map((piece) => piece.reading ?? piece.text)
    .join("")
    .trimEnd();
}

/** Kanji that stand without a reading; empty for a complete text of やさしい日本語. */
export function kanjiWithoutReading(sentence: Sentence): string[] {
  return sentence
    .flat()
    .filter((piece) => piece.reading === null && KANJI.test(piece.text))
    .map((piece) => piece.text);
}
