import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const remembered = z.object({
  /** Last demo instant seen, epoch ms. */
  lastMs: z.int(),
  /** The local day before which the history ends, fixed at the first start. */
  historyUntil: z.string(),
  historyFinished: z.boolean(),
});

/** What one demo directory remembers between starts. */
export type DemoMemory = z.infer<typeof remembered>;

const FILE = "demo.json";

/** What an earlier start left in `directory`, or null. An unreadable file counts as none. */
export function recallDemo(directory: string): DemoMemory | null {
  try {
    return remembered.parse(JSON.parse(readFileSync(join(directory, FILE), "utf8")));
  } catch {
    return null;
  }
}

/** Remembers for the next start; replaces the file in one step. */
export function rememberDemo(directory: string, memory: DemoMemory): void {
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `${FILE}.new`);
  writeFileSync(temporary, JSON.stringify(memory));
  renameSync(temporary, join(directory, FILE));
}
