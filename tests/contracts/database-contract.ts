import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, StorageError } from "#server/storage/database.ts";
import { migrate } from "#server/storage/migrate.ts";
import type { DatabaseSource } from "../kit/databases.ts";

/** What every database behind `Database` keeps to; run on each kind. */
export function databaseContract(source: DatabaseSource): void {
  let database: Database;
  beforeAll(async () => {
    database = await source.create();
    await database.query(
      "CREATE TABLE sample (id int PRIMARY KEY, big bigint, exact numeric, at timestamptz, doc jsonb, raw bytea, yes boolean)",
    );
  });
  afterAll(() => source.close());
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "no error",
      (error: unknown) => (error instanceof StorageError ? error.code : error),
    );

  describe("values", () => {
    it("come back as they went in", async () => {
      const raw = new Uint8Array([0, 1, 92, 34, 255]);
      const doc = { text: 'a "quoted" \\ word', list: [1, null, { deep: true }] };
      const big = Number.MAX_SAFE_INTEGER;
      await database.query("INSERT INTO sample (id, big, exact, doc, raw, yes) VALUES ($1, $2, $3, $4, $5, $6)", [
        1,
        -big,
        12,
        doc,
        raw,
        true,
      ]);
      const [row] = await database.query("SELECT id, big, exact, at, doc, raw, yes FROM sample WHERE id = $1", [1]);
      expect(row).toEqual({ id: 1, big: -big, exact: 12, at: null, doc, raw, yes: true });
    });

    it("are integers or nothing: an unsafe one is an error", async () => {
      expect(await codeOf(database.query("SELECT 9007199254740993::bigint AS n", []))).toBe("OTHER");
      expect(await codeOf(database.query("SELECT 1.5::numeric AS n", []))).toBe("OTHER");
      expect(await database.query("SELECT sum(n) AS n FROM unnest($1::bigint[]) AS n", [[1, 2, 3]])).toEqual([
        { n: 6 },
      ]);
    });

    it("travel in arrays, with nulls and every awkward character", async () => {
      const words = ['"', "\\", "{a,b}", "", "NULL", "日本", " space "];
      const bytes = [new Uint8Array([1]), new Uint8Array([34, 92])];
      const rows = await database.query(
        "SELECT w, b, n FROM unnest($1::text[], $2::bytea[], $3::int[]) WITH ORDINALITY AS x(w, b, n, o) ORDER BY o",
        [words, bytes, [1, null]],
      );
      expect(rows.map((row) => (row as { w: string }).w)).toEqual(words);
      expect(rows[1]).toEqual({ w: "\\", b: bytes[1], n: null });
      expect(
        await database.query("SELECT $1::text[] AS a, $2::bigint[] AS b", [
          ["x", null],
          [5, 6],
        ]),
      ).toEqual([{ a: ["x", null], b: [5, 6] }]);
    });
  });

  describe("transactions", () => {
    it("roll back when the work throws, and say so with the work's own error", async () => {
      const failure = new Error("stop");
      const work = database.transaction(async (tx) => {
        await tx.query("INSERT INTO sample (id) VALUES ($1)", [50]);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await database.query("SELECT id FROM sample WHERE id = $1", [50])).toEqual([]);
    });

    it("tell a broken constraint, and stay usable", async () => {
      expect(await codeOf(database.query("INSERT INTO sample (id) VALUES ($1), ($1)", [60]))).toBe("CONSTRAINT");
      expect(await codeOf(database.query("SELECT * FROM nothing_here", []))).toBe("OTHER");
      const again = await database.transaction((tx) => tx.query("SELECT 1 AS one", []));
      expect(again).toEqual([{ one: 1 }]);
    });

    it("do not commit what failed inside, even when the work swallowed it", async () => {
      const work = database.transaction(async (tx) => {
        await tx.query("INSERT INTO sample (id) VALUES ($1)", [70]);
        await tx.query("INSERT INTO sample (id) VALUES ($1)", [70]).catch(() => undefined);
      });
      expect(await codeOf(work)).toBe("OTHER");
      expect(await database.query("SELECT id FROM sample WHERE id = 70")).toEqual([]);
    });

    it("finish with their last statements, or not at all", async () => {
      const insert = (id: number) => ({ text: "INSERT INTO sample (id) VALUES ($1) RETURNING id", parameters: [id] });
      const ids = async (from: number): Promise<unknown> =>
        database.query("SELECT id FROM sample WHERE id BETWEEN $1 AND $1 + 9 ORDER BY id", [from]);
      const rows = await database.transaction((tx) => tx.finish([insert(90), insert(91)]));
      expect(rows.at(-1)).toEqual({ id: 91 });
      expect(await ids(90)).toEqual([{ id: 90 }, { id: 91 }]);
      const twice = database.transaction(async (tx) => {
        await tx.query("INSERT INTO sample (id) VALUES ($1)", [100]);
        return tx.finish([insert(101), insert(101)]);
      });
      expect(await codeOf(twice)).toBe("CONSTRAINT");
      const swallowed = database.transaction(async (tx) => {
        await tx.finish([insert(102), insert(102)]).catch(() => undefined);
      });
      expect(await codeOf(swallowed)).toBe("OTHER");
      expect(await ids(100)).toEqual([]);
      expect(await database.transaction(async () => "nothing was asked")).toBe("nothing was asked");
    });

    it("carry out what is handed over ahead first, and all or nothing of it", async () => {
      const insert = (id: number) => ({ text: "INSERT INTO sample (id) VALUES ($1)", parameters: [id] });
      const count = { text: "SELECT count(*)::int AS n FROM sample WHERE id BETWEEN 110 AND 119", parameters: [] };
      const rows = await database.transaction(async (tx) => {
        await tx.ahead(insert(110));
        await tx.ahead(insert(111));
        return tx.finish([count]);
      });
      expect(rows).toEqual([{ n: 2 }]);
      const failing = database.transaction(async (tx) => {
        await tx.ahead(insert(112));
        await tx.ahead(insert(110));
        return tx.finish([insert(113)]);
      });
      // The cause, and not what follows from it.
      expect(await codeOf(failing)).toBe("CONSTRAINT");
      expect(await database.query(count.text, [])).toEqual([{ n: 2 }]);
    });

    it("keep to their own statements however many texts there are", async () => {
      for (let n = 0; n < 420; n++) {
        expect(await database.query(`SELECT ${n} + $1::int AS n`, [1])).toEqual([{ n: n + 1 }]);
      }
      const insert = (id: number) => ({ text: `INSERT INTO sample (id, big) VALUES ($1, ${id})`, parameters: [id] });
      await database.transaction(async (tx) => {
        await tx.ahead(insert(120));
        return tx.finish([insert(121), insert(122)]);
      });
      expect(await database.query("SELECT id, big FROM sample WHERE id BETWEEN 120 AND 129 ORDER BY id")).toEqual([
        { id: 120, big: 120 },
        { id: 121, big: 121 },
        { id: 122, big: 122 },
      ]);
      expect(await database.query("SELECT 0 + $1::int AS n", [1])).toEqual([{ n: 1 }]);
    });

    it("tell the first cause also when what follows has never been asked before", async () => {
      const failing = database.transaction(async (tx) => {
        await tx.ahead({ text: "INSERT INTO sample (id) VALUES ($1), ($1)", parameters: [130] });
        return tx.finish([{ text: "SELECT 'never asked before' AS word, $1::int AS n", parameters: [1] }]);
      });
      expect(await codeOf(failing)).toBe("CONSTRAINT");
    });

    it("do not disturb each other when many are under way and some fail", async () => {
      const insert = (id: number) => ({ text: "INSERT INTO sample (id) VALUES ($1)", parameters: [id] });
      const ids = Array.from({ length: 40 }, (_, index) => 200 + index);
      const outcomes = await Promise.all(
        ids.map((id) =>
          codeOf(
            database.transaction(async (tx) => {
              if (id % 2 === 0) await tx.query("SELECT 1 AS one", []);
              // Every fifth writes its row twice.
              return tx.finish(id % 5 === 0 ? [insert(id), insert(id)] : [insert(id)]);
            }),
          ),
        ),
      );
      expect(outcomes).toEqual(ids.map((id) => (id % 5 === 0 ? "CONSTRAINT" : "no error")));
      const rows = await database.query<{ id: number }>(
        "SELECT id FROM sample WHERE id BETWEEN 200 AND 239 ORDER BY id",
      );
      expect(rows.map((row) => row.id)).toEqual(ids.filter((id) => id % 5 !== 0));
    });

    it("keep statements from outside out", async () => {
      await database.query("INSERT INTO sample (id, big) VALUES ($1, 0)", [80]);
      await Promise.all(
        Array.from({ length: 20 }, () =>
          database.transaction(async (tx) => {
            const [row] = await tx.query<{ big: number }>("SELECT big FROM sample WHERE id = 80 FOR UPDATE", []);
            await tx.query("UPDATE sample SET big = $1 WHERE id = 80", [(row?.big ?? 0) + 1]);
          }),
        ),
      );
      expect(await database.query("SELECT big FROM sample WHERE id = $1", [80])).toEqual([{ big: 20 }]);
    });
  });

  it("goes on after its statements were forgotten", async () => {
    expect(await database.query("SELECT $1::int AS n", [1])).toEqual([{ n: 1 }]);
    await database.reopen();
    expect(await database.query("SELECT $1::int AS n", [2])).toEqual([{ n: 2 }]);
  });

  it("forgets nobody who waits while its statements are forgotten", async () => {
    const waiting = Array.from({ length: 40 }, (_, i) =>
      database.transaction((tx) => tx.query<{ n: number }>("SELECT $1::int AS n, pg_sleep(0.01)", [i])),
    );
    await Promise.all([database.reopen(), database.query("SELECT 1 AS one", [])]);
    const answers = await Promise.all(waiting);
    expect(answers.map(([row]) => row?.n)).toEqual(answers.map((_, i) => i));
  });

  describe("migrations", () => {
    const files = async (contents: Readonly<Record<string, string>>): Promise<string> => {
      const directory = await mkdtemp(path.join(tmpdir(), "notte-migrations-"));
      for (const [name, sql] of Object.entries(contents)) await writeFile(path.join(directory, name), sql);
      return directory;
    };

    it("were all applied, once", async () => {
      expect(await migrate(database, 1)).toEqual([]);
    });

    it("run once when two processes start at the same time", async () => {
      const fresh = await source.create();
      await fresh.query("DROP TABLE schema_migration");
      const directory = await files({ "0001_one.sql": "CREATE TABLE one (a int); CREATE TABLE two (a int);" });
      const applied = await Promise.all([migrate(fresh, 1, directory), migrate(fresh, 1, directory)]);
      expect(applied.flat()).toEqual([1]);
      await rm(directory, { recursive: true });
    });

    it("refuse an edited file and a database from the future, and undo one that fails", async () => {
      const fresh = await source.create();
      await fresh.query("DROP TABLE schema_migration");
      const first = await files({ "0001_one.sql": "CREATE TABLE one (a int)" });
      await migrate(fresh, 1, first);
      const edited = await files({ "0001_one.sql": "CREATE TABLE one (a bigint)" });
      await expect(migrate(fresh, 1, edited)).rejects.toThrow("0001_one.sql was edited");
      const broken = await files({
        "0001_one.sql": "CREATE TABLE one (a int)",
        "0002_two.sql": "CREATE TABLE two (a int); SELECT nonsense",
      });
      await expect(migrate(fresh, 1, broken)).rejects.toThrow("0002_two.sql failed");
      expect(await codeOf(fresh.query("SELECT * FROM two", []))).toBe("OTHER");
      const empty = await files({});
      await expect(migrate(fresh, 1, empty)).rejects.toThrow("does not know");
      for (const directory of [first, edited, broken, empty]) await rm(directory, { recursive: true });
    });
  });
}
