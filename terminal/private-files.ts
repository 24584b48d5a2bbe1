import { chmodSync, closeSync, existsSync, fchmodSync, mkdirSync, openSync } from "node:fs";

const OWNER_ONLY = { directory: 0o700, file: 0o600 } as const;

/** Makes a directory that its owner alone can enter. One that is there already keeps its mode: it may be shared. */
export function makePrivateDirectory(directory: string): void {
  if (existsSync(directory)) return;
  mkdirSync(directory, { recursive: true, mode: OWNER_ONLY.directory });
  // A umask takes away bits the owner needs, too.
  chmodSync(directory, OWNER_ONLY.directory);
}

/** Makes a file that its owner alone can read, if it is not there; one that is there is closed to others. */
export function makePrivateFile(file: string): void {
  const opened = openSync(file, "a", OWNER_ONLY.file);
  try {
    fchmodSync(opened, OWNER_ONLY.file);
  } finally {
    closeSync(opened);
  }
}

/** Closes a file to others if it is there. */
export function closeToOthers(file: string): void {
  if (existsSync(file)) chmodSync(file, OWNER_ONLY.file);
}
