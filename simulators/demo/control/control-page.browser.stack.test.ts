import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DemoCommand, type DemoState, IN_PROCESS_REASONS } from "#protocol/demo/control.ts";
import { type KioskServer, startKioskServer } from "#terminal/kiosk-server.ts";
import { axeFindings, launchBrowser } from "#tests/kit/browser.ts";
import { type CabControl, serveCabControl } from "../cab-control.ts";
import { REASON_WORDS } from "./control-words.ts";

/** The built control page in Chromium, against the cab's own control namespace. */

const START: DemoState = {
  laid: null,
  meter: { state: "vacant", fareMinor: 0 },
  network: "up",
  script: null,
  journal: { confirmed: 3, answered: 2, waiting: 1, subsidyMinor: 1605 },
  lastRide: { tag: "7K2", rideId: "1", synced: false },
  history: { done: 40_000, total: 100_000, finished: false },
  door: { technology: "simulator", reason: { code: "NOT_INSTALLED", detail: "pcscd" } },
  now: Date.UTC(2026, 10, 24, 2, 42),
};

const dist = mkdtempSync(join(tmpdir(), "control-dist-"));
const commands: DemoCommand[] = [];
let state = START;
let answer = { ok: true, message: null as string | null };
let browser: Browser;
let server: KioskServer;
let control: CabControl;

beforeAll(async () => {
  await build({
    configFile: join(import.meta.dirname, "vite.config.ts"),
    build: { outDir: dist, emptyOutDir: true },
    logLevel: "error",
  });
  server = await startKioskServer({
    port: 0,
    root: dist,
    trustedOrigins: [],
    pages: [{ path: "/control", root: dist }],
  });
  control = serveCabControl(server.io, {
    state: () => state,
    command: async (command) => {
      commands.push(command);
      return answer;
    },
  });
  browser = await launchBrowser({ maps: false });
});

afterAll(async () => {
  await browser?.close();
  control?.stop();
  await server?.close();
  rmSync(dist, { recursive: true, force: true });
});

beforeEach(() => {
  state = START;
  answer = { ok: true, message: null };
  commands.length = 0;
});

async function open(width = 1366): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 768 }, locale: "ja-JP", reducedMotion: "reduce" });
  await page.goto(`http://127.0.0.1:${server.port}/control`);
  await page.waitForSelector(".panels");
  return page;
}

function change(next: Partial<DemoState>): void {
  state = { ...state, ...next };
  control.changed();
}

describe("the control page", () => {
  it("lays and lifts, runs the meter, cuts the signal and starts a ride", async () => {
    const page = await open();
    await page.locator("section[aria-labelledby=card] .key", { hasText: "のこり2回" }).click();
    change({ laid: "two-left" });
    await page.getByRole("button", { name: "カードを取る" }).click();
    await page
      .getByRole("button", { name: "2,800" })
      .or(page.getByRole("button", { name: "2800" }))
      .click();
    await page.getByRole("button", { name: "支払" }).click();
    await page.getByRole("button", { name: "空車" }).click();
    await page.getByRole("button", { name: "電波を切る" }).click();
    change({ network: "cut" });
    await page.getByRole("button", { name: "電波を戻す" }).click();
    await page.locator("section[aria-labelledby=ride] .key", { hasText: "すべてよし" }).click();
    await expect
      .poll(() => commands)
      .toEqual([
        { kind: "lay", person: "two-left" },
        { kind: "lift" },
        { kind: "meter", state: "paying", fareMinor: 2800 },
        { kind: "meter", state: "vacant", fareMinor: 0 },
        { kind: "network", network: "cut" },
        { kind: "network", network: "up" },
        { kind: "ride", person: "all-well" },
      ]);
    await page.close();
  });

  it("shows the journal's counts and what stood in the way", async () => {
    const page = await open();
    expect(await page.locator(".counts dd").allTextContents()).toEqual(["3", "2", "1", "1,605"]);
    answer = { ok: false, message: "A scripted ride is under way." };
    await page.getByRole("button", { name: "賃走" }).click();
    await expect.poll(() => page.locator(".control-notice").textContent()).toContain("A scripted ride is under way.");
    await page.close();
  });

  it("says in the page's language why the card is read inside the program", async () => {
    const page = await open();
    const door = () => page.locator("section[aria-labelledby=journal]").innerText();
    expect(await door()).toContain("(この機械に入っていません: pcscd)");
    for (const code of IN_PROCESS_REASONS) {
      change({ door: { technology: "simulator", reason: { code, detail: null } } });
      await expect.poll(door).toContain(`(${REASON_WORDS[code].ja})`);
      expect(REASON_WORDS[code].ja.replaceAll("PC/SC", "")).not.toMatch(/[A-Za-z]/);
    }
    await page.getByRole("button", { name: "English" }).click();
    await expect.poll(door).toContain("(another reader is connected)");
    await page.close();
  });

  it.each([1366, 360])("reads well in both languages at %i px", async (width) => {
    const page = await open(width);
    for (const name of ["English", "日本語"]) {
      expect(await axeFindings(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      if (process.env.KIOSK_SHOTS) {
        await page.screenshot({ path: join(process.env.KIOSK_SHOTS, `control.${width}.${name}.png`), fullPage: true });
      }
      await page.getByRole("button", { name }).click();
    }
    await page.close();
  });
});
