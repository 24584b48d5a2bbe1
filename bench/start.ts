import { setTimeout as wait } from "node:timers/promises";
import { type DemoSystem, startDemoSystem } from "#tests/kit/demo-system.ts";
import { type Bench, type BenchRow, summarize } from "./measure.ts";

const HISTORY_RIDES = 100_000;
/** As `npm start` without settings. */
const USUAL_CABS = 80;
const FIRST_STARTS = 2;
const LATER_STARTS = 3;
const LONGEST_HISTORY_MS = 300_000;
const IN_SECONDS = 1_000;

/** `npm start` in an empty directory, its history, and later starts on what the first one left. */
export const startBench: Bench = {
  name: "start",
  async run() {
    const first: number[] = [];
    const history: number[] = [];
    const later: number[] = [];
    for (let n = 0; n < FIRST_STARTS; n++) {
      const begun = await startDemoSystem({ historyRides: HISTORY_RIDES, cabs: USUAL_CABS });
      try {
        first.push(begun.usableAfterMs / IN_SECONDS);
        history.push(await historySeconds(begun));
      } finally {
        await begun.end();
      }
      for (let again = 0; n === 0 && again < LATER_STARTS; again++) {
        const { dataDirectory } = begun;
        const started = await startDemoSystem({ historyRides: HISTORY_RIDES, cabs: USUAL_CABS, dataDirectory });
        later.push(started.usableAfterMs / IN_SECONDS);
        await started.end();
      }
      begun.remove();
    }
    return [
      row("first start, usable", first, { atMost: 20, sizes: "empty directory" }),
      row("first start, history complete", history, {
        atMost: 60,
        sizes: `${HISTORY_RIDES} rides, counted from the start`,
      }),
      row("later start, usable", later, { atMost: 5, sizes: `${HISTORY_RIDES} rides there` }),
    ];
  },
};

/** Waits until the program says that its history is complete, and returns what it says of the time. */
async function historySeconds(system: DemoSystem): Promise<number> {
  const until = performance.now() + LONGEST_HISTORY_MS;
  while (performance.now() < until) {
    const said = /history is complete: (\d+) rides, (\d+) s/.exec(system.output());
    if (said) {
      if (Number(said[1]) !== HISTORY_RIDES) throw new Error(`the history has ${said[1]} rides`);
      return Number(said[2]);
    }
    await wait(100);
  }
  throw new Error(`the history was not complete in time:\n${system.output()}`);
}

function row(name: string, seconds: readonly number[], how: { atMost: number; sizes: string }): BenchRow {
  return {
    name,
    sizes: how.sizes,
    unit: "s",
    measured: summarize(seconds),
    baseline: null,
    ratio: null,
    target: { atMost: how.atMost },
  };
}
