import { assert } from "../assert.ts";

/** Letters and digits that people can say to each other and that are not mistaken for one another; 32 of them. */
export const TAG_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** What is hashed (SHA-256, UTF-8) to make a ride's tag: the same words in the cab and on the server. */
export function rideTagText(municipality: string, terminalId: string, rideId: string): string {
  return `${municipality}/${terminalId}/${rideId}`;
}

/**
 * The short tag of a ride: three characters of {@link TAG_ALPHABET}, five bits each. It helps people find the same ride
 * on several screens of one day; it identifies nothing.
 * @param digest SHA-256 of {@link rideTagText}
 */
export function rideTag(digest: Uint8Array): string {
  const [high, low] = digest;
  assert(high !== undefined && low !== undefined, "a ride tag needs a digest");
  const bits = (high << 8) | low;
  return [bits >> 11, bits >> 6, bits >> 1].map((five) => TAG_ALPHABET.charAt(five & 31)).join("");
}
