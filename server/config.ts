import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

const PROXY_NAMES = ["loopback", "linklocal", "uniquelocal"];

/** One address, network (`10.0.0.0/8`) or name of a kind of network, as Express takes them. */
function isProxyAddress(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (PROXY_NAMES.includes(text)) return true;
  if (rest.length > 0 || isIP(address) === 0) return false;
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (isIP(address) === 4 ? 32 : 128))
  );
}

/** How many proxies stand in front, or which: a number of hops, or addresses and networks with commas between. */
const trustedProxy = z.string().transform((text, context): number | readonly string[] => {
  if (/^[1-9]$/.test(text)) return Number(text);
  const addresses = text.split(",").map((address) => address.trim());
  if (!addresses.every(isProxyAddress)) context.addIssue("must be a number of proxies (1-9) or their addresses");
  return addresses;
});

const environment = z.object({
  /** Port of web, GraphQL and stream; 0 takes a free one. */
  PORT: port.default(4000),
  /** Address to listen on. */
  HOST: z.string().min(1).default("127.0.0.1"),
  /** The proxies before the server, so that sign-in limits count the clients' addresses. Without it no header is believed. */
  TRUSTED_PROXY: trustedProxy.optional(),
  /** Directory of the embedded database and the demo keys; `memory://` keeps everything in memory. */
  DATA_DIR: z.string().min(1).default(".data"),
  /** PostgreSQL instead of the embedded database. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** `demo`: one-click sign-in on loopback and keys made at the first start. */
  NOTTE_MODE: z.enum(["demo", "production"]).default("production"),
  /** Directory with one folder per municipality. */
  CITIES_DIR: z.string().min(1).default("cities"),
  /** Directory with keys.json; required in production. */
  KEYS_DIR: z.string().min(1).optional(),
  /** Directory with the card authorities trusted, `*.cer` in DER. Default: `anchors` beside the keys; in demo mode the TEST CA's. */
  TRUST_ANCHORS_DIR: z.string().min(1).optional(),
  /** Milliseconds the demo's clock is ahead of the real one. */
  CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  /** Where the demo's kiosk listens; given to the start page. */
  KIOSK_URL: z.url().optional(),
  /** The city and the company the demo's start page shows. */
  DEMO_MUNICIPALITY: z.string().min(1).optional(),
  DEMO_COMPANY_ID: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** First administrator, made at start when no staff exists. `<municipality>` is needed when several cities are served. */
  NOTTE_ADMIN_LOGIN: z.string().min(1).max(64).optional(),
  NOTTE_ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").max(256).optional(),
  NOTTE_ADMIN_MUNICIPALITY: z.string().min(1).optional(),
});

/** The server's settings; see `docs/operations.md` for the table. */
export interface ServerConfig {
  readonly port: number;
  readonly host: string;
  /** How many proxies stand before the server, or their addresses; null: none. */
  readonly trustedProxy: number | readonly string[] | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly mode: "demo" | "production";
  readonly citiesDir: string;
  readonly keysDir: string | null;
  readonly trustAnchorsDir: string;
  readonly clockOffsetMs: number;
  readonly kioskUrl: string | null;
  readonly demo: { readonly municipality: string; readonly companyId: string } | null;
  readonly logLevel: string;
  readonly admin: { readonly login: string; readonly password: string; readonly municipality: string | null } | null;
}

/** Names every address of this machine that only programs on it can reach. */
const LOOPBACK_HOSTS = ["127.0.0.1", "::1", "localhost"];

/** True for an address or host name that stays on this machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

type Environment = z.infer<typeof environment>;

/**
 * Reads the settings from environment variables. All problems are told together, one sentence each.
 * The caller passes `process.env`; nothing else in the server reads it.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: ServerConfig } | { ok: false; problems: readonly string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environment.safeParse(given);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".")} cannot be used: ${issue.message}.`);
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: configOf(parsed.data) };
}

/** Settings that are right one by one and wrong together. */
function contradictions(env: Environment): string[] {
  const problems: string[] = [];
  if (env.NOTTE_MODE === "demo") {
    if (!isLoopbackHost(env.HOST)) problems.push(`HOST is ${env.HOST}: demo mode listens on loopback only.`);
    if (env.KEYS_DIR) problems.push("KEYS_DIR is for production; the demo makes its own keys.");
  } else {
    if (env.CLOCK_OFFSET_MS !== 0) problems.push("CLOCK_OFFSET_MS shifts the clock in demo mode only.");
    if (env.KIOSK_URL) problems.push("KIOSK_URL belongs to demo mode only.");
    if (!env.KEYS_DIR) {
      problems.push(
        "KEYS_DIR is missing: production takes its keys from there (make them with `npm run start:server -- make-keys <directory>`).",
      );
    }
  }
  if ((env.NOTTE_ADMIN_LOGIN === undefined) !== (env.NOTTE_ADMIN_PASSWORD === undefined)) {
    problems.push("NOTTE_ADMIN_LOGIN and NOTTE_ADMIN_PASSWORD are given together or not at all.");
  }
  return problems;
}

/** Where simulated cards' authorities stand in a demo's data directory, and a city's beside its keys. */
function anchorsOf(env: Environment): string {
  if (env.NOTTE_MODE === "demo") return join(env.DATA_DIR, "test-ca", "authority", "anchors");
  return join(env.KEYS_DIR ?? env.DATA_DIR, "anchors");
}

function configOf(env: Environment): ServerConfig {
  return {
    port: env.PORT,
    host: env.HOST,
    trustedProxy: env.TRUSTED_PROXY ?? null,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    mode: env.NOTTE_MODE,
    citiesDir: env.CITIES_DIR,
    keysDir: env.KEYS_DIR ?? null,
    trustAnchorsDir: env.TRUST_ANCHORS_DIR ?? anchorsOf(env),
    clockOffsetMs: env.CLOCK_OFFSET_MS,
    kioskUrl: env.KIOSK_URL ?? null,
    demo:
      env.DEMO_MUNICIPALITY && env.DEMO_COMPANY_ID
        ? { municipality: env.DEMO_MUNICIPALITY, companyId: env.DEMO_COMPANY_ID }
        : null,
    logLevel: env.LOG_LEVEL,
    admin:
      env.NOTTE_ADMIN_LOGIN && env.NOTTE_ADMIN_PASSWORD
        ? {
            login: env.NOTTE_ADMIN_LOGIN,
            password: env.NOTTE_ADMIN_PASSWORD,
            municipality: env.NOTTE_ADMIN_MUNICIPALITY ?? null,
          }
        : null,
  };
}
