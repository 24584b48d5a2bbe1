import type { Database } from "#server/storage/database.ts";
import { migrate } from "#server/storage/migrate.ts";
import { IN_MEMORY, openPgliteDatabase } from "#server/storage/pglite-database.ts";
import { openPostgresDatabase } from "#server/storage/postgres-database.ts";
import { type PostgresCluster, startPostgresCluster } from "./postgres-cluster.ts";

/** Makes migrated databases of one kind for a suite that runs on both kinds. */
export interface DatabaseSource {
  readonly kind: Database["kind"];
  /** A new, empty, migrated database. On PGlite it lives in memory. */
  create(): Promise<Database>;
  /** Closes what was made and ends the server. */
  close(): Promise<void>;
}

/** Embedded databases in memory. */
export function pgliteSource(): DatabaseSource {
  const made: Database[] = [];
  return {
    kind: "pglite",
    async create() {
      const database = await openPgliteDatabase(IN_MEMORY);
      made.push(database);
      await migrate(database, 0);
      return database;
    },
    async close() {
      for (const database of made) await database.close();
    },
  };
}

/** Databases of a private PostgreSQL cluster, started with the first one. */
export function postgresSource(): DatabaseSource {
  const made: Database[] = [];
  let cluster: Promise<PostgresCluster> | undefined;
  return {
    kind: "postgres",
    async create() {
      cluster ??= startPostgresCluster();
      const connectionString = await (await cluster).createDatabase(`t${made.length}`);
      const database = openPostgresDatabase({ connectionString });
      made.push(database);
      await migrate(database, 0);
      return database;
    },
    async close() {
      for (const database of made) await database.close();
      await (await cluster)?.stop();
    },
  };
}
