import { type CardChannel, CardChannelError } from "#protocol/apdu/card-channel.ts";
import type { ReaderEvent, ReaderPort } from "#terminal/devices/reader.ts";
import type { VirtualCard } from "./virtual-card.ts";

/** A reader without hardware: cards are laid and lifted by call. */
export interface InProcessReader extends ReaderPort {
  readonly technology: "simulator";
  /** Lays `card`; a card already lying there is lifted first. Ignored while unplugged. */
  lay(card: VirtualCard): void;
  lift(): void;
  /** Takes the reader away (a card on it is lost with it). */
  unplug(): void;
  /** Brings it back, empty. */
  plug(): void;
}

const NAME = "in-process reader";

/** A plugged-in, empty reader. */
export function createInProcessReader(): InProcessReader {
  let listener: ((event: ReaderEvent) => void) | null = null;
  let plugged = true;
  let laid: { readonly cardNumber: number; readonly card: VirtualCard } | null = null;
  let layings = 0;

  const channelOf = (cardNumber: number, card: VirtualCard): CardChannel => {
    let busy = false;
    return {
      async exchange(command) {
        if (busy) throw new CardChannelError("PROTOCOL", "one exchange at a time");
        busy = true;
        try {
          assertLying(cardNumber);
          const response = await card.exchange(command);
          assertLying(cardNumber);
          return response;
        } finally {
          busy = false;
        }
      },
    };
  };
  const assertLying = (cardNumber: number): void => {
    if (!plugged) throw new CardChannelError("READER_GONE", "the reader is not plugged in");
    if (laid?.cardNumber !== cardNumber) throw new CardChannelError("CARD_REMOVED", "the card was lifted");
  };
  const announceCard = (): void => {
    if (laid === null) return;
    const { cardNumber, card } = laid;
    listener?.({ kind: "card-laid", cardNumber, channel: channelOf(cardNumber, card) });
  };
  const lift = (): void => {
    if (laid === null) return;
    const { cardNumber, card } = laid;
    laid = null;
    card.reset();
    listener?.({ kind: "card-lifted", cardNumber });
  };

  return {
    technology: "simulator",
    start(given) {
      listener = given;
      listener(plugged ? { kind: "ready", name: NAME } : { kind: "absent", reason: "the reader is not plugged in" });
      announceCard();
    },
    async close() {
      listener = null;
    },
    lay(card) {
      if (!plugged) return;
      lift();
      layings += 1;
      card.reset();
      laid = { cardNumber: layings, card };
      announceCard();
    },
    lift,
    unplug() {
      if (!plugged) return;
      plugged = false;
      lift();
      listener?.({ kind: "absent", reason: "the reader is not plugged in" });
    },
    plug() {
      if (plugged) return;
      plugged = true;
      listener?.({ kind: "ready", name: NAME });
    },
  };
}
