import type { MunicipalityId } from "#domain/ids.ts";
import { type Database, type Sql, StorageError } from "#server/storage/database.ts";
import { ENSURE_HEAD, NEXT_EXPIRY, READ_HEAD } from "#server/storage/ride-sql.ts";
import { Batch } from "./batch/batch.ts";
import { decideBatch } from "./batch/decide-batch.ts";
import type { Loaded } from "./batch/loaded.ts";
import type { ExpireOperation, Operation, RecordOperation, ResultOf, Settled } from "./batch/operation.ts";
import type { Job } from "./lane.ts";
import { personKeys, type RideContext } from "./ride-context.ts";
import type { RideEvent } from "./ride-events.ts";
import { AccessError } from "./ride-service.ts";
import type { RideServiceDeps } from "./ride-service-deps.ts";
import { loadBatch } from "./store/load-batch.ts";
import { writeBatch } from "./store/write-batch.ts";
import { inputError } from "./validate-ride.ts";

const MAX_ATTEMPTS = 5;
const RETRY_MS = 50;
const PERSON_SECRET_BYTES = 32;
/** Holds released by one transaction. */
export const EXPIRE_BATCH = 500;

interface Committed {
  readonly settled: readonly Settled[];
  readonly base: number;
  readonly events: readonly RideEvent[];
}

/** Carries out batches of one municipality: one transaction each, and what to do when one fails. */
export class BatchRunner {
  readonly #deps: RideServiceDeps;
  readonly #context: RideContext;
  readonly #onWritten: (events: number) => void;
  #personKey: Promise<Loaded["personKey"]> | undefined;
  /** No hold of this process runs out before. */
  #nextExpiryMs = 0;

  constructor(deps: RideServiceDeps, context: RideContext, onWritten: (events: number) => void) {
    this.#deps = deps;
    this.#context = context;
    this.#onWritten = onWritten;
  }

