import { join } from "node:path";
import { z } from "zod";
import { runFleet } from "../fleet/run-fleet.ts";
import { seedDaySoFar, seedHistory } from "../history/seed-history.ts";

/**
 * The city around the demo's cab: the free taxis of the live fleet at once, then the history in time order, then
 * passengers. Tells the parent over its channel how far the history is. Ends with SIGTERM.
 */

const environment = z.object({
  SERVER_URL: z.url(),
  CITIES_DIR: z.string(),
  DATA_DIR: z.string(),
  CLOCK_OFFSET_MS: z.coerce.number().int(),
  DEMO_MUNICIPALITY: z.string(),
  DEMO_SEED: z.coerce.number().int(),
  DEMO_CABS: z.coerce.number().int().min(0),
  DEMO_HISTORY_RIDES: z.coerce.number().int().min(0),
  DEMO_HISTORY_UNTIL: z.string(),
  DEMO_HISTORY_FINISHED: z.enum(["yes", "no"]),
});

const REPORT_EVERY_MS = 250;

async function main(): Promise<void> {
  const settings = environment.parse(process.env);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  const now = (): number => Date.now() + settings.CLOCK_OFFSET_MS;
  const common = {
    serverUrl: settings.SERVER_URL,
    municipality: settings.DEMO_MUNICIPALITY,
    citiesDirectory: settings.CITIES_DIR,
    seed: settings.DEMO_SEED,
    now,
    signal: stop.signal,
  };
  const tell = (done: number, total: number, finished: boolean): void => {
    // A parent that is gone needs no news; its going ends this process.
    if (process.connected) process.send?.({ kind: "history", done, total, finished }, () => undefined);
  };
  let hasHistory = settings.DEMO_HISTORY_FINISHED === "yes" || settings.DEMO_HISTORY_RIDES === 0;
  const fleet =
    settings.DEMO_CABS === 0
      ? Promise.resolve()
      : runFleet({
          ...common,
          cabs: settings.DEMO_CABS,
          testCaDirectory: join(settings.DATA_DIR, "test-ca"),
          takesPassengers: () => hasHistory,
        });
  const history = async (): Promise<void> => {
    if (!hasHistory) {
      let toldAtMs = 0;
      const past = { ...common, rides: settings.DEMO_HISTORY_RIDES, until: settings.DEMO_HISTORY_UNTIL };
      await seedHistory({
        ...past,
        onProgress: ({ done, total }) => {
          if (now() - toldAtMs < REPORT_EVERY_MS) return;
          toldAtMs = now();
          tell(done, total, false);
        },
      });
      await seedDaySoFar(past);
    }
    hasHistory = true;
    tell(settings.DEMO_HISTORY_RIDES, settings.DEMO_HISTORY_RIDES, true);
  };
  await Promise.all([history(), fleet]);
}

try {
  await main();
} catch (cause) {
  if (cause instanceof Error && cause.name !== "AbortError" && !("code" in cause && cause.code === "ABORTED")) {
    process.stderr.write(`notte: the simulated city ended: ${cause.message}\n`);
    process.exitCode = 1;
  }
}
