import type { RideContext } from "../ride-context.ts";
import { type Loaded, personSpanKey, vehicleSpanKey } from "./loaded.ts";
import { Writes } from "./writes.ts";

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One transaction's work in memory: what was read, what will be written. */
export class Batch {
  readonly context: RideContext;
  readonly loaded: Loaded;
  readonly nowMs: number;
  readonly writes = new Writes();
  readonly #spans = new Map<string, Span[]>();

  constructor(context: RideContext, loaded: Loaded, nowMs: number) {
    this.context = context;
    this.loaded = loaded;
    this.nowMs = nowMs;
  }

  /** True when the vehicle was on another ride at the same time, in the ledger or earlier in this batch. */
  overlapsVehicle(rideKey: string, vehicleId: string, span: Span): boolean {
    return this.#overlaps(`v ${vehicleId}`, span) || this.loaded.overlapping.has(vehicleSpanKey(rideKey));
  }

  /** True when the person was on another ride at the same time, in the ledger or earlier in this batch. */
  overlapsPerson(rideKey: string, entitlement: string, span: Span): boolean {
    return this.#overlaps(`p ${entitlement}`, span) || this.loaded.overlapping.has(personSpanKey(rideKey, entitlement));
  }

  #overlaps(key: string, span: Span): boolean {
    const earlier = this.#spans.get(key) ?? [];
    const overlaps = earlier.some((other) => other.fromMs < span.toMs && other.toMs > span.fromMs);
    if (!overlaps && earlier.length === 0) this.#spans.set(key, [span]);
    else earlier.push(span);
    return overlaps;
  }
}
