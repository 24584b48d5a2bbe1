import { join } from "node:path";
import { z } from "zod";
import { METER_PROFILES } from "#protocol/meter/meter-profile.ts";

const METERS = ["keypad", ...METER_PROFILES.map((profile) => profile.id)] as const;

const environment = z.object({
  /** Origin of the server, e.g. `https://notte.example`. */
  SERVER_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) address of the server" }),
  /** The municipality this terminal belongs to. */
  MUNICIPALITY: z.string({ error: "is missing: the municipality's id at the server" }).min(1),
  /** The id under which the terminal was, or will be, enrolled. */
  TERMINAL_ID: z.string({ error: "is missing: the id the terminal is enrolled under" }).min(1),
  KIOSK_PORT: z.coerce.number().int().min(1).max(65_535).default(4100),
  /** Ed25519 key (PKCS #8, PEM); made at the first start. */
  TERMINAL_KEY_FILE: z.string().min(1).optional(),
  JOURNAL_DIR: z.string().min(1).default(".terminal"),
  /** `keypad`, or the profile of a meter on USB. */
  METER: z.enum(METERS, { error: `must be one of ${METERS.join(", ")}` }).default("keypad"),
  LOG_LEVEL: z.enum(["info", "warn", "error"]).default("info"),
});

/** The terminal's settings; see `docs/operations.md`. */
export interface TerminalConfig {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly terminalId: string;
  readonly kioskPort: number;
  readonly keyFile: string;
  readonly journalFile: string;
  readonly meter: string;
  readonly logLevel: "info" | "warn" | "error";
}

/** Reads the settings from environment variables; all problems together, one sentence each. */
export function readTerminalConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: TerminalConfig } | { ok: false; problems: readonly string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`) };
  }
  const { data } = parsed;
  return {
    ok: true,
    config: {
      serverUrl: data.SERVER_URL,
      municipality: data.MUNICIPALITY,
      terminalId: data.TERMINAL_ID,
      kioskPort: data.KIOSK_PORT,
      keyFile: data.TERMINAL_KEY_FILE ?? join(data.JOURNAL_DIR, "terminal-key.pem"),
      journalFile: join(data.JOURNAL_DIR, "journal.sqlite"),
      meter: data.METER,
      logLevel: data.LOG_LEVEL,
    },
  };
}
