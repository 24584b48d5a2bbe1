import { link, open, readFile, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { StorageError } from "./database.ts";

const LOCK_FILE = "lock";
const MAX_ATTEMPTS = 10;

/**
 * Takes a directory for this process. A lock whose process is gone is taken over.
 * @returns releases the lock
 * @throws StorageError LOCKED while another process lives that holds it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const file = path.join(directory, LOCK_FILE);
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await createExclusively(file, mine)) {
      return async () => {
        const held = await readOrNull(file);
        if (held === mine) await unlink(file);
      };
    }
    const holder = await readOrNull(file);
    if (holder === null) continue;
    const pid = await livingHolder(holder);
    if (pid !== null) {
      throw new StorageError("LOCKED", `The data directory ${directory} is in use by process ${pid}; stop it first.`);
    }
    await removeStale(file, holder);
  }
  throw new StorageError("LOCKED", `The data directory ${directory} cannot be locked: others keep taking it.`);
}

async function createExclusively(file: string, content: string): Promise<boolean> {
  // Written beside and linked into place, so that nobody ever reads half a lock.
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  const handle = await open(draft, "wx");
  try {
    await handle.writeFile(content);
    await handle.close();
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Moves a dead process's lock away. If it is not the one that was read, somebody else was faster: it is put back. */
async function removeStale(file: string, expected: string): Promise<void> {
  const aside = `${file}.stale.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== expected) await link(aside, file).catch(() => undefined);
  await unlink(aside);
}

/** The holder's process id if that very process still runs: process ids are used again, start times are not. */
async function livingHolder(content: string): Promise<number | null> {
  const [pidText, start] = content.trim().split(" ");
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return null;
  }
  const now = await startOf(pid);
  return start === undefined || start === "-" || now === "-" || now === start ? pid : null;
}

/** Start time of a process in clock ticks since boot (proc(5), field 22), or `-` where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}
