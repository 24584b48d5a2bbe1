import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The web app: built to `web/dist` and served by the server at `/`. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1800 },
  worker: { format: "es" },
});
