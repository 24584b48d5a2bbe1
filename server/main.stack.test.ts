import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
let directory: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "notte-main-"));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.kill("SIGKILL")) await new Promise((done) => child.once("exit", done));
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Program {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<number | null>;
  /** Waits for the line that says where it listens. */
  listening(): Promise<string>;
}

function run(env: Readonly<Record<string, string>>, args: readonly string[] = []): Program {
  const child = spawn(process.execPath, ["run.mjs", "server/main.ts", ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: new Promise((done) => child.once("exit", done)),
    async listening() {
      await expect.poll(() => stdout + stderr, { timeout: 60_000 }).toMatch(/"msg":"listening"|notte server/);
      return /"url":"([^"]+)"/.exec(stdout)?.[1] ?? "";
    },
  };
}
const demo = (more: Record<string, string> = {}): Record<string, string> => ({
  NOTTE_MODE: "demo",
  PORT: "0",
  DATA_DIR: join(directory, "data"),
  ...more,
});

describe("the server as a program", () => {
  it("ends cleanly when asked, refuses new requests meanwhile and can be started again", async () => {
    const first = run(demo());
    const url = await first.listening();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.stdout()).toContain('"msg":"stopped"');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    const second = run(demo());
    expect(await second.listening()).toMatch(/^http/);
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);
  });

  it("refuses a directory another server uses, in one sentence", async () => {
    const first = run(demo());
    await first.listening();
    const second = run(demo());
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toMatch(
      /^notte server: The data directory .* is in use by process \d+; stop it first\.\n$/,
    );
  });

  it("refuses a port that is busy, in one sentence", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const address = other.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const program = run(demo({ PORT: String(port), DATA_DIR: "memory://" }));
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toBe(
      `notte server: Port ${port} on 127.0.0.1 is already in use; end the other program or choose another with PORT.\n`,
    );
    await new Promise((done) => other.close(done));
  });

  it("tells every wrong setting, one sentence each", async () => {
    const program = run({ PORT: "many", LOG_LEVEL: "loud", NOTTE_MODE: "demo" });
    expect(await program.ended).toBe(1);
    const sentences = program.stderr().trimEnd().split("\n");
    expect(sentences).toHaveLength(2);
    for (const sentence of sentences) expect(sentence).toMatch(/^notte server: (PORT|LOG_LEVEL) cannot be used: .*\.$/);
  });

  it.each([
    ["without keys", {}, /KEYS_DIR is missing/],
    ["with an empty keys directory", { KEYS_DIR: "nowhere" }, /There are no keys in nowhere/],
    ["with a shifted clock", { KEYS_DIR: "nowhere", CLOCK_OFFSET_MS: "5" }, /CLOCK_OFFSET_MS shifts the clock in demo/],
    [
      "without cities",
      { NOTTE_MODE: "demo", CITIES_DIR: "nowhere", DATA_DIR: "memory://" },
      /The cities in .*nowhere cannot be read/,
    ],
  ])("does not start %s", async (_name, env, sentence) => {
    const program = run({ PORT: "0", ...env });
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toMatch(sentence);
  });

  it("serves a city in production with its own keys and a first administrator", async () => {
    const keys = join(directory, "keys");
    const made = run({}, ["make-keys", keys]);
    expect(await made.ended).toBe(0);
    const production = {
      PORT: "0",
      KEYS_DIR: keys,
      DATA_DIR: "memory://",
      NOTTE_ADMIN_LOGIN: "first",
      NOTTE_ADMIN_PASSWORD: "a long password",
      NOTTE_ADMIN_MUNICIPALITY: "maebashi",
    };
    const program = run(production);
    const url = await program.listening();
    const ask = async (query: string, headers: Record<string, string> = {}) =>
      (
        await fetch(`${url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ query }),
        })
      ).json();
    const signIn = 'mutation { signIn(login: "first", password: "a long password") { ok viewer { roles } } }';
    expect((await ask(signIn)).data.signIn).toEqual({ ok: true, viewer: { roles: ["CITY_ADMIN"] } });
    const demoSignIn = 'mutation { demoSignIn(municipality: "maebashi", role: PLANNER) { ok error } }';
    expect((await ask(demoSignIn)).data.demoSignIn).toEqual({ ok: false, error: "DEMO_NOT_AVAILABLE" });
    expect((await ask("{ viewer { demo } }")).data.viewer.demo).toBe(false);
    expect((await ask("{ __schema { types { name } } }")).errors[0].extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect((await fetch(`${url}/demo.json`)).status).toBe(404);
    expect(program.stdout()).not.toContain("a long password");
  });

  it("refuses a demo's keys in production", async () => {
    const data = join(directory, "demo-data");
    const program = run(demo({ DATA_DIR: data }));
    await program.listening();
    const production = run({ PORT: "0", KEYS_DIR: join(data, "keys"), DATA_DIR: "memory://" });
    expect(await production.ended).toBe(1);
    expect(production.stderr()).toMatch(/were made by a demo and are refused in production/);
  });
});
