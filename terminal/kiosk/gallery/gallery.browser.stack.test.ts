import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, launchBrowser } from "#tests/kit/browser.ts";
import { LANGUAGES, type Language } from "#ui/language.ts";
import { FIXTURE_NAMES, type FixtureName } from "./fixture-views.ts";
import { measurePage } from "./measure-page.ts";

/**
 * Every state of the cab's screen, drawn in Chromium and measured. `KIOSK_SHOTS=<folder>` keeps a picture of each, to be
 * looked at.
 */

const TABLET = { targetPx: 72, gapPx: 16, contrast: 7, scrolls: false };
/** At 200 % the same keys, doubled by the zoom. */
const ZOOMED = { targetPx: 44, gapPx: 8, contrast: 7, scrolls: true };

const SIZES = {
  landscape: { width: 1280, height: 800, deviceScaleFactor: 1, limits: TABLET },
  portrait: { width: 800, height: 1280, deviceScaleFactor: 1, limits: TABLET },
  "landscape-200": { width: 640, height: 400, deviceScaleFactor: 2, limits: ZOOMED },
  "portrait-200": { width: 400, height: 640, deviceScaleFactor: 2, limits: ZOOMED },
} as const;
type Size = keyof typeof SIZES;

interface Look {
  readonly view: FixtureName;
  readonly language: Language;
  readonly night?: boolean;
  readonly cut?: boolean;
}

const shots = process.env.KIOSK_SHOTS;
const cache = mkdtempSync(join(tmpdir(), "kiosk-gallery-"));
let server: ViteDevServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  server = await createServer({
    configFile: join(import.meta.dirname, "../vite.config.ts"),
    root: join(import.meta.dirname, ".."),
    cacheDir: cache,
    logLevel: "error",
    optimizeDeps: { entries: ["gallery.html"] },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const local = server.httpServer?.address();
  if (!local || typeof local === "string") throw new Error("the gallery's server has no port");
  address = `http://127.0.0.1:${local.port}/gallery.html`;
  browser = await launchBrowser({ maps: false });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(cache, { recursive: true, force: true });
});

async function openPage(size: Size): Promise<Page> {
  const { width, height, deviceScaleFactor } = SIZES[size];
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor, reducedMotion: "reduce" });
  await page.goto(address);
  await page.waitForFunction(() => window.showFixture !== undefined);
  return page;
}

async function show(page: Page, { view, language, night = false, cut = false }: Look): Promise<void> {
  await page.evaluate(
    async (look) => {
      window.showFixture?.(look);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      await document.fonts.ready;
    },
    { view, language, night, cut },
  );
}

async function faultsOf(page: Page, size: Size, look: Look): Promise<string[]> {
  await show(page, look);
  const name = [look.view, look.language, size, look.night ? "night" : "", look.cut ? "cut" : ""]
    .filter(Boolean)
    .join(".");
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: size.endsWith("200") });
  const faults = await page.evaluate(measurePage, SIZES[size].limits);
  return faults.map((fault) => `${name}: ${fault}`);
}

describe.each(Object.keys(SIZES) as Size[])("every state at %s", (size) => {
  it.each(LANGUAGES)("has room, contrast and large keys in %s", async (language) => {
    const page = await openPage(size);
    const faults: string[] = [];
    for (const view of FIXTURE_NAMES) faults.push(...(await faultsOf(page, size, { view, language })));
    await page.close();
    expect(faults).toEqual([]);
  });
});

describe("every state", () => {
  it.each([{ night: true }, { cut: true }])("keeps its contrast: %o", async (how) => {
    const page = await openPage("landscape");
    const faults: string[] = [];
    for (const view of FIXTURE_NAMES) {
      faults.push(...(await faultsOf(page, "landscape", { view, language: "ja", ...how })));
    }
    await page.close();
    expect(faults).toEqual([]);
  });

  it("gives axe-core nothing to find", async () => {
    const page = await openPage("landscape");
    const findings: string[] = [];
    for (const [index, view] of FIXTURE_NAMES.entries()) {
      const language = LANGUAGES[index % LANGUAGES.length] ?? "ja";
      await show(page, { view, language, night: index % 2 === 1 });
      findings.push(...(await axeFindings(page)).map((finding) => `${view} ${language}: ${finding}`));
    }
    await page.close();
    expect(findings).toEqual([]);
  });

  it("leaves the bottom row where it was", async () => {
    const page = await openPage("landscape");
    const places = new Set<string>();
    for (const view of FIXTURE_NAMES) {
      await show(page, { view, language: "ja" });
      places.add(
        await page.evaluate(() =>
          [...document.querySelectorAll(".cab-keys .key, .strip")]
            .map((element) => element.getBoundingClientRect())
            .map((rect) => [rect.x, rect.y, rect.width, rect.height].map(Math.round).join(" "))
            .join(" | "),
        ),
      );
    }
    await page.close();
    expect([...places]).toHaveLength(1);
  });
});

describe("what opens on the screen", () => {
  it("shows how the amount came about, by keyboard, in every language", async () => {
    const page = await openPage("landscape");
    for (const language of LANGUAGES) {
      await show(page, { view: "paying-two", language });
      await page.locator(".sum-column .key").focus();
      await page.keyboard.press("Enter");
      expect(await page.locator(".step").count()).toBe(7);
      expect(await page.evaluate(measurePage, TABLET), language).toEqual([]);
      expect(await axeFindings(page), language).toEqual([]);
      await page.locator(".explanation-head .key").press("Enter");
      expect(await page.locator(".hero").count()).toBe(1);
    }
    await page.close();
  });

  it.each(["landscape", "portrait"] as const)("takes a fare typed twice, %s", async (size) => {
    const page = await openPage(size);
    await show(page, { view: "riding-keypad", language: "ja" });
    await page.locator(".act-second").click();
    await page.keyboard.type("1070");
    expect(await page.locator(".keypad-amount").textContent()).toBe("1,070円");
    expect(await page.evaluate(measurePage, TABLET)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.keyboard.type("1700");
    await page.keyboard.press("Enter");
    expect(await page.locator(".keypad-prompt").textContent()).toContain("ちがいます");
    await page.keyboard.type("1700");
    await page.keyboard.press("Enter");
    await page.keyboard.type("1700");
    await page.keyboard.press("Enter");
    expect(await page.locator(".keypad").count()).toBe(0);
    await page.close();
  });

  it("asks before it takes anything away, the harmless answer in the same corner", async () => {
    const page = await openPage("landscape");
    await show(page, { view: "done", language: "ja" });
    const corner = await page.locator(".act-primary").boundingBox();
    await page.locator(".act-second").click();
    expect(await page.evaluate(measurePage, TABLET)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.locator(".act", { hasText: "やめる" }).boundingBox()).toEqual(corner);
    await page.close();
  });
});
