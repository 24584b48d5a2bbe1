import { ApolloServerErrorCode } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { AccessError } from "#server/rides/ride-service.ts";
import { StorageError } from "#server/storage/database.ts";
import type { RequestContext } from "./context.ts";
import type { Log } from "./log.ts";

/** Status of HTTP for the codes that mean something to proxies and retrying clients. */
const STATUS: Readonly<Record<AccessError["code"], number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  UNKNOWN_MUNICIPALITY: 404,
  OVERLOADED: 503,
};

const STORAGE_RETRY_S = 2;

interface Shape {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly retryAfterS: number | null;
}

function graphqlError({ code, message, status, retryAfterS }: Shape, original: Error): GraphQLError {
  const headers = new Map(retryAfterS === null ? [] : [["retry-after", String(retryAfterS)]]);
  return new GraphQLError(message, { extensions: { code, http: { status, headers } }, originalError: original });
}

/**
 * The one mapping of thrown errors to GraphQL errors with `extensions.code`. What nobody expected is masked and logged
 * with the request's id, which the caller gets so that it can be read out on the telephone.
 */
export function toGraphqlError(error: unknown, log: Log, requestId: string): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (error instanceof AccessError) {
    const { code, message, retryAfterS } = error;
    return graphqlError({ code, message, status: STATUS[code], retryAfterS }, error);
  }
  log.error({ err: error, requestId }, "request failed unexpectedly");
  const original = error instanceof Error ? error : new Error("not an error was thrown");
  if (error instanceof StorageError && error.code === "UNAVAILABLE") {
    const message = "The database cannot be reached. Nothing was lost; send the same again.";
    return graphqlError({ code: "UNAVAILABLE", message, status: 503, retryAfterS: STORAGE_RETRY_S }, original);
  }
  const message = `Something went wrong that should not have. Nothing is known about why; request ${requestId}.`;
  return graphqlError({ code: "INTERNAL_SERVER_ERROR", message, status: 500, retryAfterS: null }, original);
}

// biome-ignore lint/suspicious/noExplicitAny: a resolver map mixes field types that only the generated types relate.
type AnyResolver = (parent: any, args: any, context: RequestContext, info: any) => unknown;
type ResolverMap = Readonly<Record<string, unknown>>;

/** Wraps the resolvers of Query and Mutation so that everything they throw goes through {@link toGraphqlError}. */
export function guardResolvers<Map extends ResolverMap>(resolvers: Map, log: Log): Map {
  const guarded: Record<string, unknown> = { ...resolvers };
  for (const root of ["Query", "Mutation"]) {
    const fields = resolvers[root] as Readonly<Record<string, AnyResolver>> | undefined;
    if (!fields) continue;
    guarded[root] = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, guard(field, log)]));
  }
  return guarded as Map;
}

function guard(resolver: AnyResolver, log: Log): AnyResolver {
  return async (parent, args, context, info) => {
    try {
      return await resolver(parent, args, context, info);
    } catch (error) {
      throw toGraphqlError(error, log, context.requestId);
    }
  };
}

/** Codes whose message was written for the caller; every other message is replaced. */
const TOLD = new Set<string>([
  ...Object.values(ApolloServerErrorCode).filter((code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR),
  ...Object.keys(STATUS),
  "UNAVAILABLE",
]);

/** Last step before an error leaves: what did not come through {@link toGraphqlError} is masked and logged here. */
export function formatError(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  if (typeof code === "string" && TOLD.has(code)) {
    return { message: formatted.message, ...place(formatted), extensions: { code } };
  }
  const passed = error instanceof GraphQLError && error.extensions.http !== undefined;
  if (!passed) log.error({ err: error }, "request failed unexpectedly");
  const message = passed ? formatted.message : "Something went wrong that should not have.";
  return { message, ...place(formatted), extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

function place({ locations, path }: GraphQLFormattedError): Pick<GraphQLFormattedError, "locations" | "path"> {
  return { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}
