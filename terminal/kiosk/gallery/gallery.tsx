import { createRoot } from "react-dom/client";
import { LANGUAGES, type Language } from "#ui/language.ts";
import "#ui/font/font.css";
import "#ui/tokens.css";
import "#ui/base.css";
import "../styles/kiosk.css";
import { KioskScreen } from "../kiosk-screen.tsx";
import { FIXTURE_NAMES, fixtureView } from "./fixture-views.ts";

/**
 * The screens without an agent: `gallery.html?view=paying&language=easy&night&cut`. Without a view it lists them; tests call
 * `window.showFixture`.
 */

interface Shown {
  readonly view: string;
  readonly language: string;
  readonly night: boolean;
  readonly cut: boolean;
}

const page = document.getElementById("root");
if (!page) throw new Error("no #root in the page");
const root = createRoot(page);
let count = 0;

function show({ view, language, night, cut }: Shown): void {
  const name = FIXTURE_NAMES.find((candidate) => candidate === view);
  if (!name) {
    root.render(<Index />);
    return;
  }
  const fixture = fixtureView(name);
  const chosen: Language = LANGUAGES.find((candidate) => candidate === language) ?? "ja";
  const shown = { ...fixture, night: night || fixture.night };
  document.documentElement.lang = chosen === "en" ? "en" : "ja";
  document.documentElement.classList.toggle("night", shown.night);
  document.title = name;
  count += 1;
  root.render(
    <KioskScreen
      key={count}
      view={shown}
      language={chosen}
      connected={!cut}
      clock={() => shown.at}
      send={() => {}}
      again={() => {}}
      chooseLanguage={(next) => show({ view, language: next, night, cut })}
    />,
  );
}

function Index() {
  return (
    <ul>
      {FIXTURE_NAMES.map((name) => (
        <li key={name}>
          <a href={`?view=${name}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}

declare global {
  interface Window {
    showFixture?: (shown: Shown) => void;
  }
}
window.showFixture = show;

const asked = new URLSearchParams(location.search);
show({
  view: asked.get("view") ?? "",
  language: asked.get("language") ?? "ja",
  night: asked.has("night"),
  cut: asked.has("cut"),
});
