import "#ui/without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "#ui/font/font.css";
import "#ui/tokens.css";
import "#ui/base.css";
import "./control.css";
import { connectCab } from "./cab-link.ts";
import { ControlPage } from "./control-page.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("no #root in the page");
createRoot(root).render(
  <StrictMode>
    <ControlPage link={connectCab()} />
  </StrictMode>,
);
