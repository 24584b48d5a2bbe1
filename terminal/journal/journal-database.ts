import { dirname } from "node:path";
import Database from "better-sqlite3";
import { closeToOthers, makePrivateDirectory, makePrivateFile } from "../private-files.ts";
import { JournalError, toJournalError } from "./journal-error.ts";
import { MIGRATIONS } from "./migrations.ts";

/** A row as SQLite gives it. */
export type Row = Record<string, string | number | null>;

/**
 * The journal's file: one process, every commit on the disk (`synchronous = FULL`), schema brought up to date at
 * opening. Every method throws JournalError.
 */
export class JournalDatabase {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  /** @param file path, or `:memory:` */
  constructor(file: string, maxPages: number) {
    try {
      if (file !== ":memory:") makePrivate(file);
      this.#db = new Database(file, { timeout: 0 });
      prepare(this.#db);
      this.#db.pragma(`max_page_count = ${maxPages}`);
    } catch (cause) {
      throw toJournalError(cause);
    }
  }

  /** Does everything in `act` or nothing. */
  write<T>(act: () => T): T {
    return this.read(() => this.#db.transaction(act).immediate());
  }

  read<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw toJournalError(cause);
    }
  }

  run(sql: string, values: Record<string, unknown>): Database.RunResult {
    return this.#statement(sql).run(values);
  }

  all(sql: string, values: Record<string, unknown>): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  close(): void {
    this.#db.close();
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** What SQLite puts beside the file takes its mode; what an earlier version left there is closed to others now. */
function makePrivate(file: string): void {
  makePrivateDirectory(dirname(file));
  makePrivateFile(file);
  for (const beside of ["-wal", "-shm", "-journal"]) closeToOthers(`${file}${beside}`);
}

function prepare(db: Database.Database): void {
  db.pragma("locking_mode = EXCLUSIVE");
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  const check = db.pragma("quick_check(1)", { simple: true });
  if (check !== "ok") throw new JournalError("CORRUPT", `the journal is damaged: ${String(check)}`);
  const version = Number(db.pragma("user_version", { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new JournalError("NEWER_VERSION", `the journal was written by a newer version (${version})`);
  }
  MIGRATIONS.slice(version).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version + index + 1}`);
    })();
  });
}
