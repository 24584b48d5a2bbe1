import type { MunicipalityId } from "#domain/ids.ts";
import type { Log } from "./log.ts";

/** What is tidied, and how often. */
export interface HousekeepingDeps {
  readonly municipalities: readonly MunicipalityId[];
  /** Pause between two runs. */
  readonly everyMs: number;
  /** Releases the holds of a municipality that ran out. */
  expireHolds(municipality: MunicipalityId): Promise<unknown>;
  /** Forgets sessions that are over. */
  forgetSessions(): Promise<unknown>;
  readonly log: Pick<Log, "warn">;
}

/** Housekeeping that goes on until it is stopped. */
export interface Housekeeping {
  /** No run begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Releases holds that ran out and forgets sessions that are over. A run begins after the one before has ended, however
 * long it took; what fails in one city is tried again in the next run and keeps nothing from the others.
 */
export function startHousekeeping(deps: HousekeepingDeps): Housekeeping {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let waiting: NodeJS.Timeout;
  const attempt = async (work: () => Promise<unknown>, fields: object): Promise<void> => {
    if (isStopped) return;
    try {
      await work();
    } catch (error) {
      deps.log.warn({ ...fields, err: error }, "housekeeping failed; it will be tried again");
    }
  };
  const run = async (): Promise<void> => {
    for (const municipality of deps.municipalities)
      await attempt(() => deps.expireHolds(municipality), { municipality });
    await attempt(() => deps.forgetSessions(), {});
  };
  const next = (): void => {
    waiting = setTimeout(() => {
      running = run().then(() => {
        if (!isStopped) next();
      });
    }, deps.everyMs);
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(waiting);
      await running;
    },
  };
}
