import type { Operation, ResultOf } from "./batch/operation.ts";
import { AccessError } from "./ride-service.ts";
import type { RideServiceOptions } from "./ride-service-deps.ts";

/** One operation that waits for its answer. */
export interface Job {
  readonly operation: Operation;
  /** True once an attempt found nothing of it in the ledger: what a later attempt finds is its own. */
  wasNew: boolean;
  /** How much of a shown ride that failed alone is tried now; everything where it is absent. */
  readonly tried?: "set-aside" | "bare";
  readonly resolve: (result: ResultOf[Operation["kind"]]) => void;
  readonly reject: (error: unknown) => void;
}

/** Carries out a batch and answers every job of it; never rejects. */
export type RunBatch = (jobs: readonly Job[]) => Promise<void>;

/**
 * Gathers the operations of one municipality into batches. Operations on the same ride or touch never meet in one
 * batch, nor in two at once, and keep their order; those of one terminal may meet in a batch and keep their order. Bounded: beyond the bound callers are told to come back.
 */
export class Lane {
  readonly #options: RideServiceOptions;
  readonly #run: RunBatch;
  #queue: Job[] = [];
  readonly #busyKeys = new Set<string>();
  readonly #busyTerminals = new Set<string>();
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #isRipe = false;
  #isDraining = false;
  #onIdle: (() => void)[] = [];

  constructor(options: RideServiceOptions, run: RunBatch) {
    this.#options = options;
    this.#run = run;
  }

  /** Queues operations, all or none; each is answered on its own. */
  submit<Kind extends Operation["kind"]>(
    operations: readonly Extract<Operation, { kind: Kind }>[],
  ): readonly Promise<ResultOf[Kind]>[] {
    if (this.#isDraining || this.#queue.length + operations.length > this.#options.maxQueued) {
      const why = this.#isDraining ? "the server is stopping" : "too many rides are waiting";
      throw new AccessError("OVERLOADED", `${why}; send the same again later`, this.#options.retryAfterS);
    }
    const answers = operations.map(
      (operation) =>
        new Promise<ResultOf[Kind]>((resolve, reject) => {
          const answer = resolve as (result: ResultOf[Operation["kind"]]) => void;
          this.#queue.push({ operation, wasNew: false, resolve: answer, reject });
        }),
    );
    this.#pump();
    return answers;
  }

  /** Takes nothing more; resolves when everything queued has been answered. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#isRipe = true;
    this.#pump();
    if (this.#queue.length === 0 && this.#inFlight === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#inFlight < this.#options.maxInFlight) {
      if (!this.#isRipe && !this.#isDraining && this.#queue.length < this.#options.maxBatch) {
        this.#timer ??= setTimeout(() => this.#ripen(), this.#options.gatherMs);
        return;
      }
      const jobs = this.#take();
      if (jobs.length === 0) return;
      this.#isRipe = false;
      void this.#start(jobs);
    }
  }

  #ripen(): void {
    this.#timer = undefined;
    this.#isRipe = true;
    this.#pump();
  }

  async #start(jobs: readonly Job[]): Promise<void> {
    this.#inFlight += 1;
    await this.#run(jobs);
    this.#inFlight -= 1;
    for (const { operation } of jobs) {
      for (const key of keysOf(operation)) this.#busyKeys.delete(key);
      if ("terminalId" in operation) this.#busyTerminals.delete(operation.terminalId);
    }
    this.#pump();
    if (this.#queue.length === 0 && this.#inFlight === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  /** The next batch; what concerns a ride under way, or one already taken, waits for its turn. */
  #take(): readonly Job[] {
    const taken: Job[] = [];
    const left: Job[] = [];
    const waiting = new Set<string>();
    // Those of batches under way; the terminals of this batch are added once it is complete.
    const waitingTerminals = new Set(this.#busyTerminals);
    for (const job of this.#queue) {
      const keys = keysOf(job.operation);
      const terminal = "terminalId" in job.operation ? job.operation.terminalId : null;
      const mustWait =
        taken.length >= this.#options.maxBatch ||
        (terminal !== null && waitingTerminals.has(terminal)) ||
        keys.some((key) => this.#busyKeys.has(key) || waiting.has(key));
      if (mustWait) {
        left.push(job);
        for (const key of keys) waiting.add(key);
        if (terminal !== null) waitingTerminals.add(terminal);
      } else {
        taken.push(job);
        for (const key of keys) this.#busyKeys.add(key);
      }
    }
    for (const { operation } of taken) if ("terminalId" in operation) this.#busyTerminals.add(operation.terminalId);
    this.#queue = left;
    return taken;
  }
}

function keysOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "open":
      return [operation.rideKey, `touch ${operation.terminalId}:${operation.touchId}`];
    case "expire":
      return ["expire"];
    default:
      return [operation.rideKey];
  }
}
