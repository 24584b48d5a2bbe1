import { CardChannelError } from "#protocol/apdu/card-channel.ts";
import { type CommandApdu, decodeCommand } from "#protocol/apdu/command.ts";
import { encodeResponse, type ResponseApdu } from "#protocol/apdu/response.ts";
import { STATUS } from "#protocol/apdu/status-word.ts";

/**
 * One thing a card does: answers the commands it knows and leaves the rest (null) to the behaviours after it. A fault
 * is a behaviour put in front. A behaviour that throws CardChannelError is a card that was taken away.
 */
export interface CardBehavior<State> {
  readonly name: string;
  handle(command: CommandApdu, state: State): ResponseApdu | null | Promise<ResponseApdu | null>;
}

/** A simulated card: bytes in, bytes out, as a chip would answer. */
export interface VirtualCard {
  /** Who it belongs to in the simulation; nothing of it is on the card. */
  readonly personKey: string;
  /** Answer to reset, as the reader reports it. */
  readonly atr: Uint8Array;
  /** The user-authentication certificate; empty for a card without one. */
  readonly certificateDer: Uint8Array;
  /** @throws CardChannelError when a fault behaviour takes the card away */
  exchange(command: Uint8Array): Promise<Uint8Array>;
  /** Power off and on: selection and PIN state are forgotten, PIN counters are not. */
  reset(): void;
}

/** What a card is made of. */
export interface CardParts<State> {
  readonly personKey: string;
  readonly atr: Uint8Array;
  readonly certificateDer: Uint8Array;
  readonly state: State;
  readonly behaviors: readonly CardBehavior<State>[];
  readonly reset: (state: State) => void;
}

/** Puts a card together. Commands nobody handles get 6D00, bytes that are no short APDU 6700. */
export function createVirtualCard<State>(parts: CardParts<State>): VirtualCard {
  const answer = async (bytes: Uint8Array): Promise<ResponseApdu> => {
    const command = decodeCommand(bytes);
    if (command === null) return statusOnly(STATUS.WRONG_LENGTH);
    for (const behavior of parts.behaviors) {
      const response = await behavior.handle(command, parts.state);
      if (response !== null) return response;
    }
    return statusOnly(STATUS.UNKNOWN_INSTRUCTION);
  };
  return {
    personKey: parts.personKey,
    atr: parts.atr,
    certificateDer: parts.certificateDer,
    exchange: async (command) => encodeResponse(await answer(command)),
    reset: () => parts.reset(parts.state),
  };
}

/** A response without data. */
export function statusOnly(status: number): ResponseApdu {
  return { data: new Uint8Array(0), status };
}

/** What a card in the hand of someone who lifts it too early throws. */
export function cardTaken(): CardChannelError {
  return new CardChannelError("CARD_REMOVED", "the card was taken away");
}
