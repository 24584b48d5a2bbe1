/**
 * The canonical texts of a receipt (docs/protocols/receipt.md). The server signs them, terminals and auditors compare.
 * Both are JSON arrays without spaces, UTF-8.
 */

/** One ride of a call as the receipt states it; the order is that of the call. */
export interface ReceiptRide {
  readonly rideId: string;
  readonly status: "RECORDED" | "REFUSED" | "QUARANTINED";
  readonly rideKey: string;
  readonly position: number;
  /** Null for rides in quarantine. */
  readonly fareMinor: number | null;
  readonly subsidyMinor: number | null;
  readonly riderPaysMinor: number | null;
}

/** The leaf's entry: what one call left in ledger and quarantine. */
export function canonicalOutcomes(municipality: string, terminalId: string, rides: readonly ReceiptRide[]): string {
  return JSON.stringify([
    "notte.outcomes.v1",
    municipality,
    terminalId,
    rides.map((ride) => [
      ride.rideId,
      ride.status,
      ride.rideKey,
      ride.position,
      ride.fareMinor,
      ride.subsidyMinor,
      ride.riderPaysMinor,
    ]),
  ]);
}

/** What is signed: the root of the tree over the calls answered together. */
export interface SignedRoot {
  readonly municipality: string;
  readonly keyId: string;
  readonly rootHex: string;
  readonly treeSize: number;
  readonly signedAtMs: number;
}

/** The text under the signature. */
export function canonicalRoot({ municipality, keyId, rootHex, treeSize, signedAtMs }: SignedRoot): string {
  return JSON.stringify(["notte.receipt.v1", municipality, keyId, rootHex, treeSize, signedAtMs]);
}
