import { mkdir } from "node:fs/promises";
import path from "node:path";
import { protocol } from "@electric-sql/pglite";
import { type Database, type Statement, StorageError, type Transaction } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { type PgliteEngine, startPgliteEngine } from "./pglite-engine.ts";
import { storageErrorCode } from "./sql-state.ts";
import { decoderOf, encodeParameter } from "./values.ts";
import { executeMessage, joinedMessages, prepareMessage, queryMessage } from "./wire-messages.ts";

/** Keeps everything in memory; for tests. */
export const IN_MEMORY = "memory://";

/** Most statements kept prepared; beyond, the one not used for longest is forgotten. */
const MAX_PREPARED = 400;

/**
 * The embedded PostgreSQL. Its own `query` parses and plans every time (1.2 ms here); speaking the wire protocol with
 * kept statements costs a tenth of that.
 * @throws StorageError LOCKED when another process uses the directory, UNAVAILABLE when it cannot be opened
 */
export async function openPgliteDatabase(dataDir: string): Promise<Database> {
  const isMemory = dataDir.startsWith(IN_MEMORY);
  const unlock = isMemory ? async () => {} : await takeDirectory(dataDir);
  const place = isMemory ? IN_MEMORY : path.join(dataDir, "pglite");
  let engine: PgliteEngine;
  try {
    engine = await startPgliteEngine(place);
  } catch (error) {
    await unlock();
    const advice = "it is damaged or of another version; restore a backup, or move it away to begin anew";
    throw new StorageError("UNAVAILABLE", `The embedded database in ${place} cannot be opened: ${advice}.`, error);
  }
  return createPgliteDatabase(engine, unlock);
}

/** Makes and locks the directory. */
async function takeDirectory(dataDir: string): Promise<() => Promise<void>> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await lockDirectory(dataDir);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const why = (error as Error).message;
    throw new StorageError("UNAVAILABLE", `The data directory ${dataDir} cannot be used (${why}).`, error);
  }
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
  const session = new Session(engine);
  // The engine is one session: a statement from outside must not slip into somebody's transaction. It answers in order,
  // so the next may send its messages once the last message of the one before is on its way.
  let free: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: (sentAll: () => void) => Promise<T>): Promise<T> => {
    let sentAll = (): void => {};
    const sent = new Promise<void>((resolve) => {
      sentAll = resolve;
    });
    const turn = free.then(() => work(sentAll));
    free = Promise.race([sent, turn.catch(() => undefined)]);
    return turn;
  };
  return {
    kind: "pglite",
    query: (text, parameters) => inTurn((sentAll) => session.query(text, parameters, sentAll)),
    transaction: (work) => inTurn((sentAll) => transaction(new PgliteTransaction(session, sentAll), work)),
    reopen: () => inTurn(() => session.forgetStatements()),
    close: () =>
      inTurn(async () => {
        if (session.isClosed) return;
        session.isClosed = true;
        await engine.close();
        await unlock();
      }),
  };
}

/** The engine's one session, with its prepared statements. */
class Session {
  readonly #engine: PgliteEngine;
  readonly #prepared = new Map<string, Promise<Prepared>>();
  #names = 0;
  isClosed = false;

  constructor(engine: PgliteEngine) {
    this.#engine = engine;
  }

  /** `onSent` is told once the message is on its way; `before` travels in front of it. */
  async query<Row extends object>(
    text: string,
    parameters: readonly unknown[] | undefined,
    onSent: () => void = () => {},
    before: () => readonly Uint8Array[] = () => [],
  ): Promise<Row[]> {
    if (this.isClosed) throw new StorageError("UNAVAILABLE", "the embedded database is closed");
    if (!parameters) {
      const answers = this.exchange([...before(), queryMessage(text)]);
      onSent();
      return rowsOfQuery(await answers) as Row[];
    }
    const { name, columns } = await this.prepared(text);
    const answers = this.exchange([...before(), executeMessage(name, parameters.map(encodeParameter))]);
    onSent();
    return rowsOf(await answers, columns) as Row[];
  }

  async forgetStatements(): Promise<void> {
    this.#prepared.clear();
    await this.exchange([queryMessage("DEALLOCATE ALL")]);
  }

  /** A statement prepared now or before. */
  prepared(text: string): Promise<Prepared> {
    const known = this.#prepared.get(text);
    const prepared = known ?? this.#prepare(`s${this.#names++}`, text);
    // Used last, forgotten last.
    this.#prepared.delete(text);
    this.#prepared.set(text, prepared);
    if (known === undefined) {
      prepared.catch(() => this.#prepared.delete(text));
      this.#forgetOldest();
    }
    return prepared;
  }

  #forgetOldest(): void {
    const [oldest] = this.#prepared;
    if (oldest === undefined || this.#prepared.size <= MAX_PREPARED) return;
    const [text, prepared] = oldest;
    this.#prepared.delete(text);
    // In a transaction that has failed it stays in the engine, unused.
    prepared.then(({ name }) => this.exchange([queryMessage(`DEALLOCATE ${name}`)])).catch(() => undefined);
  }

  async #prepare(name: string, text: string): Promise<Prepared> {
    const answers = await this.exchange([prepareMessage(name, text)]);
    const description = answers.find((answer) => answer.name === "rowDescription");
    return { name, columns: columnsOf(description?.fields ?? []) };
  }

