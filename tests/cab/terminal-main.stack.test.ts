import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCityDesk } from "#simulators/api/city-desk.ts";
import { Journal } from "#terminal/journal/journal.ts";
import { CAB_CITY, type CabStack, startCabStack } from "#tests/kit/cab-kit.ts";
import { freePort } from "#tests/kit/demo-system.ts";

let stack: CabStack;
let directory: string;
beforeAll(async () => {
  stack = await startCabStack("real");
  directory = mkdtempSync(join(tmpdir(), "notte-terminal-"));
});
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true });
});

function run(environment: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, ["run.mjs", "terminal/main.ts"], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += String(chunk)));
  return { child, output: () => text, exit: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
}

const settings = (port: number): Record<string, string> => ({
  SERVER_URL: stack.serverUrl,
  MUNICIPALITY: CAB_CITY,
  TERMINAL_ID: "real-cab",
  KIOSK_PORT: String(port),
  JOURNAL_DIR: join(directory, "journal"),
});

describe("the terminal as a program", () => {
  it("says in one sentence what it misses", async () => {
    const { output, exit } = run({ SERVER_URL: "here" });
    expect(await exit).toBe(1);
    expect(output()).toMatch(/^terminal: SERVER_URL must be .* MUNICIPALITY is missing.* TERMINAL_ID is missing/);
  });

  it("says that its port is taken", async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
    const { output, exit } = run(settings(port));
    expect(await exit).toBe(1);
    expect(output()).toMatch(/port \d+ is already in use; set KIOSK_PORT/);
    await new Promise((resolve) => taken.close(resolve));
  });

  it("waits for its enrolment, finds the server's time by itself, works, and ends cleanly", async () => {
    const port = await freePort();
    // As after a run in which this tablet's clock was an hour off.
    const journal = new Journal(join(directory, "journal", "journal.sqlite"));
    journal.set("clock-skew-ms", "3600000");
    journal.close();
    const { child, output, exit } = run(settings(port));
    const printed = (pattern: RegExp) => expect.poll(output, { timeout: 30_000 }).toMatch(pattern);
    await printed(/enrol it with this public key: (\S+)/);
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(503);
    const publicKey = /public key: (\S+)/.exec(output())?.[1] ?? "";
    const desk = await openCityDesk({ serverUrl: stack.serverUrl, municipality: CAB_CITY });
    await desk.enrolFleet({
      companies: [{ id: "c-real", name: "Company" }],
      vehicles: [{ id: "v-real", companyId: "c-real", label: "7" }],
      terminals: [{ id: "real-cab", kind: "CAB", vehicleId: "v-real", publicKey }],
    });
    await printed(/ready on http:\/\/localhost/);
    const health = await fetch(`http://localhost:${port}/healthz`);
    expect(health.status).toBe(200);
    const page = await fetch(`http://localhost:${port}/`);
    expect(page.headers.get("content-security-policy")).toContain(
      `frame-ancestors 'self' ${new URL(stack.serverUrl).origin}`,
    );
    expect(page.headers.get("x-frame-options")).toBeNull();
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  it("starts also when it was stopped: what it confirmed before must still reach the server", async () => {
    await stack.setTerminalState("real-cab", "STOPPED");
    const port = await freePort();
    const { child, output, exit } = run(settings(port));
    await expect.poll(output, { timeout: 30_000 }).toMatch(/ready on http:\/\/localhost/);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
    const journal = new Journal(join(directory, "journal", "journal.sqlite"));
    expect(journal.setting("stopped")).toBe("yes");
    journal.close();
  });
});
