import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Calendar } from "#domain/time/calendar.ts";
import { formatDay } from "#domain/time/local.ts";

const remembered = z.object({
  /** Last demo instant seen, epoch ms. */
  lastMs: z.int(),
  /** The local day before which the history ends, fixed at the first start. */
  historyUntil: z.string(),
  historyFinished: z.boolean(),
});

/** What one demo directory remembers between starts. */
type Remembered = z.infer<typeof remembered>;

/** The demo's clock and what it remembers between starts. */
export interface DemoMemory {
  /** How far the demo's clock is ahead of the real one, whole milliseconds. */
  readonly offsetMs: number;
  readonly value: Remembered;
  now(): number;
  /** Writes the present state with a change; a full disk is told once, and does not end the demo. */
  remember(change: Partial<Remembered>): void;
}

const FILE = "demo.json";

/** @param startOf the instant at which the demo's clock starts, given the last one of an earlier start */
export function createDemoMemory(
  directory: string,
  calendar: Calendar,
  startOf: (lastMs: number | null) => number,
): DemoMemory {
  const recalled = recall(directory);
  const offsetMs = Math.round(startOf(recalled?.lastMs ?? null) - Date.now());
  const now = (): number => Date.now() + offsetMs;
  let hasComplained = false;
  let value: Remembered = recalled ?? {
    lastMs: now(),
    historyUntil: formatDay(calendar.local(now()).day),
    historyFinished: false,
  };
  return {
    offsetMs,
    now,
    get value() {
      return value;
    },
    remember(change) {
      value = { ...value, ...change, lastMs: now() };
      try {
        write(directory, value);
      } catch (cause) {
        if (!hasComplained) process.stderr.write(`notte: ${join(directory, FILE)}: ${(cause as Error).message}\n`);
        hasComplained = true;
      }
    },
  };
}

/** What an earlier start left, or null. An unreadable file counts as none. */
function recall(directory: string): Remembered | null {
  try {
    return remembered.parse(JSON.parse(readFileSync(join(directory, FILE), "utf8")));
  } catch {
    return null;
  }
}

/** Replaces the file in one step. */
function write(directory: string, memory: Remembered): void {
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `${FILE}.new`);
  writeFileSync(temporary, JSON.stringify(memory));
  renameSync(temporary, join(directory, FILE));
}
