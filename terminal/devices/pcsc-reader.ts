import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CardChannel, CardChannelError } from "#protocol/apdu/card-channel.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { PcscNotice, PcscRequest } from "./pcsc-messages.ts";
import type { ReaderEvent, ReaderPort } from "./reader.ts";

/** Times of the PC/SC reader port, milliseconds. */
export interface PcscTimes {
  /** Longest wait for one answer; then the binding's process is ended and started again. Default 5,000. */
  readonly exchangeMs?: number;
  /** Longest wait for the binding to begin watching. Default 15,000. */
  readonly startMs?: number;
  /** First pause before the binding's process is started again; doubles up to ten times this. Default 500. */
  readonly restartMs?: number;
  /** With no reader for this long the process is started anew: the binding may miss a reader that was plugged in again. Default 20,000. */
  readonly noReaderMs?: number;
}

const REASONS = {
  "no-module": "the PC/SC binding is not installed (install libpcsclite-dev, then npm ci)",
  "no-service": "the PC/SC service is not running (start pcscd)",
  failed: "the PC/SC service does not answer",
  "no-reader": "no card reader is connected",
  ended: "the card reader's program stopped and is started again",
} as const;

const MAX_RESTART_FACTOR = 10;
const CLOSE_PATIENCE_MS = 1_000;

/**
 * The reader port on PC/SC. The native binding lives in a child process (pcsc-worker.ts) that is started again whenever
 * it ends: unplugged and replugged readers, a restarted pcscd and native crashes are all one `absent` and, later, one
 * `ready`. One APDU is in flight at a time; the card is held exclusively while it is read.
 * @param worker replaces the binding's process in tests
 */
export function createPcscReader(times: PcscTimes = {}, worker: URL = PCSC_WORKER): ReaderPort {
  return new PcscReader(times, worker);
}

const RUN = join(import.meta.dirname, "../../run.mjs");
const PCSC_WORKER = new URL("./pcsc-worker.ts", import.meta.url);

interface Pending {
  readonly id: number;
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: CardChannelError) => void;
  readonly timer: NodeJS.Timeout;
}

class PcscReader implements ReaderPort {
  readonly technology = "pcsc";
  readonly #script: string;
  readonly #exchangeMs: number;
  readonly #startMs: number;
  readonly #restartMs: number;
  readonly #noReaderMs: number;
  #listener: ((event: ReaderEvent) => void) | null = null;
  #worker: ChildProcess | null = null;
  #closed = false;
  #restarts = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #pending: Pending | null = null;
  #exchanges = 0;
  #cards = 0;
  #laid: { readonly cardNumber: number; readonly laying: number } | null = null;
  /** Last `ready` or `absent` told, so that a retry that changes nothing says nothing. */
  #told: string | null = null;
  #moduleMissing = false;

  constructor(times: PcscTimes, worker: URL) {
    this.#script = fileURLToPath(worker);
    this.#exchangeMs = times.exchangeMs ?? 5_000;
    this.#startMs = times.startMs ?? 15_000;
    this.#restartMs = times.restartMs ?? 500;
    this.#noReaderMs = times.noReaderMs ?? 20_000;
  }

  start(listener: (event: ReaderEvent) => void): void {
    this.#listener = listener;
    this.#launch();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listener = null;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#restartTimer);
    this.#failPending("READER_GONE", "the reader port was closed");
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    // The process gives the card back and ends by itself; one stuck in native code is ended.
    if (worker.connected) worker.disconnect();
    const patience = setTimeout(() => worker.kill("SIGKILL"), CLOSE_PATIENCE_MS);
    await ended;
    clearTimeout(patience);
  }

