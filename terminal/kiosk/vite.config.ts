import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The tablet's screen: built to `terminal/kiosk/dist` and served by the agent at `/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react()],
  // Nothing is inlined: the agent's content security policy allows files of its own origin only.
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
});
