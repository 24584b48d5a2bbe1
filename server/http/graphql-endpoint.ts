import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { expressMiddleware } from "@as-integrations/express5";
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from "express";
import type { RequestContext } from "#server/context.ts";
import { formatError, guardResolvers, toGraphqlError } from "#server/errors.ts";
import type { Resolvers } from "#server/generated/graphql.ts";
import { limitsRule, MAX_TOKENS } from "#server/graphql/limits.ts";
import { scalars } from "#server/graphql/scalars.ts";
import { type Authenticator, isLocalCaller, SESSION_COOKIE } from "#server/identity/authenticator.ts";
import type { Log } from "#server/log.ts";

/** Largest request body. */
export const BODY_LIMIT = 1024 * 1024;

/** What the endpoint needs. */
export interface GraphqlEndpointDeps {
  readonly resolvers: Resolvers;
  readonly authenticator: Authenticator;
  readonly log: Log;
  /** Introspection is offered outside production only. */
  readonly introspection: boolean;
  /** True when browsers reach the server over HTTPS: the cookie is then marked Secure. */
  readonly secureCookie: boolean;
}

const typeDefs = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

/** The schema as text, at `/schema.graphql`. */
export function schemaFile(): Router {
  const router = express.Router();
  router.get("/schema.graphql", (_request, response) => void response.type("text/plain").send(typeDefs));
  return router;
}

/** The GraphQL endpoint at `/graphql`. `stop` waits for requests under way. */
export async function createGraphqlEndpoint(
  deps: GraphqlEndpointDeps,
): Promise<{ router: Router; stop(): Promise<void> }> {
  const { log } = deps;
  const apollo = new ApolloServer<RequestContext>({
    typeDefs,
    resolvers: { ...guardResolvers(deps.resolvers, log), ...scalars },
    introspection: deps.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    // No answer here may be cached; the plugin would look at every field of every ride.
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
    validationRules: [limitsRule],
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: (formatted, error) => formatError(formatted, error, log),
    logger: {
      debug: (message) => log.debug({}, String(message)),
      info: (message) => log.info({}, String(message)),
      warn: (message) => log.warn({}, String(message)),
      error: (message) => log.error({}, String(message)),
    },
  });
  await apollo.start();
  const router = express.Router();
  const context = ({ req, res }: { req: Request; res: Response }) => contextOf(req, res, deps);
  // Who opens the address in a browser gets the page of the API, which is one of the web app's.
  router.get("/", (request, _response, next) => (wantsPage(request) ? next("router") : next()));
  router.use(
    express.json({ limit: BODY_LIMIT, verify: refuseNul }),
    bodyErrors,
    expressMiddleware(apollo, { context }),
  );
  return { router, stop: () => apollo.stop() };
}

function wantsPage(request: Request): boolean {
  return request.query["query"] === undefined && request.accepts(["json", "html"]) === "html";
}

async function contextOf(request: Request, response: Response, deps: GraphqlEndpointDeps): Promise<RequestContext> {
  const requestId = randomUUID();
  response.setHeader("x-request-id", requestId);
  // Whether a request was made on this machine is never told by a header, whatever proxy is trusted.
  const peer = request.socket.remoteAddress ?? "";
  const caller = { address: peer, headers: request.headers };
  try {
    const { viewer, sessionToken } = await deps.authenticator.authenticate(caller);
    return {
      viewer,
      sessionToken,
      requestId,
      address: clientAddress(request.ip, peer),
      loopback: isLocalCaller(caller),
      taken() {
        if (request.get("prefer") === "processing" && !response.headersSent) response.writeProcessing();
      },
      setSession(token) {
        const options = { httpOnly: true, sameSite: "strict", secure: deps.secureCookie, path: "/" } as const;
        if (token === null) response.clearCookie(SESSION_COOKIE, options);
        else response.cookie(SESSION_COOKIE, token, options);
      },
    };
  } catch (error) {
    throw toGraphqlError(error, deps.log, requestId);
  }
}

/** What trusted proxies say of the client, when it is an address at all. */
function clientAddress(forwarded: string | undefined, peer: string): string {
  return forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : peer;
}

/** No text of the API has a NUL, and no database column takes one: refused here once, not in every field. */
function refuseNul(_request: unknown, _response: unknown, body: Buffer): void {
  if (body.includes("\\u0000")) throw Object.assign(new Error("a NUL character"), { type: "nul", status: 400 });
}

/** Bodies that cannot be read get an answer in the form of GraphQL, so that clients need one way of reading errors. */
const bodyErrors: ErrorRequestHandler = (error: { type?: string; status?: number }, _request, response, next) => {
  if (error.type === "entity.too.large") {
    return void response.status(413).json(failure("PAYLOAD_TOO_LARGE", `The body is larger than ${BODY_LIMIT} bytes.`));
  }
  if (error.type === "nul") {
    return void response
      .status(400)
      .json(failure("BAD_REQUEST", "The body holds a NUL character; no text here has one."));
  }
  if (error.status !== undefined && error.status >= 400 && error.status < 500) {
    return void response.status(error.status).json(failure("BAD_REQUEST", "The body cannot be read as JSON."));
  }
  next(error);
};

function failure(code: string, message: string): object {
  return { errors: [{ message, extensions: { code } }] };
}
