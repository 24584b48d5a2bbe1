import { fromHex } from "../bytes.ts";

/**
 * The JPKI application of the My Number Card as data (docs/protocols/card.md §2). The applications with the face and
 * the 12-digit number are named nowhere in production code: a terminal has no business with them.
 */
export const JPKI_AID: Uint8Array = fromHex("D392F000260100000001");

/** Elementary files of the JPKI application. */
export const JPKI_FILES = {
  /** Signature certificate; readable only after the signature password. */
  SIGNATURE_CERTIFICATE: 0x0001,
  SIGNATURE_CA_CERTIFICATE: 0x0002,
  /** 32 bytes that say card or phone. */
  TOKEN: 0x0006,
  /** User-authentication certificate; readable without a PIN. */
  USER_AUTHENTICATION_CERTIFICATE: 0x000a,
  USER_AUTHENTICATION_CA_CERTIFICATE: 0x000b,
  USER_AUTHENTICATION_KEY: 0x0017,
  USER_AUTHENTICATION_PIN: 0x0018,
  SIGNATURE_KEY: 0x001a,
  SIGNATURE_PASSWORD: 0x001b,
} as const;

/** COMPUTE DIGITAL SIGNATURE of this application: class 80, not 00; the data is a DER DigestInfo. */
export const JPKI_SIGN = { cla: 0x80, ins: 0x2a, p1: 0x00, p2: 0x80 } as const;

/** Bytes read at a time; the most a short READ BINARY gives. */
export const JPKI_READ_CHUNK = 256;

/** Largest certificate taken from a card, in bytes. Real ones have about 1,500; the bound stops a card that lies. */
export const JPKI_MAX_CERTIFICATE = 4096;
