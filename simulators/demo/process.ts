import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** A part of the demo running as its own process. */
export interface Part {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves with the exit code (or signal name) when the process ends. */
  readonly ended: Promise<number | string>;
}

export interface PartOptions {
  readonly name: string;
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each message the part sends over its channel. */
  readonly onMessage?: (message: unknown) => void;
}

const RUN = join(import.meta.dirname, "../../run.mjs");
const END_WITH_PARENT = new URL("./end-with-parent.mjs", import.meta.url).href;

/**
 * Starts a TypeScript file of this project as a child process, which ends when this one does. Its error output goes to
 * ours; so does its output.
 */
export function startPart(options: PartOptions): Part {
  const child = spawn(
    process.execPath,
    ["--import", END_WITH_PARENT, RUN, options.script, ...(options.arguments ?? [])],
    {
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  if (options.onMessage) child.on("message", options.onMessage);
  const ended = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code ?? 0));
    child.once("error", () => resolve(1));
  });
  return { name: options.name, child, ended };
}

/** Asks a part to end and waits; after `graceMs` it is killed. */
export async function endPart(part: Part, graceMs: number): Promise<void> {
  if (part.child.exitCode !== null || part.child.signalCode !== null) return;
  part.child.kill("SIGTERM");
  const timer = setTimeout(() => part.child.kill("SIGKILL"), graceMs);
  await part.ended;
  clearTimeout(timer);
}
