import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { REFUSAL_CODES } from "#domain/decision/refusal.ts";
import type { CardKnowledge, Standing } from "../session/state.ts";

/** How long balances of an earlier touch may be used without signal. */
export const ENTRY_LIFE_MS = 24 * 3_600_000;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a card opens on this terminal; lives as long as the touch. */
export interface CardKeys {
  /** Under which the card's entry is found (hex). */
  readonly tag: string;
  /** Opens the entry. */
  readonly key: Uint8Array;
}

/**
 * Derives tag and key from the card's own bytes and this terminal's random salt. The tag comes from the hash, the key
 * from the bytes themselves: whoever holds the tablet without the card has neither.
 * @param body what the card driver read, e.g. the certificate
 * @param salt at least 16 random bytes, one value a terminal
 */
export function cardKeys(body: Uint8Array, salt: Uint8Array): CardKeys {
  const digest = createHash("sha256").update(body).digest();
  const tag = createHmac("sha256", salt).update("notte.card-tag.v1").update(digest).digest("hex");
  return { tag, key: new Uint8Array(hkdfSync("sha256", body, salt, "notte.card-entry.v1", KEY_BYTES)) };
}

const entry = z.object({
  asOfMs: z.int(),
  refusal: z.enum(REFUSAL_CODES).nullable(),
  limits: z.array(
    z.object({
      unit: z.enum(["uses", "money"]),
      per: z.enum(["ride", "day", "month", "fiscal-year"]),
      amount: z.int(),
      left: z.int(),
    }),
  ),
  usableUntil: z.string().nullable(),
  capMinor: z.int().nullable(),
});

/** Encrypts what the server said about a card (AES-256-GCM; the tag is authenticated too). */
export function sealEntry(keys: CardKeys, standing: Standing): Uint8Array {
  const { asOfMs, refusal, limits, usableUntil, capMinor } = standing;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keys.key, nonce).setAAD(Buffer.from(keys.tag));
  const text = JSON.stringify({ asOfMs, refusal, limits, usableUntil, capMinor });
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** Opens an entry with the card present; null when it is not this card's or was damaged. */
export function openEntry(keys: CardKeys, sealed: Uint8Array): NonNullable<CardKnowledge["entry"]> | null {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", keys.key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(keys.tag)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return entry.parse(JSON.parse(text.toString("utf8")));
  } catch {
    return null;
  }
}