  /** Sends messages as one and returns the engine's answers; an error among them is thrown. */
  async exchange(messages: readonly Uint8Array[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    const [only] = messages;
    const bytes = messages.length === 1 && only ? only : joinedMessages(messages);
    new protocol.Parser().parse(await this.#engine.exchange(bytes), (answer) => {
      answers.push(answer as unknown as Answer);
    });
    const failure = answers.find((answer) => answer.name === "error");
    if (failure) throw new StorageError(storageErrorCode(failure.code), `database: ${failure.message}`, failure);
    return answers;
  }
}

/** `BEGIN` travels with the first statement, `COMMIT` with the last ones. */
class PgliteTransaction implements Transaction {
  readonly #session: Session;
  readonly #sentAll: () => void;
  readonly #ahead: Promise<unknown>[] = [];
  #hasBegun = false;
  /** Tag of the commit that was sent with the last statements. */
  #ended: string | undefined;

  constructor(session: Session, sentAll: () => void) {
    this.#session = session;
    this.#sentAll = sentAll;
  }

  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.#session.query(text, parameters, undefined, () => this.#begin());
  }

  async ahead({ text, parameters }: Statement): Promise<void> {
    const { name } = await this.#prepared(text).catch((error: unknown) => this.#fail(error));
    const answer = this.#session.exchange([...this.#begin(), executeMessage(name, parameters.map(encodeParameter))]);
    // Looked at when the transaction is finished.
    answer.catch(() => undefined);
    this.#ahead.push(answer);
  }

  async finish<Row extends object>(statements: readonly Statement[]): Promise<Row[]> {
    const messages: Uint8Array[] = [];
    let columns: readonly Column[] = [];
    for (const { text, parameters } of statements) {
      const prepared = await this.#prepared(text).catch((error: unknown) => this.#fail(error));
      columns = prepared.columns;
      messages.push(executeMessage(prepared.name, parameters.map(encodeParameter)));
    }
    this.#ended = "ROLLBACK";
    const last = this.#session.exchange([...this.#begin(), ...messages, queryMessage("COMMIT")]);
    this.#sentAll();
    // The first failure is the cause of the others.
    for (const outcome of await Promise.allSettled([...this.#ahead, last])) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
    const answers = await last;
    this.#ended = answers.findLast((answer) => answer.name === "commandComplete")?.text ?? "";
    return rowsOf(answers, columns) as Row[];
  }

  /** Ends the transaction and returns what became of it; one that never had a statement is nothing. */
  async end(how: "COMMIT" | "ROLLBACK"): Promise<string> {
    if (this.#ended !== undefined) return this.#ended;
    if (!this.#hasBegun) return how;
    const answers = await this.#session.exchange([queryMessage(how)]);
    return answers.find((answer) => answer.name === "commandComplete")?.text ?? "";
  }

  /** What went wrong ahead is the cause of what goes wrong behind it. */
  async #fail(error: unknown): Promise<never> {
    for (const outcome of await Promise.allSettled(this.#ahead)) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
    throw error;
  }

  async #prepared(text: string): Promise<Prepared> {
    if (this.#session.isClosed) throw new StorageError("UNAVAILABLE", "the embedded database is closed");
    return this.#session.prepared(text);
  }

  #begin(): readonly Uint8Array[] {
    if (this.#hasBegun) return [];
    this.#hasBegun = true;
    return [queryMessage("BEGIN")];
  }
}

async function transaction<T>(tx: PgliteTransaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let value: T;
  try {
    value = await work(tx);
  } catch (error) {
    await tx.end("ROLLBACK");
    throw error;
  }
  const tag = await tx.end("COMMIT");
  if (tag === "ROLLBACK") throw new StorageError("OTHER", "the transaction had failed and was rolled back");
  return value;
}

interface Answer {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly text?: string;
  readonly fields?: readonly unknown[];
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

/** Rows of the last of some statements that were executed together; only the last one may have rows. */
function rowsOf(answers: readonly Answer[], columns: readonly Column[]): object[] {
  const rows: object[] = [];
  for (const answer of answers) if (answer.name === "dataRow") rows.push(rowOf(columns, answer.fields ?? []));
  return rows;
}

/** Rows of the last statement of a simple query. */
function rowsOfQuery(answers: readonly Answer[]): object[] {
  let rows: object[] = [];
  let last: object[] = [];
  let columns: Column[] = [];
  for (const answer of answers) {
    if (answer.name === "rowDescription") columns = columnsOf(answer.fields ?? []);
    else if (answer.name === "dataRow") rows.push(rowOf(columns, answer.fields ?? []));
    else if (answer.name === "commandComplete") {
      last = rows;
      rows = [];
    }
  }
  return last;
}