  get #municipality(): MunicipalityId {
    return this.#context.city.id;
  }

  /** Answers every job of a batch; never rejects. */
  async run(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#releaseExpired();
    } catch (error) {
      this.#deps.log.warn({ err: error }, "holds that ran out could not be released before a batch");
    }
    try {
      await this.#attempt(jobs, 1);
    } catch (error) {
      // Nothing above is expected to throw; whoever has no answer yet must not wait for ever.
      this.#deps.log.error({ err: error }, "a batch failed outside its transaction");
      for (const job of jobs) job.reject(error);
    }
  }

  /** Decides without recording: the transaction is rolled back. */
  async tryOut(operation: RecordOperation): Promise<ResultOf["record"]> {
    const rollback = new Error("nothing is to be recorded");
    let settled: Settled<"record"> | undefined;
    const personKey = await this.#personKeys();
    try {
      await this.#deps.database.transaction(async (tx) => {
        const scope = { context: this.#context, personKey };
        const batch = new Batch(this.#context, await loadBatch(tx, scope, [operation]), this.#deps.clock());
        [settled] = decideBatch(batch, [operation]) as readonly Settled<"record">[];
        throw rollback;
      });
    } catch (error) {
      if (error !== rollback) throw error;
    }
    return (settled as Settled<"record">).result;
  }

  async #attempt(jobs: readonly Job[], attempt: number): Promise<void> {
    let committed: Committed;
    try {
      committed = await this.#transact(jobs);
    } catch (error) {
      return this.#recover(jobs, attempt, error);
    }
    this.#answer(jobs, committed);
  }

  async #transact(jobs: readonly Job[]): Promise<Committed> {
    const { database, clock } = this.#deps;
    const personKey = await this.#personKeys();
    return database.transaction(async (tx) => {
      const operations = jobs.map((job) => job.operation);
      const loaded = await loadBatch(tx, { context: this.#context, personKey }, operations);
      const nowMs = clock();
      const batch = new Batch(this.#context, loaded, nowMs);
      const settled = decideBatch(batch, operations);
      for (const [index, job] of jobs.entries()) if (settled[index]?.event != null) job.wasNew = true;
      const { writes } = batch;
      if (writes.isEmpty) return { settled, base: 0, events: [] };
      for (const hold of writes.newHolds) this.#nextExpiryMs = Math.min(this.#nextExpiryMs, hold.expiresAtMs);
      const base = await writeBatch(tx, { municipality: this.#municipality, nowMs, usage: loaded.usage }, writes);
      const events = writes.events.map(
        (row, index) => ({ ...row, position: base + index + 1, atMs: nowMs }) as RideEvent,
      );
      return { settled, base, events };
    });
  }

  #answer(jobs: readonly Job[], { settled, base, events }: Committed): void {
    for (const [index, job] of jobs.entries()) {
      const { event, result } = settled[index] as Settled;
      let answer = event !== null && "position" in result ? { ...result, position: base + event } : result;
      // Found by the attempt after an unknown commit, and written by the one before: this is its first answer.
      if (event === null && job.wasNew && "replayed" in answer) answer = { ...answer, replayed: false };
      job.resolve(answer);
    }
    if (events.length === 0) return;
    this.#deps.onEvents?.(this.#municipality, events);
    this.#deps.onCommitted(this.#municipality, base + events.length);
    this.#onWritten(events.length);
  }

  async #recover(jobs: readonly Job[], attempt: number, error: unknown): Promise<void> {
    const code = error instanceof StorageError ? error.code : "OTHER";
    const mayTryAgain = attempt < MAX_ATTEMPTS;
    if (code === "UNKNOWN_COMMIT" && mayTryAgain) {
      this.#deps.log.warn({ err: error, jobs: jobs.length }, "unknown commit: the ids are looked up");
      return this.#again(jobs, attempt);
    }
    if (code === "UNAVAILABLE" || code === "UNKNOWN_COMMIT") {
      // After an unknown commit nobody may be told "not written" before the ids could be looked up.
      if (mayTryAgain && jobs.some((job) => job.wasNew)) return this.#again(jobs, attempt);
      return this.#turnAway(jobs, error);
    }
    if (code === "SERIALIZATION" && mayTryAgain) return this.#again(jobs, attempt);
    // Another process, or this one's commit that was unknown, wrote the same ride, touch or first use of a period at the
    // same moment: now it can be seen. A single job is looked up until it is: nobody may be told that it is not written.
    if (code === "CONSTRAINT" && (attempt === 1 || (jobs.length === 1 && mayTryAgain)))
      return this.#again(jobs, attempt);
    const [only] = jobs;
    if (jobs.length === 1 && only) return this.#isolate(only, error);
    const half = Math.ceil(jobs.length / 2);
    await this.#attempt(jobs.slice(0, half), 1);
    await this.#attempt(jobs.slice(half), 1);
  }

  async #again(jobs: readonly Job[], attempt: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** (attempt - 1)));
    await this.#attempt(jobs, attempt + 1);
  }

  #turnAway(jobs: readonly Job[], cause: unknown, why = "the database cannot be reached"): void {
    this.#deps.log.error({ err: cause, jobs: jobs.length }, `${why}; callers are told to come back`);
    const message = `${why}; send the same again later`;
    for (const job of jobs) job.reject(new AccessError("OVERLOADED", message, this.#deps.options?.retryAfterS ?? 2));
  }

  /**
   * A single operation the server cannot carry out. A ride a passenger was told of goes to quarantine all the same, at last
   * with nothing but who sent it and what was shown; where not even that can be written the caller comes back later.
   */
  async #isolate(job: Job, error: unknown): Promise<void> {
    const { operation } = job;
    this.#deps.log.error({ err: error, kind: operation.kind }, "one operation failed alone");
    if (operation.kind !== "record") return job.reject(error);
    const failure = inputError("NOT_PROCESSABLE", "the server failed on this ride");
    if (operation.presented && job.tried === undefined) {
      const setAside: Operation = operation.ride.ok ? { ...operation, ride: { ok: false, error: failure } } : operation;
      return this.#attempt([{ ...job, operation: setAside, tried: "set-aside" }], 1);
    }
    if (operation.presented && job.tried === "set-aside") {
      return this.#attempt([{ ...job, operation: bare(operation), tried: "bare" }], 1);
    }
    if (operation.presented) return this.#turnAway([job], error, "the ride cannot be written now");
    const nothing = { rideKey: null, position: null, decision: null, riderLimits: [], replayed: false } as const;
    job.resolve({ rideId: operation.rideId, status: "REJECTED", ...nothing, error: failure });
  }

  /** Holds that ran out are released before anything is decided; asks the database only when one can have. */
  async #releaseExpired(): Promise<void> {
    const nowMs = this.#deps.clock();
    if (nowMs <= this.#nextExpiryMs) return;
    const released = await this.expire(nowMs);
    if (released >= EXPIRE_BATCH) return;
    const [row] = await this.#deps.database.query<{ next_ms: number | null }>(NEXT_EXPIRY, [this.#municipality]);
    this.#nextExpiryMs = row?.next_ms ?? Number.MAX_SAFE_INTEGER;
  }

  /** Releases one batch of holds that ran out, in a transaction of its own: it takes locks others wait for. */
  async expire(beforeMs: number): Promise<number> {
    const operation: ExpireOperation = { kind: "expire", beforeMs, limit: EXPIRE_BATCH };
    let released = 0;
    const job: Job = {
      operation,
      wasNew: false,
      resolve: (result) => {
        released = (result as ResultOf["expire"]).released;
      },
      reject: () => {},
    };
    const committed = await this.#transact([job]);
    this.#answer([job], committed);
    return released;
  }

  #personKeys(): Promise<Loaded["personKey"]> {
    this.#personKey ??= readSecret(this.#deps.database, this.#municipality, this.#deps.randomBytes)
      .then(personKeys)
      .catch((error: unknown) => {
        this.#personKey = undefined;
        throw error;
      });
    return this.#personKey;
  }
}

/** A ride that was shown, with nothing but who sent it, when, and what was shown. */
function bare(operation: RecordOperation): RecordOperation {
  const { erasable, received } = operation;
  return {
    ...operation,
    erasable: { salt: erasable.salt, boarding: null, alighting: null, purpose: null },
    named: [],
    received: { ...received, vehicleId: null, distanceM: null, components: [] },
  };
}

async function readSecret(
  database: Database,
  municipality: MunicipalityId,
  randomBytes: RideServiceDeps["randomBytes"],
): Promise<Uint8Array> {
  const read = async (sql: Sql): Promise<Uint8Array | undefined> => {
    const [row] = await sql.query<{ person_secret: Uint8Array }>(READ_HEAD, [municipality]);
    return row?.person_secret;
  };
  const known = await read(database);
  if (known) return known;
  await database.query(ENSURE_HEAD, [municipality, randomBytes(PERSON_SECRET_BYTES)]);
  const made = await read(database);
  if (!made) throw new StorageError("OTHER", "the head of the log could not be made");
  return made;
}
