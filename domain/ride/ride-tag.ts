import { assert } from "../assert.ts";
import type { MunicipalityId, RideId, TerminalId } from "../ids.ts";

/** Digits and capitals that cannot be taken for one another when read aloud or on a small screen: no 0, 1, I, O. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const TAG_LENGTH = 3;

/** The text whose SHA-256 gives a ride its tag. */
export function rideTagSource(municipality: MunicipalityId, terminalId: TerminalId, rideId: RideId): string {
  return `${municipality}/${terminalId}/${rideId}`;
}

/**
 * The short name by which people point at a ride of today (`K7M`): three characters, from the first three bytes of the
 * digest. Not unique: one of 32,768, for looking at two screens side by side.
 * @param digest SHA-256 of {@link rideTagSource}
 */
export function rideTag(digest: Uint8Array): string {
  assert(digest.length >= TAG_LENGTH, "a ride tag needs a digest");
  return Array.from(digest.subarray(0, TAG_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
