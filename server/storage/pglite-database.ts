import { mkdir } from "node:fs/promises";
import path from "node:path";
import { protocol } from "@electric-sql/pglite";
import { type Database, type Sql, StorageError } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { type PgliteEngine, startPgliteEngine } from "./pglite-engine.ts";
import { storageErrorCode } from "./sql-state.ts";
import { decoderOf, encodeParameter } from "./values.ts";
import { executeMessage, prepareMessage, queryMessage } from "./wire-messages.ts";

/** Keeps everything in memory; for tests. */
export const IN_MEMORY = "memory://";

/** Beyond this many texts statements are no longer kept prepared: a caller that builds texts must not fill memory. */
const MAX_PREPARED = 400;

/**
 * The embedded PostgreSQL. Its own `query` parses and plans every time (1.2 ms here); speaking the wire protocol with
 * kept statements costs a tenth of that.
 * @throws StorageError LOCKED when another process uses the directory
 */
export async function openPgliteDatabase(dataDir: string): Promise<Database> {
  const isMemory = dataDir.startsWith(IN_MEMORY);
  if (!isMemory) await mkdir(dataDir, { recursive: true });
  const unlock = isMemory ? async () => {} : await lockDirectory(dataDir);
  let engine: PgliteEngine;
  try {
    engine = await startPgliteEngine(isMemory ? IN_MEMORY : path.join(dataDir, "pglite"));
  } catch (error) {
    await unlock();
    throw new StorageError("UNAVAILABLE", `the embedded database in ${dataDir} does not start`, error);
  }
  return createPgliteDatabase(engine, unlock);
}

interface Prepared {
  readonly name: string;
  readonly columns: readonly Column[];
}
interface Column {
  readonly name: string;
  readonly decode: (text: string) => unknown;
}

function createPgliteDatabase(engine: PgliteEngine, unlock: () => Promise<void>): Database {
  const prepared = new Map<string, Prepared>();
  let isClosed = false;

  const direct: Sql = {
    async query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]> {
      if (isClosed) throw new StorageError("UNAVAILABLE", "the embedded database is closed");
      if (!parameters) return (await simpleQuery(engine, text)) as Row[];
      let statement = prepared.get(text);
      if (!statement) {
        const keep = prepared.size < MAX_PREPARED;
        statement = await prepare(engine, keep ? `s${prepared.size}` : "", text);
        if (keep) prepared.set(text, statement);
      }
      return (await execute(engine, statement, parameters)) as Row[];
    },
  };

  // The engine is one session: a statement from outside must not slip into somebody's transaction.
  let tail: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };

  return {
    kind: "pglite",
    query: (text, parameters) => exclusively(() => direct.query(text, parameters)),
    transaction: (work) => exclusively(() => transaction(direct, work)),
    reopen: () =>
      exclusively(async () => {
        prepared.clear();
        await simpleQuery(engine, "DEALLOCATE ALL");
      }),
    close: () =>
      exclusively(async () => {
        if (isClosed) return;
        isClosed = true;
        await engine.close();
        await unlock();
      }),
  };
}

async function transaction<T>(direct: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  await direct.query("BEGIN");
  let value: T;
  try {
    value = await work(direct);
  } catch (error) {
    await direct.query("ROLLBACK");
    throw error;
  }
  const [outcome] = await direct.query<{ tag: string }>("COMMIT");
  if (outcome?.tag === "ROLLBACK") throw new StorageError("OTHER", "the transaction had failed and was rolled back");
  return value;
}

interface Answer {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly text?: string;
  readonly fields?: readonly unknown[];
}

/** Sends a message and returns the engine's answers; an error among them is thrown. */
async function exchange(engine: PgliteEngine, message: Uint8Array): Promise<Answer[]> {
  const answers: Answer[] = [];
  new protocol.Parser().parse(await engine.exchange(message), (answer) => {
    answers.push(answer as unknown as Answer);
  });
  const failure = answers.find((answer) => answer.name === "error");
  if (failure) throw new StorageError(storageErrorCode(failure.code), `database: ${failure.message}`, failure);
  return answers;
}

function columnsOf(fields: readonly unknown[]): Column[] {
  return (fields as readonly { name: string; dataTypeID: number }[]).map((field) => ({
    name: field.name,
    decode: decoderOf(field.dataTypeID),
  }));
}

function rowOf(columns: readonly Column[], fields: readonly unknown[]): object {
  const row: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as Column;
    const text = fields[i] as string | null;
    row[column.name] = text === null ? null : column.decode(text);
  }
  return row;
}

async function prepare(engine: PgliteEngine, name: string, text: string): Promise<Prepared> {
  const answers = await exchange(engine, prepareMessage(name, text));
  const description = answers.find((answer) => answer.name === "rowDescription");
  return { name, columns: columnsOf(description?.fields ?? []) };
}

async function execute(engine: PgliteEngine, statement: Prepared, parameters: readonly unknown[]): Promise<object[]> {
  const rows: object[] = [];
  for (const answer of await exchange(engine, executeMessage(statement.name, parameters.map(encodeParameter)))) {
    if (answer.name === "dataRow") rows.push(rowOf(statement.columns, answer.fields ?? []));
  }
  return rows;
}

/** Rows of the last statement that has any; for a statement without rows, its tag. */
async function simpleQuery(engine: PgliteEngine, text: string): Promise<object[]> {
  let rows: object[] = [];
  let columns: Column[] = [];
  let hasRows = false;
  for (const answer of await exchange(engine, queryMessage(text))) {
    if (answer.name === "rowDescription") {
      columns = columnsOf(answer.fields ?? []);
      rows = [];
      hasRows = true;
    } else if (answer.name === "dataRow") rows.push(rowOf(columns, answer.fields ?? []));
    else if (answer.name === "commandComplete") {
      if (!hasRows) rows = [{ tag: answer.text }];
      hasRows = false;
    }
  }
  return rows;
}
