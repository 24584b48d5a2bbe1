import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "#ui/font/font.css";
import "#ui/tokens.css";
import "#ui/base.css";
import "./app/office.css";
import { App } from "./app/app.tsx";

const root = document.getElementById("app");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
