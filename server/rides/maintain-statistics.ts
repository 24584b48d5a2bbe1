import type { Database } from "#server/storage/database.ts";
import type { RideServiceDeps } from "./ride-service-deps.ts";

/** Events written by this process after which statistics are taken anew; later every time the log has doubled. */
const FIRST_ANALYSE = 500;

/**
 * Statements prepared while the tables were empty keep plans for empty tables. After the first rows statistics are
 * taken and statements forgotten, which doubles throughput.
 * @returns to be told of every batch written
 */
export function maintainStatistics(database: Database, log: RideServiceDeps["log"]): (events: number) => void {
  let written = 0;
  let next = FIRST_ANALYSE;
  return (events) => {
    written += events;
    if (written < next) return;
    next = written * 2;
    database
      .query("ANALYZE")
      .then(() => database.reopen())
      .catch((error: unknown) => log.warn({ err: error }, "statistics could not be taken"));
  };
}
