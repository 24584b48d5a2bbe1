import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort, spawnDemo } from "#tests/kit/demo-system.ts";
import { processesWith } from "#tests/kit/processes.ts";

/** How `npm start` ends: when it is told to, when a part of it dies, and when it cannot start at all. */
let root: string;
let directory: string;
let settings: Record<string, string>;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "notte-start-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  directory = mkdtempSync(join(root, "demo-"));
  settings = {
    PORT: String(await freePort()),
    KIOSK_PORT: String(await freePort()),
    DATA_DIR: join(directory, "data"),
    DEMO_HISTORY_RIDES: "0",
    DEMO_CABS: "0",
    CAB_DOOR: "in-process",
  };
});
afterEach(() => {
  for (const { pid } of processesOfDemo()) process.kill(pid, "SIGKILL");
});

const processesOfDemo = () => processesWith("DATA_DIR", settings.DATA_DIR ?? "");
const processOf = (script: string): number =>
  processesOfDemo().find(({ command }) => command.endsWith(script))?.pid ?? 0;
const nobodyIsLeft = () => expect.poll(processesOfDemo, { timeout: 20_000 }).toEqual([]);
/** A line of a stack trace, or what Node prints before it ends by an error nobody caught. */
const TRACE = /^\s+at .+:\d+|^node:|Unhandled|Uncaught/m;

/** A running demo. They share a directory: a later start takes a fraction of the first one's time. */
async function started(more: Record<string, string> = {}) {
  settings.DATA_DIR = join(root, "kept");
  const demo = spawnDemo({ ...settings, ...more });
  await expect.poll(demo.output, { timeout: 90_000 }).toContain("Ctrl+C ends everything");
  return demo;
}

describe("a demo that is told to end", () => {
  it.each([300, 1_000, 2_000, 3_500])("%i ms after its start leaves nothing behind", async (afterMs) => {
    const demo = spawnDemo(settings);
    await wait(afterMs);
    demo.child.kill("SIGTERM");
    // Before the program could say what a signal means, the signal ends it.
    expect([0, null]).toContain(await demo.exit);
    await nobodyIsLeft();
    expect(demo.output()).not.toMatch(TRACE);
  });

  it.each(["database brought up to date", '"msg":"listening"'])("when it has said %s leaves nothing", async (said) => {
    const demo = spawnDemo(settings);
    await expect.poll(demo.output, { timeout: 90_000, interval: 10 }).toContain(said);
    demo.child.kill("SIGTERM");
    expect(await demo.exit).toBe(0);
    await nobodyIsLeft();
    expect(demo.output()).not.toMatch(TRACE);
  });

  it("together with its parts, as a terminal does with Ctrl+C, ends in order", async () => {
    const demo = await started();
    for (const { pid } of processesOfDemo()) process.kill(pid, "SIGINT");
    expect(await demo.exit).toBe(0);
    await nobodyIsLeft();
    expect(demo.output()).not.toMatch(TRACE);
  });
});

describe("a demo of which something dies", () => {
  it("ends its parts when it is killed itself, and can be started again", async () => {
    const demo = await started();
    demo.child.kill("SIGKILL");
    await demo.exit;
    await nobodyIsLeft();
    const again = await started();
    again.child.kill("SIGINT");
    expect(await again.exit).toBe(0);
  });

  it("ends its parts when it is killed while they start", async () => {
    const demo = spawnDemo(settings);
    await expect.poll(() => processOf("cab-main.ts"), { timeout: 20_000 }).not.toBe(0);
    demo.child.kill("SIGKILL");
    await demo.exit;
    await nobodyIsLeft();
  });

  it.each(["server/main.ts", "cab-main.ts"])("says so and ends when it is %s", async (script) => {
    const demo = await started();
    process.kill(processOf(script), "SIGKILL");
    expect(await demo.exit).toBe(1);
    expect(demo.output()).toMatch(/^notte: the (server|cab) ended \(SIGKILL\); stopping\.$/m);
    expect(demo.output()).not.toMatch(TRACE);
    await nobodyIsLeft();
  });

  it("goes on without the simulated city, and says so", async () => {
    const demo = await started({ DEMO_CABS: "1" });
    await expect.poll(() => processOf("city-main.ts"), { timeout: 20_000 }).not.toBe(0);
    process.kill(processOf("city-main.ts"), "SIGKILL");
    await expect.poll(demo.output).toContain("notte: the city ended (SIGKILL); the others go on without it.");
    expect((await fetch(`http://localhost:${settings.KIOSK_PORT}/healthz`)).status).toBe(200);
    demo.child.kill("SIGINT");
    expect(await demo.exit).toBe(0);
  });
});

