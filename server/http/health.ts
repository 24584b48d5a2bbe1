import express, { type Router } from "express";
import { isLocalCaller } from "#server/identity/authenticator.ts";
import type { Metrics } from "./metrics.ts";

/** What `/readyz` looks at. */
export interface Readiness {
  /** Names of what is not in order; empty when the server can do its work. */
  problems(): Promise<readonly string[]>;
}

/** `/healthz` while the process lives, `/readyz` when it can work, `/metrics` for this machine alone. */
export function healthRoutes(readiness: Readiness, metrics: Metrics): Router {
  const router = express.Router();
  router.get("/healthz", (_request, response) => {
    response.json({ ok: true });
  });
  router.get("/readyz", async (_request, response) => {
    const problems = await readiness.problems();
    response.status(problems.length === 0 ? 200 : 503).json({ ok: problems.length === 0, problems });
  });
  router.get("/metrics", async (request, response) => {
    const address = request.socket.remoteAddress ?? "";
    if (!isLocalCaller({ address, headers: request.headers })) return void response.sendStatus(404);
    response.setHeader("content-type", metrics.contentType);
    response.send(await metrics.text());
  });
  return router;
}
