import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { CardChannelError } from "#protocol/apdu/card-channel.ts";
import type { VirtualCard } from "./virtual-card.ts";

/** Where pcscd's virtual reader (vsmartcard vpcd) listens. */
export interface VpcdAddress {
  readonly host: string;
  readonly port: number;
}

export const VPCD_DEFAULT: VpcdAddress = { host: "127.0.0.1", port: 35963 };

/** Lays simulated cards on pcscd's virtual reader. A card lies there while the connection stands. */
export interface VpcdDoor {
  /**
   * Lays `card`; resolves when the reader has taken it, or after three seconds without pcscd, while it goes on trying.
   * The card is laid again whenever pcscd comes back.
   */
  lay(card: VirtualCard): Promise<void>;
  lift(): Promise<void>;
}

const CONTROL_OFF = 0x00;
const CONTROL_ON = 0x01;
const CONTROL_RESET = 0x02;
const CONTROL_ATR = 0x04;
/** pcscd looks every 400 ms; a card changed faster than that, and faster than a hand can, would not be noticed. */
const EMPTY_MS = 500;
const TAKE_MS = 3_000;
/**
 * pcscd powers a new card on at once. When it does not, it has not noticed that the card before was lifted (a busy
 * machine): the card is lifted for longer and laid again.
 */
const NOTICE_MS = 2_000;

/** A door to the virtual reader at `address`; nothing is connected until a card is laid. */
export function createVpcdDoor(address: VpcdAddress = VPCD_DEFAULT): VpcdDoor {
  let laid: { readonly card: VirtualCard; socket: Socket | null } | null = null;
  let retry: NodeJS.Timeout | undefined;
  let liftedAt = -EMPTY_MS;

  const open = (entry: NonNullable<typeof laid>, taken: () => void): void => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    entry.socket = socket;
    let unnoticed: NodeJS.Timeout | undefined;
    socket.once("connect", () => {
      taken();
      unnoticed = setTimeout(() => socket.destroy(), NOTICE_MS);
    });
    // The reason is of no interest here: pcscd is away, and "close" follows.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      clearTimeout(unnoticed);
      entry.card.reset();
      if (laid === entry) retry = setTimeout(() => open(entry, taken), 2 * EMPTY_MS);
    });
    serve(socket, entry.card, () => clearTimeout(unnoticed));
  };
  const lift = async (): Promise<void> => {
    clearTimeout(retry);
    const entry = laid;
    laid = null;
    const socket = entry?.socket;
    if (socket === undefined || socket === null || socket.closed) return;
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.destroy();
    });
    liftedAt = performance.now();
  };
  return {
    async lay(card) {
      await lift();
      const entry = { card, socket: null };
      laid = entry;
      await wait(Math.max(0, liftedAt + EMPTY_MS - performance.now()));
      if (laid !== entry) return;
      const taken = new Promise<void>((resolve) => open(entry, resolve));
      await Promise.race([taken, wait(TAKE_MS, undefined, { ref: false })]);
    },
    lift,
  };
}

/** Answers frames one after another: two bytes of length, then a control byte or a command APDU. */
function serve(socket: Socket, card: VirtualCard, poweredOn: () => void): void {
  let buffered = Buffer.alloc(0);
  let queue = Promise.resolve();
  socket.on("data", (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const frame = new Uint8Array(buffered.subarray(2, end));
      buffered = buffered.subarray(end);
      if (frame[0] === CONTROL_ON || frame.length > 1) poweredOn();
      queue = queue.then(() => answer(socket, card, frame));
    }
  });
}

async function answer(socket: Socket, card: VirtualCard, frame: Uint8Array): Promise<void> {
  if (frame.length === 1) {
    const control = frame[0];
    if (control === CONTROL_ATR) send(socket, card.atr);
    else if (control === CONTROL_OFF || control === CONTROL_ON || control === CONTROL_RESET) card.reset();
    return;
  }
  try {
    send(socket, await card.exchange(frame));
  } catch (error) {
    // A card taken away in mid-command: the reader loses the connection, as it would lose the field.
    if (error instanceof CardChannelError) socket.destroy();
    else throw error;
  }
}

/** One write for length and payload: two small ones would wait for a delayed acknowledgement. */
function send(socket: Socket, payload: Uint8Array): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  socket.write(Buffer.concat([length, payload]));
}