describe("a demo that cannot start says why in one sentence", () => {
  let other: Server | undefined;
  afterEach(() => void other?.close());
  const refused = async (more: Record<string, string>): Promise<string> => {
    const demo = spawnDemo({ ...settings, ...more });
    expect(await demo.exit).toBe(1);
    await nobodyIsLeft();
    const said = demo.output().trimEnd();
    expect(said.split("\n").filter((line) => !line.startsWith("{"))).toHaveLength(1);
    return said.replaceAll(directory, "<dir>");
  };

  it.each([
    [{ PORT: "abc" }, "notte: the settings cannot be used: PORT must be a whole number from 1 to 65535."],
    [{ PORT: "4520", KIOSK_PORT: "4520" }, "notte: the settings cannot be used: PORT and KIOSK_PORT are equal."],
    [{ DEMO_CABS: "-1" }, "notte: the settings cannot be used: DEMO_CABS must be a whole number from 0 to 2000."],
    [
      { DEMO_HISTORY_RIDES: "x", DEMO_SEED: "1.5" },
      "notte: the settings cannot be used: DEMO_HISTORY_RIDES must be a whole number from 0 to 2000000; " +
        "DEMO_SEED must be a whole number from 0 to 9007199254740991.",
    ],
    [{ DATABASE_URL: "mysql://x" }, "notte: the settings cannot be used: DATABASE_URL must begin with postgres://."],
  ])("%j", async (more, sentence) => {
    expect(await refused(more)).toBe(sentence);
  });

  it.each(["PORT", "KIOSK_PORT"])("%s is busy", async (name) => {
    const server = createServer();
    other = server;
    await new Promise<void>((done) => server.listen(Number(settings[name]), "127.0.0.1", done));
    expect(await refused({})).toBe(
      `notte: port ${settings[name]} is already in use; end the other program or choose another with ${name}.`,
    );
  });

  it("DATA_DIR is a file", async () => {
    writeFileSync(join(directory, "data"), "");
    expect(await refused({})).toBe(
      "notte: the data directory <dir>/data cannot be used (a file stands in its place); choose another with DATA_DIR.",
    );
  });

  it("DATA_DIR is used by another demo", async () => {
    const first = await started();
    const second = spawnDemo({
      ...settings,
      PORT: String(await freePort()),
      KIOSK_PORT: String(await freePort()),
    });
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(
      /^notte server: The data directory \S+\/kept is in use by process \d+; stop it first\.\n$/,
    );
    first.child.kill("SIGINT");
    expect(await first.exit).toBe(0);
  });

  it("the embedded database is damaged", async () => {
    mkdirSync(join(directory, "data", "pglite"), { recursive: true });
    writeFileSync(join(directory, "data", "pglite", "PG_VERSION"), "9.6\n");
    expect(await refused({})).toMatch(/^notte server: The embedded database in <dir>\/data\/pglite cannot be opened/);
  });

  it("CITIES_DIR has no city", async () => {
    expect(await refused({ CITIES_DIR: directory })).toMatch(
      /^notte: <dir>\/demo\.json cannot be read as a city document \(ENOENT.*\)\.$/,
    );
  });

  it("PostgreSQL cannot be reached", async () => {
    expect(await refused({ DATABASE_URL: "postgres://somebody:secret@127.0.0.1:1/notte" })).toBe(
      "notte server: The database of DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:1.",
    );
  });

  it("a city's document is damaged", async () => {
    mkdirSync(join(directory, "town"));
    writeFileSync(join(directory, "demo.json"), '{ "municipality": "town", "companyId": "c" }');
    writeFileSync(join(directory, "town", "city.json"), '{ "zone": "Asia/Atlantis", "fiscalYearStart": "04-01" }');
    expect(await refused({ CITIES_DIR: directory })).toBe(
      "notte: <dir>/town/city.json cannot be read as a city document (zone: not a time zone).",
    );
    writeFileSync(join(directory, "town", "city.json"), '{ "zone": "Asia/Tokyo"');
    expect(await refused({ CITIES_DIR: directory })).toMatch(
      /^notte: <dir>\/town\/city\.json cannot be read as a city document \(.*JSON.*\)\.$/,
    );
  });
});
