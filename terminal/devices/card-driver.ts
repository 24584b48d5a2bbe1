import type { Assurance } from "#domain/card/assurance.ts";
import type { Result } from "#domain/result.ts";
import { type CardChannel, CardChannelError } from "#protocol/apdu/card-channel.ts";
import type { EvidenceKind } from "#protocol/evidence/evidence.ts";

/** What a driver got from a card. It stays in memory for one touch and leaves the terminal only sealed. */
export interface CardReading {
  readonly kind: EvidenceKind;
  /** The card's own bytes, e.g. the certificate: sealed for the verifier, and the key to its offline pack entry. */
  readonly body: Uint8Array;
  readonly assurance: Assurance;
}

const CARD_REFUSALS = [
  /** No driver knows this card. */
  "UNKNOWN_CARD",
  /** Lifted or out of the field while it was read: lay it again. */
  "TORN_READ",
  /** A known card that does not answer as it should. */
  "CARD_FAULT",
] as const;

/** Why no driver gave a reading. The message is for developers and holds no card data. */
export interface CardRefusal {
  readonly code: (typeof CARD_REFUSALS)[number];
  readonly message: string;
}

/**
 * Reads one kind of card. Drivers are asked in order; each finds out by SELECT of its own AID whether the card is its
 * own (never by ATR) and answers UNKNOWN_CARD when it is not. A municipal applet, FeliCa and the next-generation card
 * are further drivers.
 */
export interface CardDriver {
  readonly id: string;
  /** @throws CardChannelError READER_GONE when the reader itself is lost */
  read(channel: CardChannel): Promise<Result<CardReading, CardRefusal>>;
}

/** A torn read is repeated this often before the rider is asked to lay the card again. */
const TORN_READ_REPEATS = 1;

/**
 * Asks the drivers in order until one knows the card. A torn read is repeated once from the SELECT on; the caller
 * shows "lay it again" when it stays torn.
 * @throws CardChannelError READER_GONE when the reader itself is lost
 */
export async function readCard(
  channel: CardChannel,
  drivers: readonly CardDriver[],
): Promise<Result<CardReading, CardRefusal>> {
  let refusal: CardRefusal = { code: "UNKNOWN_CARD", message: "no driver knows this card" };
  for (const driver of drivers) {
    for (let repeat = 0; repeat <= TORN_READ_REPEATS; repeat += 1) {
      const reading = await driver.read(channel);
      if (reading.ok) return reading;
      refusal = { code: reading.error.code, message: `${driver.id}: ${reading.error.message}` };
      if (refusal.code !== "TORN_READ") break;
    }
    if (refusal.code !== "UNKNOWN_CARD") break;
  }
  return { ok: false, error: refusal };
}

/** True when the reader is lost, so that the agent waits for the reader and not for another card. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof CardChannelError && error.code === "READER_GONE";
}
