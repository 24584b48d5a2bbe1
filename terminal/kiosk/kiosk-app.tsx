import { type ReactNode, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { htmlLang, type Language, languageOfLocale } from "#ui/language.ts";
import type { Chime } from "#ui/speech/chimes.ts";
import type { Speaker } from "#ui/speech/speaker.ts";
import { speechOf } from "#ui/speech/speech-text.ts";
import { afterPaint } from "./connection/after-paint.ts";
import type { AgentLink, LinkState } from "./connection/agent-link.ts";
import { KioskScreen } from "./kiosk-screen.tsx";
import { textsOf } from "./passenger/texts.ts";

/** Draws what the agent sends, and keeps the only two things of its own: language and voice. */
export function KioskApp({
  link,
  speaker,
  clock,
}: {
  link: AgentLink;
  speaker: Speaker;
  /** This browser's clock (epoch ms). */
  clock: () => number;
}): ReactNode {
  const state = useSyncExternalStore(link.subscribe, link.state);
  const { view } = state;
  const [chosen, choose] = useState<Language | null>(null);
  const language = chosen ?? (view ? languageOfLocale(view.city.locale) : "ja");
  usePaintReport(link, view?.revision);
  useDocumentLook(language, view?.night ?? false);
  useVoice(state, language, speaker);
  useLanguageOfPlace(view?.phase === "idle", choose);
  const agentClock = useRef<() => number>(() => 0);
  agentClock.current = () => (view ? view.at + (clock() - state.receivedAtMs) : 0);
  const [readAgentClock] = useState(() => () => agentClock.current());
  if (!view) return <Waiting />;
  return (
    <KioskScreen
      view={view}
      language={language}
      connected={state.connected}
      clock={readAgentClock}
      send={link.send}
      again={() => {
        speaker.wake();
        const texts = textsOf(language, view.city);
        speaker.play(null, speechOf(texts.message(view.message), { language, city: view.city, asked: true }));
      }}
      chooseLanguage={choose}
    />
  );
}

/** Reports each revision once its frame has been painted. */
function usePaintReport(link: AgentLink, revision: number | undefined): void {
  useLayoutEffect(() => {
    if (revision === undefined) return;
    return afterPaint(() => link.painted(revision));
  }, [link, revision]);
}

function useDocumentLook(language: Language, night: boolean): void {
  useEffect(() => {
    document.documentElement.lang = htmlLang(language);
    document.documentElement.classList.toggle("night", night);
  }, [language, night]);
}

/** How long a free cab keeps the last passenger's language. */
const FORGET_LANGUAGE_MS = 60_000;

/** The next passenger is met in the language of the place. */
function useLanguageOfPlace(idle: boolean, choose: (language: null) => void): void {
  useEffect(() => {
    if (!idle) return;
    const timer = setTimeout(() => choose(null), FORGET_LANGUAGE_MS);
    return () => clearTimeout(timer);
  }, [idle, choose]);
}

/** Says each new message once, after its chime; the next event cuts it off. */
function useVoice({ view, connected }: LinkState, language: Language, speaker: Speaker): void {
  const played = useRef<{ sequence: number; said: string } | null>(null);
  useEffect(() => {
    if (!view || !connected) return;
    const said = `${view.phase}/${view.message.number}/${JSON.stringify(view.message.parameters)}`;
    const before = played.current;
    played.current = { sequence: view.sound.sequence, said };
    // What stood there before this screen was opened is not said.
    if (!before) return;
    const newSound = view.sound.sequence !== before.sequence;
    if (!newSound && said === before.said) return;
    const chime: Chime | null = newSound && view.sound.cue !== "none" ? view.sound.cue : null;
    const texts = textsOf(language, view.city);
    const quiet = view.phase === "idle" || view.phase === "riding";
    const speech = speechOf(texts.message(view.message), { language, city: view.city, asked: false });
    speaker.play(chime, quiet ? { ...speech, clips: [] } : speech);
  }, [view, connected, language, speaker]);
}

/** Before the agent has sent anything no city is known, so both languages stand there. */
function Waiting(): ReactNode {
  return (
    <main className="kiosk kiosk-waiting">
      <p className="say-mid" lang="ja">
        準備しています
      </p>
      <p className="note" lang="en">
        Getting ready
      </p>
    </main>
  );
}
