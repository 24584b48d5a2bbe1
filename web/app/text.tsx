import type { ReactNode } from "react";
import { parseSentence } from "#ui/text/markup.ts";
import { SentenceText } from "#ui/text/sentence-text.tsx";

/** A sentence of the catalogue, broken only between its phrases. */
export function Text({ children }: { children: string }): ReactNode {
  return <SentenceText sentence={parseSentence(children)} />;
}

/** A sentence of the catalogue as plain text, for attributes. */
export function plain(markup: string): string {
  return markup.replaceAll("|", "");
}
