import { type DestinationStream, type Logger, pino } from "pino";

/** Names under which secrets, card data and places travel; their values never reach a log line. */
const SECRET_NAME =
  /^(authorization|cookie|set-cookie|.*password.*|.*secret.*|.*token.*|pin|.*pincode.*|.*certificate.*|.*evidence.*|sealed.*|.*privatekey.*|salt|jwt|session|terminal_?jwt|card|cardnumber|cardserial|idm|uid|apdu|lat|lng|lon|late6|lnge6|latitude|longitude|boarding|alighting|place|point|position[s]?e6|purpose|bytes)$/i;

const MARK = "[redacted]";

/** Text that is secret wherever it stands: JWTs, authorization values, PEM blocks, long base64 or hex, coordinate pairs. */
const SECRET_TEXT: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g,
  /\b(Bearer|Terminal|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /\b[0-9a-fA-F]{32,}\b/g,
  /[A-Za-z0-9+/_-]{40,}={0,2}/g,
  /\b(pin|password|token)\s*[:=]\s*\S+/gi,
  /-?\d{1,3}\.\d{4,}\s*[,/]\s*-?\d{1,3}\.\d{4,}/g,
];

/** Takes secrets out of free text. */
export function redactText(text: string): string {
  let clean = text;
  for (const pattern of SECRET_TEXT) clean = clean.replace(pattern, MARK);
  return clean;
}

const DEEPEST = 6;

/** Copy of a value in which no card, certificate, evidence, token, PIN, coordinate or authorization remains. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return MARK;
  if (depth >= DEEPEST) return "[deep]";
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET_NAME.test(name) ? MARK : redact(item, depth + 1)]),
  );
}

function redactError(error: Error, depth: number): unknown {
  const code = "code" in error ? error.code : undefined;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code: redact(code, depth + 1) }),
    stack: error.stack === undefined ? undefined : stackFrames(error.stack),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}

/** Only the frames: the message, which repeats inside the stack, is redacted on its own. */
function stackFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .join("\n");
}

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where the parts of the server write what happened: fields first, one plain sentence second. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  readonly fatal: Write;
  /** The same log with fields added to every line. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/** A log of JSON lines that redacts by itself. `destination` is standard output unless a test gives another. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const lines = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (value) => value },
    },
    destination ?? pino.destination({ dest: 1, sync: false }),
  );
  return redacting(lines);
}

function redacting(lines: Logger): Log {
  const at =
    (level: "debug" | "info" | "warn" | "error" | "fatal"): Write =>
    (fields, message) => {
      if (lines.isLevelEnabled(level)) lines[level](redact(fields) as object, redactText(message));
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    child: (fields) => redacting(lines.child(redact(fields) as Record<string, unknown>)),
  };
}
