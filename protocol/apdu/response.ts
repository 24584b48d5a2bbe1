import { concatBytes } from "../bytes.ts";

/** A response APDU: data, then the status word SW1 SW2 as one number. */
export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly status: number;
}

/** Bytes of a response. */
export function encodeResponse(response: ResponseApdu): Uint8Array {
  return concatBytes(response.data, Uint8Array.of(response.status >> 8, response.status & 0xff));
}

/** The response in `bytes`, or null when there is not even a status word. */
export function decodeResponse(bytes: Uint8Array): ResponseApdu | null {
  const sw1 = bytes.at(-2);
  const sw2 = bytes.at(-1);
  if (sw1 === undefined || sw2 === undefined) return null;
  return { data: bytes.slice(0, -2), status: (sw1 << 8) | sw2 };
}
