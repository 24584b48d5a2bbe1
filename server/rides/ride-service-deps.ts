import type { KeyObject } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { CabDirectory } from "../fleet/cab-directory.ts";
import type { Log } from "../log.ts";
import type { Verifier } from "../registry/verifier-port.ts";
import type { Database } from "../storage/database.ts";
import type { RideEvent } from "./ride-events.ts";

/** What the write path needs from outside; everything that is not a rule comes in here. */
export interface RideServiceDeps {
  /** Migrated. */
  readonly database: Database;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly cabs: CabDirectory;
  readonly verifier: Verifier;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A new random identifier (UUID). */
  readonly newId: () => string;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Ed25519; signs receipts. */
  readonly signing: { readonly keyId: string; readonly privateKey: KeyObject };
  readonly log: Pick<Log, "info" | "warn" | "error">;
  /** Told of the events of every committed batch; they are the log's from then on and never change. */
  readonly onEvents?: (municipality: MunicipalityId, events: readonly RideEvent[]) => void;
  /** A hint that the log of a municipality now ends at a position. */
  readonly onCommitted: (municipality: MunicipalityId, lastPosition: number) => void;
  readonly options?: Partial<RideServiceOptions>;
}

export interface RideServiceOptions {
  /** How long the first of several calls waits for company, in milliseconds. */
  readonly gatherMs: number;
  /** Most rides and touches of one transaction. */
  readonly maxBatch: number;
  /** Rides and touches waiting, per municipality; beyond it callers are told to come back. */
  readonly maxQueued: number;
  /** Transactions under way at once, per municipality. */
  readonly maxInFlight: number;
  /** Seconds told to callers that are turned away. */
  readonly retryAfterS: number;
}

/** Usual options for a kind of database. */
export function defaultOptions(kind: Database["kind"]): RideServiceOptions {
  return { gatherMs: 2, maxBatch: 500, maxQueued: 10_000, maxInFlight: kind === "postgres" ? 2 : 1, retryAfterS: 2 };
}
