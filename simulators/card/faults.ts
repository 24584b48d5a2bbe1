import { setTimeout as wait } from "node:timers/promises";
import { CardChannelError } from "#protocol/apdu/card-channel.ts";
import { STATUS } from "#protocol/apdu/status-word.ts";
import { fromHex } from "#protocol/bytes.ts";
import { type CardBehavior, cardTaken, createVirtualCard, statusOnly, type VirtualCard } from "./virtual-card.ts";

/** The card is taken away at its `commandNumber`-th command (from 1), once; laid again it works. */
export function tornAt(commandNumber: number): CardBehavior<unknown> {
  let commands = 0;
  return {
    name: "torn",
    handle() {
      commands += 1;
      if (commands === commandNumber) throw cardTaken();
      return null;
    },
  };
}

/** Every answer comes `delayMs` later, as from a card at the edge of the field. */
export function slow(delayMs: number): CardBehavior<unknown> {
  return {
    name: "slow",
    async handle() {
      await wait(delayMs);
      return null;
    },
  };
}

/** The `commandNumber`-th command (from 1) is answered with `status` instead, once. */
export function answersAt(commandNumber: number, status: number): CardBehavior<unknown> {
  let commands = 0;
  return {
    name: "answers",
    handle() {
      commands += 1;
      return commands === commandNumber ? statusOnly(status) : null;
    },
  };
}

/** READ BINARY gives one byte less than asked for, once: the exchange was cut short. */
export function shortRead(): CardBehavior<unknown> {
  let done = false;
  return {
    name: "short-read",
    handle(command) {
      if (done || command.ins !== 0xb0 || command.expected === null || command.expected < 5) return null;
      done = true;
      return { data: new Uint8Array(command.expected - 1), status: STATUS.OK };
    },
  };
}

/** The reader stops answering: the exchange ends as a time-out. */
export function unresponsive(): CardBehavior<unknown> {
  return {
    name: "unresponsive",
    handle() {
      throw new CardChannelError("TIMEOUT", "the card does not answer");
    },
  };
}

/** Another card of the wallet: a Japanese driving licence answers SELECT, but knows none of our applications. */
export function createDrivingLicence(personKey: string): VirtualCard {
  return createVirtualCard({
    personKey,
    atr: fromHex("3B888001000000009181C100D8"),
    certificateDer: new Uint8Array(0),
    state: null,
    behaviors: [{ name: "select", handle: (command) => (command.ins === 0xa4 ? statusOnly(STATUS.NOT_FOUND) : null) }],
    reset: () => undefined,
  });
}
