import type { ErasableFacts } from "#domain/ride/places.ts";
import type { Posting } from "#domain/settlement/postings.ts";
import type { RideEventType } from "../ride-events.ts";
import type { Presented } from "../ride-service.ts";
import type { CountedRider, LoadedHold, QuarantinedSubmission } from "./loaded.ts";

/** Rows a batch adds. `event` is the number of the row's event within the batch, from 1; the head row turns it into a position. */
export class Writes {
  readonly events: EventRow[] = [];
  readonly rides: RideRow[] = [];
  readonly people: PersonRow[] = [];
  readonly erasables: ErasableRow[] = [];
  readonly postings: PostingRow[] = [];
  readonly openings: OpeningRow[] = [];
  readonly cancellations: CancellationRow[] = [];
  readonly newHolds: NewHoldRow[] = [];
  readonly endedHolds: LoadedHold[] = [];
  readonly touches: TouchRow[] = [];
  readonly presented: PresentedRow[] = [];
  readonly reversals: ReversalRow[] = [];
  readonly quarantines: QuarantineRow[] = [];
  readonly resolutions: ResolutionRow[] = [];

  /** Adds an event and returns its number within the batch. */
  event(row: EventRow): number {
    this.events.push(row);
    return this.events.length;
  }

  /** Adds the postings of an event. */
  post(event: number, postings: readonly Posting[], companyId: string | null): void {
    for (const { account, amountMinor } of postings) this.postings.push({ event, account, amountMinor, companyId });
  }

  /** True when the batch changes nothing: whatever changes has an event. */
  get isEmpty(): boolean {
    return this.events.length === 0;
  }
}

export interface EventRow {
  readonly type: RideEventType;
  readonly rideKey: string;
  readonly body: object;
}

export interface RideRow {
  readonly event: number;
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly status: "recorded" | "refused";
  readonly vehicleId: string;
  readonly companyId: string | null;
  readonly boardedAtMs: number;
  readonly alightedAtMs: number;
  readonly boardingDay: number;
  readonly fareMinor: number;
  readonly subsidyMinor: number;
  readonly riderPaysMinor: number;
  readonly uses: number;
  readonly schemeVersion: string | null;
  readonly riders: readonly CountedRider[];
}

export interface PersonRow {
  readonly entitlementId: string;
  readonly boardedAtMs: number;
  readonly rideKey: string;
  readonly alightedAtMs: number;
}

export interface ErasableRow extends ErasableFacts {
  readonly rideKey: string;
  readonly salt: Uint8Array;
}

export interface PostingRow extends Posting {
  readonly event: number;
  readonly companyId: string | null;
}

export interface OpeningRow {
  readonly rideKey: string;
  readonly boardedAtMs: number;
  readonly vehicleId: string;
  readonly companyId: string | null;
}

export interface CancellationRow {
  readonly event: number;
  readonly rideKey: string;
  readonly reason: string;
  readonly releasedHolds: number;
}

export type NewHoldRow = Omit<LoadedHold, "state">;

export interface TouchRow {
  readonly event: number;
  readonly terminalId: string;
  readonly touchId: string;
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly entitlementId: string | null;
}

export interface PresentedRow extends Presented {
  readonly event: number;
  readonly rideKey: string;
  readonly seq: number;
}

export interface ReversalRow {
  readonly event: number;
  readonly rideKey: string;
  readonly by: string;
  readonly reason: string;
}

export interface QuarantineRow {
  readonly event: number;
  readonly rideKey: string;
  readonly factsHash: Uint8Array;
  readonly reason: string;
  readonly vehicleId: string | null;
  readonly companyId: string | null;
  readonly fareMinor: number;
  readonly shownSubsidyMinor: number;
  readonly submission: QuarantinedSubmission;
}

export interface ResolutionRow {
  readonly event: number;
  readonly rideKey: string;
  readonly accepted: boolean;
  readonly by: string;
  readonly reason: string;
}
