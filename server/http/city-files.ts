import { resolve } from "node:path";
import express, { type Router } from "express";
import { isId } from "#domain/ids.ts";

/** Documents of a city that anyone may read: what a map is drawn from. */
const OPEN_FILES = new Set(["gazetteer.json", "area.json"]);

/** Serves `/cities/<id>/gazetteer.json` and `/cities/<id>/area.json`; nothing else of a city's folder. */
export function cityFiles(citiesDir: string): Router {
  const router = express.Router();
  const root = resolve(citiesDir);
  router.get("/cities/:city/:file", (request, response, next) => {
    const { city, file } = request.params;
    if (!isId(city) || !OPEN_FILES.has(file)) return next();
    response.sendFile(`${city}/${file}`, { root, headers: { "cache-control": "no-cache" } }, (error) => {
      if (error) next();
    });
  });
  return router;
}
