import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import compression from "compression";
import express from "express";
import helmet from "helmet";
import { type Namespace, Server as SocketServer } from "socket.io";
import { z } from "zod";
import {
  type AgentToKioskEvents,
  KIOSK_NAMESPACE,
  type KioskToAgentEvents,
  type KioskView,
  kioskIntent,
} from "#protocol/kiosk/view.ts";
import type { Agent } from "./agent.ts";

const YEAR_MS = 365 * 86_400_000;
const MESSAGE_LIMIT = 16 * 1024;
const painted = z.object({ revision: z.int() });

/** Where the kiosk is served and who may embed it. */
export interface KioskServerOptions {
  readonly port: number;
  /** Directory of the built screen (`terminal/kiosk/dist`). */
  readonly root: string;
  /** Origins besides its own that may embed the screen and open sockets, e.g. the server of the start page. */
  readonly trustedOrigins: readonly string[];
  /** Other built pages to serve beside the screen, by path, e.g. `/control` of the demo. */
  readonly pages?: readonly { readonly path: string; readonly root: string }[];
}

/** The kiosk's own web server, on loopback only. */
export interface KioskServer {
  readonly url: string;
  readonly port: number;
  readonly io: SocketServer;
  /** Gives the screen its agent; before that `/healthz` answers 503. */
  attach(agent: Pick<Agent, "view" | "intent" | "painted">): void;
  show(view: KioskView): void;
  close(): Promise<void>;
}

/** Starts to listen. Rejects with the system's error (EADDRINUSE, …) when it cannot. */
export async function startKioskServer(options: KioskServerOptions): Promise<KioskServer> {
  let agent: Pick<Agent, "view" | "intent" | "painted"> | null = null;
  const origins = new Set(options.trustedOrigins);
  const app = createKioskApp({ ...options, isReady: () => agent !== null });
  const http = createServer(app);
  const io = new SocketServer(http, {
    serveClient: false,
    maxHttpBufferSize: MESSAGE_LIMIT,
    cors: { origin: [...origins] },
    // A page of another origin that the driver's browser happens to show must not press keys here.
    allowRequest: (request, decide) => {
      const { origin, host } = request.headers;
      decide(null, isOwnHost(host) && (origin === undefined || origins.has(origin)));
    },
  });
  const kiosk: Namespace<KioskToAgentEvents, AgentToKioskEvents> = io.of(KIOSK_NAMESPACE);
  kiosk.on("connection", (socket) => {
    if (agent) socket.emit("view", agent.view);
    socket.on("intent", (message) => {
      const intent = kioskIntent.safeParse(message);
      if (intent.success) agent?.intent(intent.data);
    });
    socket.on("painted", (message) => {
      const report = painted.safeParse(message);
      if (report.success) agent?.painted(report.data.revision);
    });
  });
  await listen(http, options.port);
  const { port } = http.address() as AddressInfo;
  for (const name of ["localhost", "127.0.0.1"]) origins.add(`http://${name}:${port}`);
  return {
    url: `http://localhost:${port}`,
    port,
    io,
    attach(given) {
      agent = given;
      kiosk.emit("view", agent.view);
    },
    show: (view) => void kiosk.emit("view", view),
    close: () => new Promise((resolve) => void io.close(() => resolve())),
  };
}

function createKioskApp(options: KioskServerOptions & { readonly isReady: () => boolean }): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.use((request, response, next) => {
    if (isOwnHost(request.headers.host)) return next();
    response.status(421).type("text/plain").send("This screen answers on this machine's own names only.\n");
  });
  app.get("/healthz", (_request, response) => {
    const ready = options.isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "starting" });
  });
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", "data:"],
          // Sockets of the own page; some browsers do not count ws: as 'self'.
          connectSrc: ["'self'", "ws://localhost:*", "ws://127.0.0.1:*"],
          frameAncestors: ["'self'", ...options.trustedOrigins],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
        },
      },
      // The start page shows the screen in a frame of another port.
      crossOriginResourcePolicy: { policy: "cross-origin" },
      xFrameOptions: false,
      strictTransportSecurity: false,
    }),
  );
  app.use(compression());
  for (const { path, root } of options.pages ?? []) app.use(path, express.static(root, { cacheControl: false }));
  app.use("/assets", express.static(join(options.root, "assets"), { maxAge: YEAR_MS, immutable: true, index: false }));
  app.use(
    express.static(options.root, { extensions: ["html"], redirect: false, cacheControl: false, dotfiles: "ignore" }),
  );
  app.use((_request, response) => void response.status(404).type("text/plain").send("There is nothing here.\n"));
  return app;
}

/** A foreign name that resolves to this machine (DNS rebinding) would make a foreign page the screen's own. */
function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
}

function listen(http: HttpServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ port, host: "127.0.0.1" }, resolve);
  });
}
