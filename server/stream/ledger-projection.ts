import type { RefusalCode } from "#domain/decision/refusal.ts";
import type { Posting } from "#domain/settlement/postings.ts";
import type { LedgerLine } from "#protocol/stream/events.ts";
import type { RideBody, RideEvent } from "#server/rides/ride-events.ts";
import type { LimitBalance } from "#server/rides/ride-service.ts";

/** An event of the log as a line of the ledger. */
export function ledgerLine(event: RideEvent): LedgerLine {
  const line = { ...blank(event), ...detail(event) };
  return { ...line, balanceMinor: line.postings.reduce((total, posting) => total + posting.amountMinor, 0) };
}

function blank({ position, atMs, type, rideKey, body }: RideEvent): LedgerLine {
  return {
    position,
    at: atMs,
    type,
    rideKey,
    tag: body.tag,
    postings: [],
    balanceMinor: 0,
    uses: 0,
    usesLeft: null,
    refusal: null,
    schemeVersion: null,
    steps: [],
  };
}

function detail(event: RideEvent): Partial<LedgerLine> {
  switch (event.type) {
    case "touch.held":
    case "touch.refused": {
      const { uses, limits, refusal, schemeVersion } = event.body;
      return { uses, usesLeft: usesLeftOf(limits), refusal, schemeVersion };
    }
    case "ride.recorded":
    case "ride.refused":
      return {
        postings: linesOf(event.body.postings),
        uses: event.body.uses,
        usesLeft: usesLeftOf(event.body.riders[0]?.limits ?? []),
        refusal: refusalOf(event.body),
        schemeVersion: event.body.decision.schemeVersion,
        steps: event.body.decision.steps.map((step) => ({ ...step, parameters: { ...step.parameters } })),
      };
    case "ride.presented":
      return { postings: linesOf(event.body.postings) };
    case "ride.reversed":
      return { postings: linesOf(event.body.postings), uses: -event.body.uses };
    case "hold.expired":
      return { uses: -event.body.uses };
    case "ride.cancelled":
      return { uses: -event.body.holds.reduce((total, hold) => total + hold.uses, 0) };
    case "ride.quarantined":
    case "quarantine.resolved":
      return {};
    default:
      return event satisfies never;
  }
}

const linesOf = (postings: readonly Posting[]): LedgerLine["postings"] =>
  postings.map(({ account, amountMinor }) => ({ account, amountMinor }));

/** Why the ride was refused: the first rider's reason. */
export function refusalOf({ decision }: Pick<RideBody, "decision">): RefusalCode | null {
  return decision.riders.find((rider) => rider.refusal !== null)?.refusal ?? null;
}

/** Uses left in the longest period that counts uses; null when the scheme counts none. */
export function usesLeftOf(limits: readonly LimitBalance[]): number | null {
  for (const per of ["fiscal-year", "month", "day"] as const) {
    const limit = limits.find((candidate) => candidate.unit === "uses" && candidate.per === per);
    if (limit) return limit.left;
  }
  return null;
}
