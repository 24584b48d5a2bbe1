import type { CardChannel } from "#protocol/apdu/card-channel.ts";

/** What a reader tells the agent. A reader that disappears keeps its port and comes back by itself. */
export type ReaderEvent =
  | { readonly kind: "ready"; readonly name: string }
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "card-laid"; readonly cardNumber: number; readonly channel: CardChannel }
  | { readonly kind: "card-lifted"; readonly cardNumber: number };

/** A card reader. `cardNumber` counts layings from 1, so that one laying is one touch. */
export interface ReaderPort {
  readonly technology: "pcsc" | "simulator";
  /** Starts to watch; events come one at a time, also for a card already lying there. */
  start(listener: (event: ReaderEvent) => void): void;
  close(): Promise<void>;
}
