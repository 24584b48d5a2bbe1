import { type Database, type Sql, type Statement, StorageError, type Transaction } from "#server/storage/database.ts";

/** Faults to be met; each is asked for every statement or commit. */
export interface Faults {
  /** Throws instead of running a statement. */
  onQuery?(text: string, parameters: readonly unknown[]): StorageError | undefined;
  /** What happens at a commit: `lost-before` and `lost-after` both leave it unknown to the caller. */
  onCommit?(): "fine" | "lost-before" | "lost-after";
}

/** A real database whose edge breaks when told to. */
export function faultyDatabase(real: Database, faults: Faults): Database {
  const lost = (): StorageError => new StorageError("UNKNOWN_COMMIT", "the connection was lost while committing");
  const broken = (sql: Sql): Transaction => {
    const query = async <Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]> => {
      const fault = faults.onQuery?.(text, parameters ?? []);
      if (fault) throw fault;
      return sql.query<Row>(text, parameters);
    };
    return {
      query,
      async ahead({ text, parameters }) {
        await query(text, parameters);
      },
      // Not the real one: the commit must come apart, so that it can be lost.
      async finish<Row extends object>(statements: readonly Statement[]): Promise<Row[]> {
        let rows: Row[] = [];
        for (const { text, parameters } of statements) rows = await query<Row>(text, parameters);
        return rows;
      },
    };
  };
  return {
    kind: real.kind,
    query: broken(real).query,
    async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
      let fate: "fine" | "lost-before" | "lost-after" = "fine";
      const value = await real.transaction(async (tx) => {
        const result = await work(broken(tx));
        fate = faults.onCommit?.() ?? "fine";
        if (fate === "lost-before") throw lost();
        return result;
      });
      if ((fate as string) === "lost-after") throw lost();
      return value;
    },
    reopen: () => real.reopen(),
    close: () => real.close(),
  };
}
