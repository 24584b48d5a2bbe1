import type { OpenAnswer, RecordAnswer } from "../session/events.ts";
import type { Ride, Touch } from "../session/state.ts";

/** The answer to a batch of rides. */
export interface RecordedBatch {
  readonly outcomes: readonly RecordAnswer[];
  /** The server's signed receipt as it came, with its digest for filing; null when nothing new was written. */
  readonly receipt: { readonly digest: string; readonly body: unknown } | null;
}

/** A mutation that only succeeds or not. */
export interface SimpleAnswer {
  readonly ok: boolean;
  readonly errorCode: string | null;
}

/** What a terminal needs to work, as the server sent it (`Query.terminalPack`). */
export interface TerminalPack {
  readonly terminalId: string;
  readonly vehicleId: string | null;
  readonly vehicleLabel: string | null;
  readonly companyId: string | null;
  readonly municipality: string;
  readonly sealingKey: { readonly keyId: string; readonly spki: string };
  /** JSON text of `protocol/documents/city-document.ts`. */
  readonly cityDocument: string;
  readonly serverTime: number;
}

/** How a ride is sent. */
export interface RecordRequest {
  readonly ride: Ride;
  /** Send what the passenger was shown with it. */
  readonly presented: boolean;
}

/** A ride that was taken back. */
export interface Reversal {
  readonly rideId: string;
  /** Key of the ride on the server where it is known: another ride may have the same id there. */
  readonly rideKey: string | null;
  readonly reason: string;
  /** When it was pressed, epoch ms: the server takes it only so long after the ride. */
  readonly undoneAtMs: number;
}

/** The terminal's way to the server. Every method rejects with UplinkError when no answer came. */
export interface Uplink {
  openRide(ride: Ride, touch: Touch, companions: readonly string[]): Promise<OpenAnswer>;
  recordRides(requests: readonly RecordRequest[]): Promise<RecordedBatch>;
  presentRide(ride: Ride): Promise<SimpleAnswer>;
  cancelRide(rideId: string, reason: string): Promise<SimpleAnswer>;
  reverseRide(reversal: Reversal): Promise<SimpleAnswer>;
  terminalPack(): Promise<TerminalPack>;
  /** Resolves when the server is there and knows this terminal. */
  probe(): Promise<void>;
  /** Server's clock minus this machine's, in ms, as measured by the last pack; 0 before. */
  readonly skewMs: number;
}