  #launch(): void {
    const worker = fork(RUN, [this.#script], {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#worker = worker;
    this.#watchFor(this.#startMs, "failed");
    worker.on("message", (notice) => {
      if (worker === this.#worker) this.#take(notice as PcscNotice);
    });
    worker.on("error", () => this.#ended(worker));
    worker.once("exit", () => this.#ended(worker));
  }

  #take(notice: PcscNotice): void {
    switch (notice.kind) {
      case "watching":
        clearTimeout(this.#watchdog);
        break;
      case "unusable":
        this.#moduleMissing = notice.why === "no-module";
        this.#tellAbsent(REASONS[notice.why]);
        this.#worker?.kill("SIGKILL");
        break;
      case "readers":
        this.#takeReaders(notice.names);
        break;
      case "laid":
        this.#cards += 1;
        this.#laid = { cardNumber: this.#cards, laying: notice.laying };
        this.#listener?.({ kind: "card-laid", cardNumber: this.#cards, channel: this.#channel(notice.laying) });
        break;
      case "lifted":
        this.#lifted();
        break;
      case "answer":
        this.#settle(notice.id)?.resolve(fromHex(notice.hex));
        break;
      case "failure":
        this.#settle(notice.id)?.reject(new CardChannelError(notice.code, notice.detail));
        break;
      default:
        notice satisfies never;
    }
  }

  #takeReaders([name]: readonly string[]): void {
    if (name === undefined) {
      this.#watchFor(this.#noReaderMs, "no-reader");
      this.#tellAbsent(REASONS["no-reader"]);
      return;
    }
    clearTimeout(this.#watchdog);
    this.#restarts = 0;
    this.#tellReady(name);
  }

  #channel(laying: number): CardChannel {
    return { exchange: (command) => this.#exchange(laying, command) };
  }

  #exchange(laying: number, command: Uint8Array): Promise<Uint8Array> {
    if (this.#pending !== null) return Promise.reject(new CardChannelError("PROTOCOL", "one exchange at a time"));
    const worker = this.#worker;
    if (worker === null) return Promise.reject(new CardChannelError("READER_GONE", REASONS.ended));
    if (this.#laid?.laying !== laying)
      return Promise.reject(new CardChannelError("CARD_REMOVED", "the card was lifted"));
    this.#exchanges += 1;
    const id = this.#exchanges;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#unresponsive(), this.#exchangeMs);
      this.#pending = { id, resolve, reject, timer };
      worker.send({ id, laying, hex: toHex(command) } satisfies PcscRequest);
    });
  }

  #settle(id: number): Pending | null {
    const pending = this.#pending;
    if (pending?.id !== id) return null;
    clearTimeout(pending.timer);
    this.#pending = null;
    return pending;
  }

  /** A command stuck in native code cannot be called back: end the process that runs it. */
  #unresponsive(): void {
    this.#failPending("TIMEOUT", `no answer within ${this.#exchangeMs} ms`);
    this.#worker?.kill("SIGKILL");
  }

  #failPending(code: CardChannelError["code"], message: string): void {
    if (this.#pending !== null) this.#settle(this.#pending.id)?.reject(new CardChannelError(code, message));
  }

  #lifted(): void {
    const laid = this.#laid;
    this.#laid = null;
    if (laid !== null) this.#listener?.({ kind: "card-lifted", cardNumber: laid.cardNumber });
  }

  #watchFor(ms: number, reason: keyof typeof REASONS): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      this.#tellAbsent(REASONS[reason]);
      this.#worker?.kill("SIGKILL");
    }, ms);
  }

  #ended(worker: ChildProcess): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    clearTimeout(this.#watchdog);
    if (this.#closed) return;
    this.#failPending("READER_GONE", REASONS.ended);
    this.#lifted();
    if (this.#told === null || this.#told.startsWith("ready")) this.#tellAbsent(REASONS.ended);
    // A module that is not installed does not appear while the program runs.
    if (this.#moduleMissing) return;
    const pause = this.#restartMs * Math.min(2 ** this.#restarts, MAX_RESTART_FACTOR);
    this.#restarts += 1;
    this.#restartTimer = setTimeout(() => this.#launch(), pause);
  }

  #tellReady(name: string): void {
    if (this.#told === `ready ${name}`) return;
    this.#told = `ready ${name}`;
    this.#listener?.({ kind: "ready", name });
  }

  #tellAbsent(reason: string): void {
    if (this.#told === reason) return;
    this.#told = reason;
    this.#listener?.({ kind: "absent", reason });
  }
}
