import { type DestinationStream, type Logger, pino } from "pino";
import { redact, redactText } from "#protocol/redact.ts";

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
