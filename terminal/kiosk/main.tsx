import "#ui/without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createSpeaker, soundingOf } from "#ui/speech/speaker.ts";
import "#ui/font/font.css";
import "#ui/tokens.css";
import "#ui/base.css";
import "./styles/kiosk.css";
import { connectAgent } from "./connection/agent-link.ts";
import { CAB_CHARACTERS } from "./connection/cab-characters.ts";
import { warmFonts } from "./connection/warm-fonts.ts";
import { KioskApp } from "./kiosk-app.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("no #root in the page");

const speaker = createSpeaker(soundingOf(window));
for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => speaker.wake(), { passive: true });
warmFonts(CAB_CHARACTERS).catch(() => {});
createRoot(root).render(
  <StrictMode>
    <KioskApp link={connectAgent(Date.now)} speaker={speaker} clock={Date.now} />
  </StrictMode>,
);
