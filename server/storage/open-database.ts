import { type Database, StorageError } from "./database.ts";
import { toStorageError } from "./sql-state.ts";

export interface DatabaseConfig {
  /** `postgres://…`, or null for the embedded database. */
  readonly databaseUrl: string | null;
  /** Directory of the embedded database, or `memory://`. */
  readonly dataDir: string;
}

/**
 * Opens the database the settings name; it is not migrated yet.
 * @throws StorageError LOCKED when another process uses the directory, UNAVAILABLE when it cannot be reached
 */
export async function openDatabase(config: DatabaseConfig, onIdleError?: (error: Error) => void): Promise<Database> {
  if (config.databaseUrl === null) {
    const { openPgliteDatabase } = await import("./pglite-database.ts");
    return openPgliteDatabase(config.dataDir);
  }
  const { openPostgresDatabase } = await import("./postgres-database.ts");
  const database = openPostgresDatabase({
    connectionString: config.databaseUrl,
    ...(onIdleError ? { onIdleError } : {}),
  });
  try {
    await database.query("SELECT 1");
  } catch (error) {
    await database.close();
    const { code } = toStorageError(error);
    throw new StorageError(code, `The database of DATABASE_URL cannot be used: ${whyOf(error)}.`, error);
  }
  return database;
}

/** What the driver said, without who speaks. */
function whyOf(error: unknown): string {
  return (error as Error).message.replace(/^database: /, "");
}
