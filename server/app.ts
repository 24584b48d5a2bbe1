import { createServer, type Server as HttpServer } from "node:http";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { Server as SocketServer } from "socket.io";
import type { DemoAddresses } from "#protocol/demo/control.ts";
import { cityFiles } from "./http/city-files.ts";
import { createGraphqlEndpoint, type GraphqlEndpointDeps, schemaFile } from "./http/graphql-endpoint.ts";
import { healthRoutes, type Readiness } from "./http/health.ts";
import type { Metrics } from "./http/metrics.ts";
import { securityHeaders } from "./http/security.ts";
import { staticFiles } from "./http/static-files.ts";
import type { Log } from "./log.ts";

/** What the app is made of. */
export interface AppDeps extends GraphqlEndpointDeps {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Directory of the built web app. */
  readonly webRoot: string;
  /** Directory of the cities' documents; what maps need of it is public. */
  readonly citiesDir: string;
  /** What `/demo.json` answers; null outside demo mode. */
  readonly demo: DemoAddresses | null;
  /** How many proxies stand before the server, or their addresses; null: none, no forwarded header is believed. */
  readonly trustedProxy: number | readonly string[] | null;
  /** True once the server takes no new requests. */
  isStopping(): boolean;
  /** Adds the live stream to the sockets. */
  attachStream(io: SocketServer): void;
}

/** The server's HTTP and socket surface, not listening yet. */
export interface App {
  readonly httpServer: HttpServer;
  readonly io: SocketServer;
  /** Ends what hangs on the sockets and waits for GraphQL requests under way. */
  stop(): Promise<void>;
}

/** Largest message of a socket: a batch of positions. */
const SOCKET_MESSAGE_LIMIT = 128 * 1024;

/** Puts express, Apollo and socket.io together. Never listens. */
export async function createApp(deps: AppDeps): Promise<App> {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", deps.trustedProxy ?? false);
  app.set("query parser", "simple");
  app.set("etag", false);
  app.use(healthRoutes(deps.readiness, deps.metrics));
  app.use(refuseWhileStopping(deps.isStopping));
  const graphql = await createGraphqlEndpoint(deps);
  app.use(securityHeaders({ kioskUrl: deps.demo?.kioskUrl ?? null, https: deps.secureCookie }));
  app.use("/graphql", graphql.router);
  app.use(schemaFile());
  app.get("/demo.json", (_request, response, next) => {
    if (deps.demo === null) return next();
    response.json(deps.demo);
  });
  app.use(cityFiles(deps.citiesDir));
  app.use(staticFiles(deps.webRoot));
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("There is nothing here.\n");
  });
  app.use(lastResort(deps.log));
  const httpServer = createServer(app);
  httpServer.requestTimeout = 30_000;
  // Longer than the clients keep theirs, so that no request meets a connection that is just being closed.
  httpServer.keepAliveTimeout = 65_000;
  const io = new SocketServer(httpServer, {
    serveClient: false,
    maxHttpBufferSize: SOCKET_MESSAGE_LIMIT,
    pingInterval: 10_000,
    pingTimeout: 10_000,
  });
  deps.attachStream(io);
  return { httpServer, io, stop: () => graphql.stop() };
}

function refuseWhileStopping(isStopping: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (!isStopping()) return next();
    const message = "The server is stopping; send the same again in a moment.";
    response.status(503).set({ "retry-after": "2", connection: "close" });
    response.json({ errors: [{ message, extensions: { code: "OVERLOADED" } }] });
  };
}

function lastResort(log: Log): ErrorRequestHandler {
  return (error: Error & { status?: number }, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status !== undefined && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log.error({ err: error }, "request failed unexpectedly");
    response
      .status(status)
      .type("text/plain")
      .send(status === 500 ? "Something went wrong.\n" : "Bad request.\n");
  };
}
