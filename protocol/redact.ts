/**
 * What every log of every program goes through before a line is written: the server's, the terminal's, the simulators'.
 */

/** Names under which secrets, card data and places travel; their values never reach a log line. */
const SECRET_NAME =
  /^(authorization|.*serial.*|cookie|set-cookie|.*password.*|.*secret.*|.*token.*|pin|.*pincode.*|.*certificate.*|.*evidence.*|sealed.*|.*privatekey.*|salt|jwt|session|terminal_?jwt|card|cardnumber|idm|uid|apdu|lat|lng|lon|late6|lnge6|latitude|longitude|boarding|alighting|place|point|position[s]?e6|purpose|bytes)$/i;

const MARK = "[redacted]";

/** Text that is secret wherever it stands: JWTs, authorization values, PEM blocks, long base64 or hex, PINs, serial numbers, coordinates. */
const SECRET_TEXT: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g,
  /\b(Bearer|Terminal|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /\b[0-9a-fA-F]{32,}\b/g,
  /[A-Za-z0-9+/_-]{40,}={0,2}/g,
  /\b(pin|password|token|serial( number)?)["']?\s*[:=]\s*\S+/gi,
  /\b(pin|serial( number)?)\s+(?=[a-z]*\d)[0-9a-f]{4,}\b/gi,
  /-?\d{1,3}\.\d{4,}\s*[,/]\s*-?\d{1,3}\.\d{4,}/g,
  /\b(lat|lng|lon|latitude|longitude)(e6)?["']?\s*[:=]\s*-?[\d.]+/gi,
];

/** Takes secrets out of free text. */
export function redactText(text: string): string {
  let clean = text;
  for (const pattern of SECRET_TEXT) clean = clean.replace(pattern, MARK);
  return clean;
}

/** Deeper values are left out: a log line is no dump. */
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

/** A JSON line of a log in which nothing secret remains. */
export function redactedLine(line: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(redact(line));
}
