import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Database, type Sql, StorageError } from "./database.ts";

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly sql: string;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** Any constant will do; it only has to be the same in every process. */
const ADVISORY_LOCK = 7_306_481;

const MIGRATIONS_DIRECTORY = path.join(import.meta.dirname, "migrations");

/**
 * Brings the schema up to date: numbered files, forward only, each in one transaction, each recorded with its
 * checksum. Two processes may start at once; one waits for the other.
 * @returns versions applied by this call
 * @throws StorageError OTHER when an applied file was edited, or the database is newer than the program
 */
export async function migrate(
  database: Database,
  nowMs: number,
  directory: string = MIGRATIONS_DIRECTORY,
): Promise<readonly number[]> {
  const migrations = await readMigrations(directory);
  await database.transaction(async (tx) => {
    await lock(tx);
    await tx.query(
      `CREATE TABLE IF NOT EXISTS schema_migration (
         version int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at_ms bigint NOT NULL)`,
    );
  });
  const applied: number[] = [];
  for (const migration of migrations) {
    const isNew = await database.transaction((tx) => apply(tx, migration, nowMs));
    if (isNew) applied.push(migration.version);
  }
  const newest = migrations.at(-1)?.version ?? 0;
  const [unknown] = await database.query<Applied>("SELECT * FROM schema_migration WHERE version > $1", [newest]);
  if (unknown) {
    throw new StorageError(
      "OTHER",
      `The database was used by a newer version: it has migration ${unknown.name}, which this program does not know.`,
    );
  }
  return applied;
}

async function lock(tx: Sql): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock($1::bigint) IS NULL AS locked", [ADVISORY_LOCK]);
}

async function apply(tx: Sql, migration: Migration, nowMs: number): Promise<boolean> {
  await lock(tx);
  const [known] = await tx.query<Applied>("SELECT version, name, checksum FROM schema_migration WHERE version = $1", [
    migration.version,
  ]);
  if (known) {
    if (known.checksum === migration.checksum) return false;
    throw new StorageError("OTHER", `migration ${migration.name} was edited after it had been applied`);
  }
  try {
    await tx.query(migration.sql);
  } catch (error) {
    throw new StorageError("OTHER", `migration ${migration.name} failed: ${(error as Error).message}`, error);
  }
  await tx.query("INSERT INTO schema_migration (version, name, checksum, applied_at_ms) VALUES ($1, $2, $3, $4)", [
    migration.version,
    migration.name,
    migration.checksum,
    nowMs,
  ]);
  return true;
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  const migrations = await Promise.all(
    names.map(async (name): Promise<Migration> => {
      const sql = await readFile(path.join(directory, name), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { version: Number(name.slice(0, 4)), name, checksum, sql };
    }),
  );
  for (const [index, migration] of migrations.entries()) {
    if (migrations[index - 1]?.version === migration.version) {
      throw new StorageError("OTHER", `two migrations have the number ${migration.version}`);
    }
  }
  return migrations;
}
