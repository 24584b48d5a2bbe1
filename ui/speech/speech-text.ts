import { htmlLang, type Language } from "../language.ts";
import { cabWord } from "../messages/cab-words.ts";
import { isRefusalMessage, type Message, runningText } from "../messages/message.ts";
import { fillTemplate, type MessageCity } from "../messages/template.ts";
import { readingText } from "../text/markup.ts";
import { speechClips } from "./japanese-number.ts";

/** What is said aloud: clips in order, and the language of the voice. */
export interface Speech {
  readonly lang: "ja" | "en";
  /** Phrases and numbers; a city may have a recording of each, a device voice says them joined. */
  readonly clips: readonly string[];
}

/**
 * What a message says aloud. The reason of a refusal is said only when someone asks for it (もう一度): the first time
 * only that it is not covered, because others in the car hear it.
 */
export function speechOf(
  spoken: Message,
  { language, city, asked }: { language: Language; city: MessageCity; asked: boolean },
): Speech {
  const lang = htmlLang(language);
  if (isRefusalMessage(spoken.number) && !asked) {
    const sentence = fillTemplate(cabWord("refused", language), {}, { language, city });
    return { lang, clips: clipsOf(sentence ? runningText([sentence], language) : "", lang) };
  }
  const sentences = [...spoken.sentences, ...spoken.added];
  if (language !== "easy") return { lang, clips: clipsOf(runningText(sentences, language), lang) };
  // Readings of numbers come from their counters, so only words without digits are taken by their reading.
  const text = sentences
    .map((sentence) =>
      sentence
        .map((phrase) =>
          phrase.some((piece) => /\d/u.test(piece.text))
            ? [{ ...phrase[0], text: plain(phrase), reading: null }]
            : phrase,
        )
        .map((phrase) => readingText([phrase]))
        .join(" "),
    )
    .map((sentence) => `${sentence}。`)
    .join("");
  return { lang, clips: clipsOf(text, lang) };
}

function plain(phrase: readonly { readonly text: string }[]): string {
  return phrase.map((piece) => piece.text).join("");
}

function clipsOf(text: string, lang: "ja" | "en"): string[] {
  if (text === "") return [];
  return lang === "ja" ? speechClips(text) : text.split(/(?<=\.)\s/u);
}
