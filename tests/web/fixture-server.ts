import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import { Server } from "socket.io";
import { DEMO_NAMESPACE, type DemoState } from "#protocol/demo/control.ts";
import {
  type FeedChanges,
  type JoinReply,
  joinRequest,
  LIVE_NAMESPACE,
  type PictureSnapshot,
} from "#protocol/stream/events.ts";
import type { Fixture } from "./fixture-data.ts";

/** A server of fixed data with the public surface of the real one, for looking at pages alone. */
export interface FixtureServer {
  readonly url: string;
  /** Who the session cookie belongs to; null = nobody. */
  role: string | null;
  demo: boolean;
  /** Sends changes to everybody who joined that feed. */
  send(changes: FeedChanges): void;
  sendDemo(state: DemoState): void;
  /** Ends every live connection and takes no new one until told otherwise. */
  cut(cut: boolean): void;
  readonly commands: unknown[];
  stop(): Promise<void>;
}

/** Starts the server on a free port of the loopback. */
export async function startFixtureServer(fixture: Fixture): Promise<FixtureServer> {
  const app = express();
  const http = createServer(app);
  const io = new Server(http);
  let isCut = false;
  let demoState = fixture.demoState;
  const commands: unknown[] = [];
  const self: FixtureServer = {
    url: "",
    role: null,
    demo: true,
    commands,
    send: (changes) => io.of(LIVE_NAMESPACE).to(changes.feed).emit("feed", changes),
    sendDemo(state) {
      demoState = state;
      io.of(DEMO_NAMESPACE).emit("state", state);
    },
    cut(cut) {
      isCut = cut;
      if (cut) io.of(LIVE_NAMESPACE).disconnectSockets(true);
    },
    stop: async () => {
      await io.close();
      http.closeAllConnections();
    },
  };

  io.of(LIVE_NAMESPACE).use((_socket, next) => next(isCut ? new Error("cut") : undefined));
  io.of(LIVE_NAMESPACE).on("connection", (socket) => {
    socket.on("join", (request: unknown, reply: (reply: JoinReply) => void) => {
      const { feed } = joinRequest.parse(request);
      void socket.join(feed);
      reply({ ok: true, cursor: fixture.position, snapshot: fixture.snapshots[feed], changes: null });
      if (feed === "picture") socket.emit("taxis", fixture.taxis);
    });
  });
  io.of(DEMO_NAMESPACE).on("connection", (socket) => {
    socket.emit("state", demoState);
    socket.on("command", (command: unknown, reply: (answer: { ok: boolean; message: string | null }) => void) => {
      commands.push(command);
      reply({ ok: true, message: null });
    });
  });

  app.use(express.json());
  app.post("/graphql", (request, response) => {
    const { query, variables } = request.body as { query: string; variables: Record<string, unknown> };
    response.set("x-request-id", "fixture");
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    if (operation === "DemoSignIn") {
      if (!request.headers.authorization) self.role = String(variables.role);
      response.json({
        data: { demoSignIn: { ok: true, token: `t-${variables.role}`, error: null, viewer: viewer(self, fixture) } },
      });
      return;
    }
    response.json({ data: answer(operation, self, fixture) });
  });
  app.get("/demo.json", (_request, response) => {
    if (self.demo) response.json({ ...fixture.addresses, kioskUrl: self.url });
    else response.status(404).end();
  });
  app.get("/cities/:city/:name", (request, response) => {
    response.sendFile(join(fixture.citiesDir, request.params.city, request.params.name));
  });
  app.use(express.static(fixture.webRoot, { index: false }));
  app.get("/{*path}", (_request, response) => {
    response.sendFile(join(fixture.webRoot, "index.html"));
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  Object.assign(self, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
  return self;
}

function viewer(self: FixtureServer, fixture: Fixture) {
  return {
    kind: self.role === null ? "ANONYMOUS" : "STAFF",
    name: self.role,
    municipality: self.role === null ? null : fixture.addresses.municipality,
    roles: self.role === null ? [] : [self.role],
    companyId: self.role === "COMPANY_ACCOUNTANT" ? fixture.addresses.companyId : null,
    terminalId: null,
    demo: self.demo,
    serverTime: (fixture.snapshots.picture as PictureSnapshot).at,
  };
}

function answer(operation: string, self: FixtureServer, fixture: Fixture): unknown {
  switch (operation) {
    case "Surroundings":
      return { viewer: viewer(self, fixture), municipalities: fixture.cities };
    case "BookTotals":
      return { bookTotals: fixture.bookTotals };
    case "Quarantine":
      return { quarantine: fixture.quarantine };
    case "CompanyDay":
      return { companyDay: fixture.companyDay };
    case "Ledger":
      return { ledger: [] };
    case "SignOut":
      self.role = null;
      return { signOut: true };
    case "SignIn":
      return { signIn: { ok: false, token: null, viewer: null, error: "WRONG_LOGIN_OR_PASSWORD" } };
    default:
      return {};
  }
}
