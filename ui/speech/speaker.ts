import { type Chime, chimeLengthS, playChime } from "./chimes.ts";
import type { Speech } from "./speech-text.ts";

/** What the speaker needs of the browser; both may be missing. */
export interface Sounding {
  readonly context: AudioContext | null;
  readonly synthesis: SpeechSynthesis | null;
}

/** Chimes and sentences of one screen: one at a time, the next cuts the last off. */
export interface Speaker {
  /** Chime first (if any), then the sentence (if there is a voice for it). */
  play(chime: Chime | null, speech: Speech): void;
  /** Lets sound begin: browsers keep silent until someone has touched the screen. */
  wake(): void;
  silence(): void;
}

/** A speaker for this browser. */
export function createSpeaker({ context, synthesis }: Sounding): Speaker {
  let cut: () => void = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = (): void => {
    clearTimeout(timer);
    cut();
    cut = () => {};
    synthesis?.cancel();
  };
  return {
    silence,
    wake() {
      if (context?.state === "suspended") context.resume().catch(() => {});
    },
    play(chime, speech) {
      silence();
      const audible = context?.state === "running";
      if (chime && context && audible) cut = playChime(context, chime);
      timer = setTimeout(() => say(synthesis, speech), chime && audible ? (chimeLengthS(chime) + 0.15) * 1000 : 0);
    },
  };
}

/** Slower than talk: 0.9 of the voice's own pace. */
const RATE = 0.9;

function say(synthesis: SpeechSynthesis | null, { lang, clips }: Speech): void {
  const voice = synthesis?.getVoices().find((candidate) => candidate.lang.toLowerCase().startsWith(lang));
  if (!synthesis || !voice || clips.length === 0) return;
  const utterance = new SpeechSynthesisUtterance(clips.join(lang === "ja" ? "" : " "));
  utterance.lang = lang === "ja" ? "ja-JP" : voice.lang;
  utterance.voice = voice;
  utterance.rate = RATE;
  synthesis.speak(utterance);
}

/** The sounding parts of a browser window, as far as they are there. */
export function soundingOf(window: Window & typeof globalThis): Sounding {
  const Context = window.AudioContext;
  return {
    context: Context ? new Context() : null,
    synthesis: "speechSynthesis" in window ? window.speechSynthesis : null,
  };
}
