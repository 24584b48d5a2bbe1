/** The few things the stores need of a database; PGlite and PostgreSQL both provide them with the same SQL. */
export interface Sql {
  /**
   * Runs one statement with `$1…` parameters and returns its rows. int8 and numeric come back as safe integers
   * (an unsafe one throws), timestamps are stored as epoch milliseconds (int8), bytea is Uint8Array, jsonb is parsed.
   * Parameters may be arrays (`unnest($1::text[])`), byte arrays and plain objects (sent as JSON). Without parameters
   * the text may hold several statements; the rows are then those of the last one. Statements with parameters are
   * prepared once and kept by their text: keep texts few and constant.
   * @throws StorageError
   */
  query<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** One statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** A transaction under way. */
export interface Transaction extends Sql {
  /**
   * Hands over a statement without rows that is carried out before those of {@link finish}, which must follow and throws
   * what goes wrong. Resolves once it is on its way: the embedded engine works on it while the caller prepares the rest.
   */
  ahead(statement: Statement): Promise<void>;
  /**
   * Runs the transaction's last statements and commits, all in one message: locks are not kept while a program thinks.
   * Nothing may follow. Returns the rows of the last statement; once it has resolved the caller only returns.
   * @throws StorageError, UNKNOWN_COMMIT also when the connection dies in one of the statements
   */
  finish<Row extends object>(statements: readonly Statement[]): Promise<Row[]>;
}

export interface Database extends Sql {
  readonly kind: "pglite" | "postgres";
  /** Runs `work` in one transaction; a throw rolls back. On PGlite transactions run one after another. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Forgets prepared statements, so that plans are made anew from fresh statistics (after ANALYZE). */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export const STORAGE_ERRORS = [
  "UNAVAILABLE",
  "SERIALIZATION",
  "CONSTRAINT",
  "UNKNOWN_COMMIT",
  "LOCKED",
  "OTHER",
] as const;
export type StorageErrorCode = (typeof STORAGE_ERRORS)[number];

/** A broken storage edge. After UNKNOWN_COMMIT the caller looks its ids up before answering. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
