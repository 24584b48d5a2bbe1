import type { Sql } from "#server/storage/database.ts";

/** A number that grows with every change of companies, vehicles or terminals: what is remembered counts for one of them. */
export interface FleetVersion {
  /** The version now; another process's change is noticed within {@link FRESH_MS}, this one's after {@link doubt}. */
  current(): Promise<number>;
  /** Nothing counts any more until the database has been asked. */
  doubt(): void;
}

/** How long a version counts without another look into the database. */
export const FRESH_MS = 500;
/** From this age on the next look is taken ahead, so that a steady flow of calls never waits behind a transaction. */
const AHEAD_MS = 200;

/** The version as `sql` knows it. `elapsedMs` is a monotonic clock. */
export function createFleetVersion(sql: Sql, elapsedMs: () => number): FleetVersion {
  let version = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let doubts = 0;
  let looking: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const at = elapsedMs();
    const asOf = doubts;
    const [row] = await sql.query<{ version: number }>(
      "SELECT coalesce(sum(version), 0)::bigint AS version FROM fleet_version",
    );
    version = row?.version ?? 0;
    // Doubted meanwhile: the answer may be of before.
    if (asOf === doubts) lookedAt = at;
  };
  const startLook = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  return {
    doubt() {
      doubts += 1;
      lookedAt = Number.NEGATIVE_INFINITY;
    },
    async current() {
      const age = elapsedMs() - lookedAt;
      if (age >= FRESH_MS) {
        await startLook();
        // A look that had begun before a doubt says nothing about what was doubted.
        if (elapsedMs() - lookedAt >= FRESH_MS) await startLook();
      } else if (age >= AHEAD_MS) {
        // Who must have the answer waits for it, and is told of a failure then.
        startLook().catch(() => undefined);
      }
      return version;
    },
  };
}

/** Tells every process that the fleet of a municipality changed. Part of the transaction that changes it. */
export async function bumpFleetVersion(sql: Sql, municipality: string): Promise<void> {
  await sql.query(
    `INSERT INTO fleet_version (municipality, version) VALUES ($1, 1)
     ON CONFLICT (municipality) DO UPDATE SET version = fleet_version.version + 1`,
    [municipality],
  );
}
