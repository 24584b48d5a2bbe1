import type { KioskView } from "#protocol/kiosk/view.ts";
import type { VirtualCard } from "#simulators/card/virtual-card.ts";
import type { Cab, CabObserver } from "#simulators/demo/cab.ts";
import { launchBrowser } from "#tests/kit/browser.ts";
import { startCabStack } from "#tests/kit/cab-kit.ts";
import { type Bench, type BenchRow, summarize } from "./measure.ts";

const ROUNDS = 5;
const TOUCHES = 20;
const WARM_UP = 5;
const PATIENCE_MS = 10_000;
const P95_AT_MOST_MS = 100;

/** One touch after another, timed from the laying to the paint of the answer, card time taken off. */
interface TouchTimer extends CabObserver {
  /** Resolves with the milliseconds of the next touch. */
  next(): Promise<number>;
}

function createTouchTimer(): TouchTimer {
  let laidAt: number | null = null;
  let cardMs = 0;
  let answerRevision: number | null = null;
  let done: ((ms: number) => void) | null = null;
  const isAnswer = ({ phase }: KioskView): boolean => phase === "accepted" || phase === "refused";
  return {
    next: () =>
      new Promise((resolve, reject) => {
        // What is still painted of the touch before is not counted.
        laidAt = null;
        answerRevision = null;
        const timer = setTimeout(() => reject(new Error("no answer was painted")), PATIENCE_MS);
        done = (ms) => {
          clearTimeout(timer);
          done = null;
          resolve(ms);
        };
      }),
    onLay(card): VirtualCard {
      laidAt = performance.now();
      cardMs = 0;
      answerRevision = null;
      return {
        ...card,
        async exchange(command) {
          const startedAt = performance.now();
          try {
            return await card.exchange(command);
          } finally {
            cardMs += performance.now() - startedAt;
          }
        },
      };
    },
    onView(view) {
      if (laidAt !== null && isAnswer(view)) answerRevision ??= view.revision;
    },
    onPainted(revision) {
      if (laidAt === null || answerRevision === null || revision < answerRevision) return;
      done?.(performance.now() - laidAt - cardMs);
    },
  };
}

async function touch(cab: Cab, timer: TouchTimer): Promise<number> {
  const painted = timer.next();
  await cab.command({ kind: "lay", person: "all-well" });
  const ms = await painted;
  await cab.command({ kind: "lift" });
  cab.agent.intent({ kind: "cancel-ride" });
  cab.agent.intent({ kind: "act", act: "next-passenger" });
  for (let waited = 0; cab.journal.counts().outbox > 0 && waited < PATIENCE_MS; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return ms;
}

async function run(): Promise<readonly BenchRow[]> {
  const stack = await startCabStack();
  const browser = await launchBrowser({ maps: false });
  try {
    const timer = createTouchTimer();
    const cab = await stack.cab(timer);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(cab.url);
    await page.waitForFunction(
      () => document.fonts.status === "loaded" && (document.body.textContent?.length ?? 0) > 20,
    );
    for (let number = 0; number < WARM_UP; number += 1) await touch(cab, timer);
    const medians: number[] = [];
    const p95s: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const times: number[] = [];
      for (let number = 0; number < TOUCHES; number += 1) times.push(await touch(cab, timer));
      times.sort((a, b) => a - b);
      medians.push(summarize(times).median);
      p95s.push(times[Math.ceil(times.length * 0.95) - 1] as number);
    }
    await cab.stop();
    const sizes = `${ROUNDS} rounds of ${TOUCHES} touches, PGlite, Chromium 1280×800, APDU time taken off`;
    const row = (name: string, values: readonly number[], target: BenchRow["target"]): BenchRow => ({
      name,
      sizes,
      unit: "ms",
      measured: summarize(values),
      baseline: null,
      ratio: null,
      target,
    });
    return [
      row("touch to paint, p95 of a round", p95s, { atMost: P95_AT_MOST_MS }),
      row("touch to paint, median of a round", medians, null),
    ];
  } finally {
    await browser.close();
    await stack.stop();
  }
}

/** Card laid until the kiosk's answer is painted in Chromium, through reader, agent, journal, server and sockets. */
export const touchToPaintBench: Bench = { name: "touch-to-paint", run };
