import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type Database, type Statement, StorageError, type Transaction } from "./database.ts";
import { toStorageError } from "./sql-state.ts";
import { decoderOf, encodeParameter } from "./values.ts";

export interface PostgresOptions {
  readonly connectionString: string;
  /** Most connections of this process. */
  readonly poolSize?: number;
  /** Told about connections that break while idle; the pool replaces them. */
  readonly onIdleError?: (error: Error) => void;
}

const DEFAULT_POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 10;
/** Beyond this many texts statements are no longer kept prepared: a caller that builds texts must not fill memory. */
const MAX_PREPARED = 400;

/** PostgreSQL behind a pool of connections. Connects when first asked. */
export function openPostgresDatabase(options: PostgresOptions): Database {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MAX_PREPARED) return known;
    const name = `s${names.size}`;
    names.set(text, name);
    return name;
  };
  const newPool = (): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.poolSize ?? DEFAULT_POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: "notte",
      pipeline: true,
    } as pg.PoolConfig & { readonly pipeline: boolean });
    pool.on("error", (error) => options.onIdleError?.(error));
    return pool;
  };
  let pool = newPool();

  return {
    kind: "postgres",
    query: (text, parameters) => run(pool, nameOf, text, parameters),
    transaction: (work) => transaction(pool, nameOf, work),
    async reopen() {
      const old = pool;
      pool = newPool();
      // A pool that is told to end forgets those who wait for a connection; those in use finish their transaction first.
      while (old.waitingCount > 0) await delay(LOOK_EVERY_MS);
      await old.end();
    },
    close: () => pool.end(),
  };
}

type NameOf = (text: string) => string | undefined;
interface Queryable {
  query(config: pg.QueryConfig): Promise<pg.QueryResult | pg.QueryResult[]>;
}

async function run<Row extends object>(
  on: Queryable,
  nameOf: NameOf,
  text: string,
  parameters: readonly unknown[] | undefined,
): Promise<Row[]> {
  const types = { getTypeParser: decoderOf } as unknown as pg.CustomTypesConfig;
  try {
    if (!parameters) {
      const results = await on.query({ text, types });
      const last = Array.isArray(results) ? results.at(-1) : results;
      return (last?.rows ?? []) as Row[];
    }
    const name = nameOf(text);
    const values = parameters.map(encodeParameter);
    const result = await on.query(name === undefined ? { text, values, types } : { name, text, values, types });
    return (result as pg.QueryResult).rows as Row[];
  } catch (error) {
    throw toStorageError(error);
  }
}

async function transaction<T>(pool: pg.Pool, nameOf: NameOf, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStorageError(error);
  });
  let broken: Error | undefined;
  // Without a listener a connection that dies between two statements would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on("error", onError);
  const tx = new PostgresTransaction(client, nameOf);
  try {
    const value = await work(tx);
    await tx.commit();
    return value;
  } catch (error) {
    if (isLost(error)) broken ??= error;
    else if (!broken) {
      await tx.rollback().catch((rollback: Error) => {
        broken = rollback;
      });
    }
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

/** `BEGIN` travels with the first statement, `COMMIT` with the last ones: connections are pipelined. */
class PostgresTransaction implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #nameOf: NameOf;
  #began: Promise<unknown> | undefined;
  #committed: Promise<pg.QueryResult> | undefined;
  readonly #ahead: Statement[] = [];

  constructor(client: pg.PoolClient, nameOf: NameOf) {
    this.#client = client;
    this.#nameOf = nameOf;
  }

  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return inOneMessage(this.#client, () => {
      this.#begin();
      return run(this.#client, this.#nameOf, text, parameters);
    });
  }

  /** Kept for the message of `finish`: here another message costs more than the time it would save. */
  async ahead(statement: Statement): Promise<void> {
    this.#ahead.push(statement);
  }

  async finish<Row extends object>(last: readonly Statement[]): Promise<Row[]> {
    const statements = [...this.#ahead.splice(0), ...last];
    const answers = inOneMessage(this.#client, () => {
      this.#begin();
      const sent = statements.map(({ text, parameters }) => run<Row>(this.#client, this.#nameOf, text, parameters));
      this.#committed = this.#client.query("COMMIT");
      return sent;
    });
    // Looked at by commit() or rollback().
    this.#committed?.catch(() => undefined);
    for (const answer of answers) answer.catch(() => undefined);
    try {
      let rows: Row[] = [];
      for (const answer of answers) rows = await answer;
      return rows;
    } catch (error) {
      throw isLost(error) ? unknownCommit(error) : error;
    }
  }

  async commit(): Promise<void> {
    if (this.#began === undefined) return;
    let result: pg.QueryResult;
    try {
      await this.#began;
      result = await (this.#committed ?? this.#client.query("COMMIT"));
    } catch (error) {
      const failure = toStorageError(error);
      throw failure.code === "UNAVAILABLE" ? unknownCommit(error) : failure;
    }
    if (result.command !== "COMMIT") throw new StorageError("OTHER", "the transaction had failed and was rolled back");
  }

  async rollback(): Promise<void> {
    // A commit that follows a failed statement has rolled back by itself.
    if (this.#began !== undefined) await (this.#committed ?? this.#client.query("ROLLBACK"));
  }

  #begin(): void {
    if (this.#began !== undefined) return;
    this.#began = this.#client.query("BEGIN");
    // A connection that dies here fails the statement behind it as well.
    this.#began.catch(() => undefined);
  }
}

/** What `send` writes leaves as one packet: every write to the socket costs as much as a small statement. */
function inOneMessage<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** The connection itself is gone: there is nothing to roll back. */
function isLost(error: unknown): error is StorageError {
  return error instanceof StorageError && (error.code === "UNAVAILABLE" || error.code === "UNKNOWN_COMMIT");
}

function unknownCommit(cause: unknown): StorageError {
  return new StorageError("UNKNOWN_COMMIT", "the connection was lost while committing", cause);
}
