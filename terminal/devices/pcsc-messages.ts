import type { CardChannelErrorCode } from "#protocol/apdu/card-channel.ts";

/** What the process that holds the PC/SC binding tells the reader port. */
export type PcscNotice =
  /** The binding works and is watching. */
  | { readonly kind: "watching" }
  /** It cannot work; the process ends by itself. */
  | { readonly kind: "unusable"; readonly why: "no-module" | "no-service" | "failed"; readonly detail: string }
  /** The readers connected now, in the service's order. */
  | { readonly kind: "readers"; readonly names: readonly string[] }
  /** `laying` counts the cards laid since the process started. */
  | { readonly kind: "laid"; readonly laying: number }
  | { readonly kind: "lifted"; readonly laying: number }
  | { readonly kind: "answer"; readonly id: number; readonly hex: string }
  | { readonly kind: "failure"; readonly id: number; readonly code: CardChannelErrorCode; readonly detail: string };

/** What the reader port asks of that process: one exchange at a time. */
export interface PcscRequest {
  readonly id: number;
  readonly laying: number;
  readonly hex: string;
}

/** Names of PC/SC result codes this project decides by (pcsc-lite `pcsclite.h`). */
const CARD_LOST: readonly number[] = [
  0x80100069, // card removed
  0x80100068, // card was reset by someone else
  0x8010000c, // no smart card
  0x80100016, // transaction failed: how a card leaving the field in mid-command looks
  0x8010002f, // communication with the card lost
  0x80100066, // card does not answer
  0x80100067, // card lost power
];
const READER_LOST: readonly number[] = [
  0x80100009, // unknown reader
  0x80100017, // reader unavailable
  0x8010001d, // service not available
  0x8010001e, // service stopped
  0x8010002e, // no reader
  0x80100013, // communication error with the service
  0x80100003, // handle no longer known: the service was restarted
];
/** Another program holds the card. */
export const PCSC_SHARING_VIOLATION = 0x8010000b;

/** The result code a binding puts at the end of its error text, `(0x80100069)`; null when there is none. */
export function pcscResultCode(error: unknown): number | null {
  const match = /\(0x([0-9a-f]{8,16})\)/i.exec(error instanceof Error ? error.message : String(error));
  // The binding prints a signed long: 64-bit machines show ffffffff80100069.
  return match?.[1] === undefined ? null : Number.parseInt(match[1].slice(-8), 16);
}

/** What a failed PC/SC call means for the card channel. */
export function channelErrorOf(resultCode: number | null): CardChannelErrorCode {
  if (resultCode !== null && CARD_LOST.includes(resultCode)) return "CARD_REMOVED";
  if (resultCode !== null && READER_LOST.includes(resultCode)) return "READER_GONE";
  return "PROTOCOL";
}
