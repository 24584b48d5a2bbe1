import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The control page of the simulated cab: built to `simulators/demo/control/dist` and served by it at `/control`. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/control/",
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
});
