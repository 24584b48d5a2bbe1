import { readdirSync, readFileSync } from "node:fs";

/** A running process whose environment holds a given setting. */
export interface FoundProcess {
  readonly pid: number;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

/** Running processes with this setting in their environment, e.g. those of one demo by its `DATA_DIR`. Linux only. */
export function processesWith(name: string, value: string): readonly FoundProcess[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const settings = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        if (!settings.includes(`${name}=${value}`)) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
        return [{ pid: Number(pid), command }];
      } catch {
        // It ended meanwhile, or belongs to somebody else.
        return [];
      }
    });
}
