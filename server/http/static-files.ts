import { existsSync } from "node:fs";
import { join } from "node:path";
import compression from "compression";
import express, { type Router } from "express";

const YEAR_MS = 365 * 86_400_000;

/**
 * The built web app: hashed assets are kept for a year, everything else is asked for again. An unknown path without a
 * file ending is a screen of the app and gets its page; an unknown file is 404. Directories are never listed.
 */
export function staticFiles(webRoot: string): Router {
  const router = express.Router();
  const page = join(webRoot, "index.html");
  router.use(compression());
  router.use("/assets", express.static(join(webRoot, "assets"), { maxAge: YEAR_MS, immutable: true, index: false }));
  router.use(
    express.static(webRoot, {
      index: false,
      redirect: false,
      dotfiles: "ignore",
      setHeaders: (response) => response.setHeader("cache-control", "no-cache"),
    }),
  );
  router.get("/{*path}", (request, response, next) => {
    const last = request.path.slice(request.path.lastIndexOf("/") + 1);
    if (last.includes(".") || request.path.startsWith("/assets") || !existsSync(page)) return next();
    response.setHeader("cache-control", "no-cache");
    response.sendFile(page);
  });
  return router;
}
