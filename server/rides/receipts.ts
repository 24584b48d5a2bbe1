import { createHash, sign } from "node:crypto";
import type { MunicipalityId } from "#domain/ids.ts";
import { leafHash, merkleTree } from "#protocol/receipt/merkle.ts";
import { canonicalOutcomes, canonicalRoot, type ReceiptRide } from "#protocol/receipt/receipt.ts";
import type { Receipt, RideOutcome } from "./ride-service.ts";
import type { RideServiceDeps } from "./ride-service-deps.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

interface Waiting {
  readonly digest: Uint8Array;
  readonly positions: readonly number[];
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** Signs the outcomes of calls; calls that are answered in the same turn share one signature. */
export class ReceiptSigner {
  readonly #deps: Pick<RideServiceDeps, "signing" | "clock">;
  readonly #waiting = new Map<MunicipalityId, Waiting[]>();

  constructor(deps: Pick<RideServiceDeps, "signing" | "clock">) {
    this.#deps = deps;
  }

  /** The receipt of a call, or null when nothing of it stands in ledger or quarantine. */
  async receipt(
    municipality: MunicipalityId,
    terminalId: string,
    outcomes: readonly RideOutcome[],
  ): Promise<Receipt | null> {
    const rides = outcomes.flatMap(receiptRide);
    if (rides.length === 0) return null;
    const entry = Buffer.from(canonicalOutcomes(municipality, terminalId, rides), "utf8");
    const digest = leafHash(entry, sha256);
    return new Promise((resolve, reject) => {
      const waiting = { digest, positions: rides.map((ride) => ride.position), resolve, reject };
      const others = this.#waiting.get(municipality);
      if (others) others.push(waiting);
      else {
        this.#waiting.set(municipality, [waiting]);
        setImmediate(() => this.#signAll(municipality));
      }
    });
  }

  #signAll(municipality: MunicipalityId): void {
    const calls = this.#waiting.get(municipality) ?? [];
    this.#waiting.delete(municipality);
    try {
      const { keyId, privateKey } = this.#deps.signing;
      const signedAtMs = this.#deps.clock();
      const treeSize = calls.length;
      const { root, paths } = merkleTree(
        calls.map((call) => call.digest),
        sha256,
      );
      const rootHex = Buffer.from(root).toString("hex");
      const text = canonicalRoot({ municipality, keyId, rootHex, treeSize, signedAtMs });
      const signature = new Uint8Array(sign(null, Buffer.from(text, "utf8"), privateKey));
      for (const [leafIndex, { digest, positions, resolve }] of calls.entries()) {
        const firstPosition = Math.min(...positions);
        const lastPosition = Math.max(...positions);
        const path = paths[leafIndex] ?? [];
        const proof = { digest, leafIndex, treeSize, path, signature };
        resolve({ municipality, keyId, ...proof, signedAtMs, firstPosition, lastPosition });
      }
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  }
}

function receiptRide(outcome: RideOutcome): readonly ReceiptRide[] {
  const { rideId, status, rideKey, position, decision } = outcome;
  if (status === "REJECTED" || status === "CONFLICT" || rideKey === null || position === null) return [];
  return [
    {
      rideId,
      status,
      rideKey,
      position,
      fareMinor: decision?.fareMinor ?? null,
      subsidyMinor: decision?.subsidyMinor ?? null,
      riderPaysMinor: decision?.riderPaysMinor ?? null,
    },
  ];
}
