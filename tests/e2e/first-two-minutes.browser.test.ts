import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { demoAddresses } from "#protocol/demo/control.ts";
import { loadCities } from "#server/schemes/load-cities.ts";
import { placesOf } from "#simulators/demo/cab-route.ts";
import { axeFindings, launchBrowser } from "#tests/kit/browser.ts";
import { type DemoSystem, startDemoSystem } from "#tests/kit/demo-system.ts";
import { type Seen, strangeToPlanners, taxiMessages, watchLiveStream } from "#tests/kit/planner-eyes.ts";

/** Walks the first two minutes in a real browser over the whole system. */
describe("the first two minutes", () => {
  let system: DemoSystem;
  let browser: Browser;
  let page: Page;
  let cab: FrameLocator;
  let stream: ReturnType<typeof watchLiveStream>;

  beforeAll(async () => {
    system = await startDemoSystem({ historyRides: 2_000, cabs: 10, environment: { CAB_DOOR: "in-process" } });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "ja-JP" });
    stream = watchLiveStream(page);
    await page.goto(system.serverUrl);
    cab = page.frameLocator(".pane-cab iframe");
  });
  afterAll(async () => {
    await browser?.close();
    expect(await system?.end()).toBe(0);
    system?.remove();
  });

  const layButton = () => page.locator(".first .go");
  /** Lays the card of one person, waits until the scripted ride is over, and returns the ride's tag in the cab pane. */
  async function ride(person: string): Promise<string> {
    const before = await page.locator(".pane-cab .ride-tag").allTextContents();
    await page.getByRole("button", { name: person, exact: true }).click();
    await layButton().click();
    await expect.poll(() => layButton().isDisabled(), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => layButton().isEnabled(), { timeout: 40_000 }).toBe(true);
    const tag = page.locator(".pane-cab .ride-tag");
    await expect.poll(() => tag.textContent(), { timeout: 5_000 }).not.toBe(before[0] ?? "");
    return (await tag.textContent()) ?? "";
  }
  const paneText = (pane: string): Promise<string> => page.locator(`.pane-${pane}`).innerText();

  it("opens in Japanese with the kiosk asking for a card, and the history fills in", async () => {
    expect(await page.locator("html").getAttribute("lang")).toBe("ja");
    await cab.getByText("ここに").first().waitFor({ timeout: 20_000 });
    await page.locator(".start .history").waitFor({ state: "detached", timeout: 60_000 });
  });

  /** Everything the page was told over the connections that carry a feed. */
  const toldBy = (feed: string): readonly Seen[] =>
    stream.connections().flatMap((seen) => (JSON.stringify(seen).includes(`"feed":"${feed}"`) ? seen : []));

  it("① one card laid moves cab, company and ledger; the map is told neither the ride nor its cab", async () => {
    // The cab stands free at its first place, to the millionth of a degree: so it is among the free taxis.
    const { latE6, lngE6 } = await firstPlaceOfTheCab(system.serverUrl);
    const keys = (messages: ReturnType<typeof taxiMessages>) =>
      messages.flatMap(({ taxis }) => taxis.filter((taxi) => taxi.latE6 === latE6 && taxi.lngE6 === lngE6));
    await expect.poll(() => keys(taxiMessages(toldBy("picture"))).length, { timeout: 30_000 }).toBeGreaterThan(0);
    const cabKeys = new Set(keys(taxiMessages(toldBy("picture"))).map((taxi) => taxi.taxiKey));
    expect(cabKeys.size).toBe(1);

    const tag = await ride("すべてよし");
    expect(tag).toMatch(/[2-9A-HJ-NP-Z]{3}$/);
    const code = tag.slice(-3);
    await expect.poll(() => paneText("company"), { timeout: 3_000 }).toContain(code);
    await expect.poll(() => paneText("ledger"), { timeout: 3_000 }).toContain(code);
    const [rideKey = ""] =
      new RegExp(`[\\w-]+:[0-9a-f-]{36}(?=","tag":"${code}")`).exec(JSON.stringify(toldBy("company"))) ?? [];
    expect(rideKey).not.toBe("");
    const touchedAtMs = toldBy("ledger").find(({ data }) => tellsOfTouch(data, rideKey))?.arrivedMs ?? 0;
    expect(touchedAtMs).toBeGreaterThan(0);
    const since = taxiMessages(toldBy("picture").filter(({ arrivedMs }) => arrivedMs > touchedAtMs));
    // A whole ride of some nine seconds, a message a second: other taxis are told of, this one is not.
    expect(since.length).toBeGreaterThan(4);
    expect(since.every(({ taxis }) => taxis.length > 0)).toBe(true);
    const withTheCab = since.filter(({ taxis }) => taxis.some((taxi) => cabKeys.has(taxi.taxiKey)));
    expect(withTheCab).toEqual([]);
    expect(keys(since)).toEqual([]);
    expect(strangeToPlanners(toldBy("picture"), [rideKey, rideKey.split(":")[1] ?? "", `"${code}"`])).toEqual([]);
    const ledger = await paneText("ledger");
    expect(ledger).toContain("前橋市");
    expect(ledger).toMatch(/0円 ✓/);
  });

  it("① refusals say why and take no use", async () => {
    await ride("登録がまだ");
    await expect.poll(() => paneText("ledger"), { timeout: 3_000 }).toMatch(/▲/);
    const evening = (await ride("午後6時5分")).slice(-3);
    await expect.poll(() => paneText("ledger"), { timeout: 3_000 }).toMatch(/▲/);
    // Nobody may look for the ride in vain: it is in today's list, or the pane says why it is not.
    await expect.poll(() => paneText("company"), { timeout: 5_000 }).toContain(evening);
  });

  it("① two friends share one ride", async () => {
    await ride("お友だちと2人");
    await expect.poll(() => paneText("ledger"), { timeout: 3_000 }).toMatch(/2回/);
  });

  it("② without signal the cab goes on; restored, the totals agree", async () => {
    const signal = page.locator(".step").first();
    await signal.click();
    await cab.getByText("圏外").first().waitFor({ timeout: 20_000 });
    await expect.poll(() => signal.getAttribute("class"), { timeout: 40_000 }).toContain("now");
    await signal.click();
    const totals = page.locator(".totals");
    await expect.poll(() => totals.getAttribute("data-agree"), { timeout: 20_000 }).toBe("true");
  });

  it("has nothing axe-core objects to, on the page and inside the cab's screen", async () => {
    expect(await axeFindings(page)).toEqual([]);
    const kiosk = page.frames().find((frame) => frame.url().startsWith(system.kioskUrl));
    expect(kiosk).toBeDefined();
    if (kiosk) expect(await axeFindings(kiosk)).toEqual([]);
  });

  it("leads from a pane to the whole screen, signed in as the person it is for", async () => {
    await page.getByRole("button", { name: "台帳の全体を見る" }).click();
    await page.locator(".entries tbody button").first().waitFor({ timeout: 10_000 });
    await page.goto(system.serverUrl);
    await layButton().waitFor();
  });

  it("speaks English when asked", async () => {
    await page.getByText("English").first().click();
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator("h1").innerText()).toMatch(/Notte/i);
  });
});

/** True for a message with the laying of a ride's card. */
function tellsOfTouch(data: unknown, rideKey: string): boolean {
  return JSON.stringify(data).includes(`"type":"touch.held","rideKey":"${rideKey}"`);
}

/** Where the demo's cab stands before its first ride. */
async function firstPlaceOfTheCab(serverUrl: string) {
  const { municipality } = demoAddresses.parse(await (await fetch(`${serverUrl}/demo.json`)).json());
  const city = (await loadCities("cities")).get(asId(municipality));
  const [place] = city ? placesOf(city) : [];
  if (!place) throw new Error("the demo's city has no places");
  return place;
}
