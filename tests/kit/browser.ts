import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Tests may run as root. */
const FLAGS = ["--no-sandbox"];
/** A graphics card made of software, so that maps draw. Every page is then painted through it, at three times the time. */
const MAP_FLAGS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];

/** Starts the system's Chromium; without maps it paints as a browser without a graphics card does. Throws when there is none. */
export function launchBrowser({ maps = true }: { readonly maps?: boolean } = {}): Promise<Browser> {
  const executablePath = PATHS.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium found: apt-get install chromium");
  return chromium.launch({ executablePath, args: maps ? [...FLAGS, ...MAP_FLAGS] : FLAGS });
}

/** What axe-core finds wrong on a page or frame (WCAG 2.2 A and AA and best practices), one line a finding. */
export async function axeFindings(page: Page | Frame): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { iframes: false });
    return violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
}
