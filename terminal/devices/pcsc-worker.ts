import { setTimeout as wait } from "node:timers/promises";
import { fromHex, toHex } from "#protocol/bytes.ts";
import {
  channelErrorOf,
  PCSC_SHARING_VIOLATION,
  type PcscNotice,
  type PcscRequest,
  pcscResultCode,
} from "./pcsc-messages.ts";

/*
 * The only file that loads the native PC/SC binding. It runs as a child process of the reader port (pcsc-reader.ts):
 * a crash or a stall in native code, which the binding is known for when readers come and go, ends this process alone.
 */

/** The part of the binding's reader that is used. */
interface BindingReader {
  readonly name: string;
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly SCARD_STATE_PRESENT: number;
  readonly SCARD_RESET_CARD: number;
  readonly connected: boolean;
  on(event: "status", listener: (status: { readonly state: number }) => void): void;
  on(event: "error" | "end", listener: (error?: unknown) => void): void;
  connect(options: { share_mode: number }, done: (error: unknown, protocol: number) => void): void;
  disconnect(disposition: number, done: (error: unknown) => void): void;
  transmit(data: Buffer, length: number, protocol: number, done: (error: unknown, response: Buffer) => void): void;
}
interface Binding {
  on(event: "reader", listener: (reader: BindingReader) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
}

/** Short APDU answer: 256 bytes of data and the status word. */
const RESPONSE_BYTES = 258;
/** The card is held exclusively while it is read and given back after this much silence. */
const RELEASE_AFTER_MS = 400;
/** How long to wait for another program to give the card back. */
const SHARING_PATIENCE_MS = 2_000;
const SHARING_RETRY_MS = 50;
/** Readers are announced this soon after start, else there is none. */
const FIRST_READER_MS = 300;

let laying = 0;
let current: { readonly reader: BindingReader; readonly laying: number; protocol: number | null } | null = null;
let releaseTimer: NodeJS.Timeout | undefined;
/** Per reader: is a card there, and the service's count of comings and goings. */
const seen = new Map<BindingReader, { present: boolean; changes: number }>();

/** Set once the process is ending: what the binding still reports then is noise. */
let ending = false;

function tell(notice: PcscNotice): void {
  // Without a callback a notice that crosses the port's closing would be an uncaught error.
  if (!ending && process.connected) process.send?.(notice, () => undefined);
}

function tellReaders(): void {
  tell({ kind: "readers", names: [...seen.keys()].map((reader) => reader.name) });
}

/** Not `exit`: the binding's destructors wait for a service that may be gone. */
function quit(): void {
  process.kill(process.pid, "SIGKILL");
}

function giveUp(why: "no-module" | "no-service" | "failed", error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  if (ending) return;
  ending = true;
  if (process.send === undefined) quit();
  else process.send({ kind: "unusable", why, detail } satisfies PcscNotice, quit);
}

function watch(reader: BindingReader): void {
  seen.set(reader, { present: false, changes: 0 });
  tellReaders();
  reader.on("status", ({ state }) => notice(reader, state));
  reader.on("error", (error) => giveUp("failed", error));
  reader.on("end", () => {
    cardGone(reader);
    seen.delete(reader);
    tellReaders();
  });
}

/** A card lifted and laid between two looks shows only in the change counter (upper half of the state). */
function notice(reader: BindingReader, state: number): void {
  // A mute card counts as laid: its exchanges fail, and the passenger is asked to lay it again.
  const present = (state & reader.SCARD_STATE_PRESENT) !== 0;
  const changes = state >>> 16;
  const before = seen.get(reader);
  seen.set(reader, { present, changes });
  const exchanged = before?.present === true && present && before.changes !== changes;
  if (!present || exchanged) cardGone(reader);
  if (present && current === null) {
    laying += 1;
    current = { reader, laying, protocol: null };
    tell({ kind: "laid", laying });
  }
}

function cardGone(reader: BindingReader): void {
  if (current?.reader !== reader) return;
  const { laying: lifted } = current;
  current = null;
  clearTimeout(releaseTimer);
  release(reader);
  tell({ kind: "lifted", laying: lifted });
}

/** Gives the card back, reset, so that nothing selected here leaks to the next program. */
function release(reader: BindingReader, done: () => void = () => undefined): void {
  if (current?.reader === reader) current.protocol = null;
  if (reader.connected) reader.disconnect(reader.SCARD_RESET_CARD, done);
  else done();
}

async function connect(reader: BindingReader): Promise<number> {
  const attempt = (): Promise<number> =>
    new Promise((resolve, reject) =>
      reader.connect({ share_mode: reader.SCARD_SHARE_EXCLUSIVE }, (error, protocol) =>
        error ? reject(error) : resolve(protocol),
      ),
    );
  for (let waited = 0; ; waited += SHARING_RETRY_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (pcscResultCode(error) !== PCSC_SHARING_VIOLATION || waited >= SHARING_PATIENCE_MS) throw error;
      await wait(SHARING_RETRY_MS);
    }
  }
}

async function exchange(request: PcscRequest): Promise<PcscNotice> {
  const { id } = request;
  const card = current;
  if (card?.laying !== request.laying)
    return { kind: "failure", id, code: "CARD_REMOVED", detail: "the card was lifted" };
  clearTimeout(releaseTimer);
  try {
    const protocol = card.protocol ?? (await connect(card.reader));
    card.protocol = protocol;
    const response = await new Promise<Buffer>((resolve, reject) =>
      card.reader.transmit(Buffer.from(fromHex(request.hex)), RESPONSE_BYTES, protocol, (error, data) =>
        error ? reject(error) : resolve(data),
      ),
    );
    return { kind: "answer", id, hex: toHex(response) };
  } catch (error) {
    release(card.reader);
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: "failure", id, code: channelErrorOf(pcscResultCode(error)), detail };
  } finally {
    releaseTimer = setTimeout(() => release(card.reader), RELEASE_AFTER_MS);
  }
}

async function main(): Promise<void> {
  let create: () => Binding;
  try {
    // An optional dependency: absent where the PC/SC headers were missing at installation.
    create = ((await import("pcsclite")) as unknown as { default: () => Binding }).default;
  } catch (error) {
    return giveUp("no-module", error);
  }
  try {
    const binding = create();
    binding.on("reader", watch);
    binding.on("error", (error) => giveUp("failed", error));
  } catch (error) {
    return giveUp("no-service", error);
  }
  process.on("message", (request: PcscRequest) => {
    void exchange(request).then(tell);
  });
  tell({ kind: "watching" });
  await wait(FIRST_READER_MS);
  if (seen.size === 0) tellReaders();
}

process.on("disconnect", () => {
  if (current === null) quit();
  else release(current.reader, quit);
});
// The port may have gone while this program was loading: then nobody would ever say so.
if (process.connected) await main();
else quit();
