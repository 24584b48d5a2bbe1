/**
 * How much a touch proves. `presented`: an identifier was shown (IDm, UID, typed number);
 * `identified`: a certificate or applet was read (copyable, proves nothing cryptographically);
 * `possession`: the card signed a nonce; `device`: a phone key signed a nonce.
 */
export const ASSURANCES = ["presented", "identified", "possession", "device"] as const;
export type Assurance = (typeof ASSURANCES)[number];

const RANK: Readonly<Record<Assurance, number>> = { presented: 0, identified: 1, device: 2, possession: 3 };

/** Place of an assurance on the scale of proof, 0 = least. */
export function assuranceRank(assurance: Assurance): number {
  return RANK[assurance];
}

/** True when `given` proves at least as much as `required`. */
export function isAtLeast(given: Assurance, required: Assurance): boolean {
  return RANK[given] >= RANK[required];
}
