import { describe, expect, it } from "vitest";
import { StorageError } from "#server/storage/database.ts";
import { openPostgresDatabase } from "#server/storage/postgres-database.ts";
import { postgresSource } from "../kit/databases.ts";
import { startPostgresCluster } from "../kit/postgres-cluster.ts";
import { databaseContract } from "./database-contract.ts";

describe("PostgreSQL", () => databaseContract(postgresSource()));

describe("a PostgreSQL that goes away", () => {
  it("is unavailable, then usable again", async () => {
    const cluster = await startPostgresCluster();
    const database = openPostgresDatabase({ connectionString: await cluster.createDatabase("gone") });
    expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await cluster.crash();
    const failure = await database.transaction((tx) => tx.query("SELECT 1")).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageError);
    expect((failure as StorageError).code).toBe("UNAVAILABLE");
    await cluster.start();
    expect(await database.query("SELECT 2 AS two")).toEqual([{ two: 2 }]);
    await database.close();
    await cluster.stop();
  });

  it("leaves a commit unknown when the connection dies in it", async () => {
    const cluster = await startPostgresCluster();
    const database = openPostgresDatabase({ connectionString: await cluster.createDatabase("dying") });
    await database.query("CREATE TABLE t (a int)");
    // A deferred trigger runs inside COMMIT and ends the very connection that commits.
    await database.query(`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER t_die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`);
    const failure = await database
      .transaction((tx) => tx.query("INSERT INTO t VALUES ($1)", [1]))
      .catch((error: unknown) => error);
    expect((failure as StorageError).code).toBe("UNKNOWN_COMMIT");
    const finished = await database
      .transaction((tx) => tx.finish([{ text: "INSERT INTO t VALUES ($1)", parameters: [2] }]))
      .catch((error: unknown) => error);
    expect((finished as StorageError).code).toBe("UNKNOWN_COMMIT");
    expect(await database.query("SELECT * FROM t")).toEqual([]);
    await database.close();
    await cluster.stop();
  });
});
