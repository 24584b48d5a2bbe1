import type { Database } from "#server/storage/database.ts";
import type { RideServiceDeps } from "./ride-service-deps.ts";

/** Events written by this process after which statistics are taken anew; later every time the log has doubled… */
const FIRST_ANALYSE = 500;
/** …and at the latest after so many more. */
const MOST_BETWEEN = 200_000;

const SAMPLE = 10;

/**
 * Statements prepared while the tables were empty keep plans for empty tables. After the first rows statistics are
 * taken and statements forgotten, which doubles throughput. The embedded database has nobody who clears away dead rows:
 * the tables whose rows change are cleared here.
 * @returns to be told of every batch written
 */
export function maintainStatistics(database: Database, log: RideServiceDeps["log"]): (events: number) => void {
  let written = 0;
  let next = FIRST_ANALYSE;
  return (events) => {
    written += events;
    if (written < next) return;
    next = Math.min(written * 2, written + MOST_BETWEEN);
    refresh(database).catch((error: unknown) => log.warn({ err: error }, "statistics could not be taken"));
  };
}

async function refresh(database: Database): Promise<void> {
  if (database.kind === "pglite") await database.query("VACUUM usage_counter, hold, log_head");
  // Keys are spread evenly: a tenth of the usual sample plans as well, and nobody waits for it.
  await database.query(`SET default_statistics_target = ${SAMPLE}; ANALYZE; RESET default_statistics_target`);
  await database.reopen();
}
