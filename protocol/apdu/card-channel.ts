/**
 * The reader port as the card code sees it: bytes out, bytes back (ISO 7816-4). Implemented by PC/SC, by the
 * transcript replayer and by the simulated card; a card driver knows nothing else.
 */
export interface CardChannel {
  /**
   * Sends one command APDU and returns the response including SW1 SW2. One exchange at a time.
   * @throws CardChannelError when the card was taken away, does not answer, or the reader fails
   */
  exchange(command: Uint8Array): Promise<Uint8Array>;
}

/** Why an exchange broke. */
export const CARD_CHANNEL_ERRORS = ["CARD_REMOVED", "TIMEOUT", "READER_GONE", "PROTOCOL"] as const;
export type CardChannelErrorCode = (typeof CARD_CHANNEL_ERRORS)[number];

/** A broken exchange. `code` decides what happens next; the text is for people. */
export class CardChannelError extends Error {
  override readonly name = "CardChannelError";
  readonly code: CardChannelErrorCode;
  constructor(code: CardChannelErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
