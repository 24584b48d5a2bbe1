import type { RideDecision, Step } from "#domain/decision/decision.ts";
import { formatDay } from "#domain/time/local.ts";
import type { ResolversTypes } from "#server/generated/graphql.ts";
import { shout } from "#server/graphql/enums.ts";
import { base64Of } from "#server/graphql/scalars.ts";
import type { LimitBalance, OpenedRide, Receipt, RideOutcome } from "./ride-service.ts";

type Shape<Name extends keyof ResolversTypes> = Awaited<ResolversTypes[Name]>;

/** A balance as GraphQL writes it. */
export function balanceShape(balance: LimitBalance): Shape<"LimitBalance"> {
  return { unit: shout(balance.unit), per: shout(balance.per), amount: balance.amount, left: balance.left };
}

/** A line of arithmetic as GraphQL writes it. */
export function stepShape(step: Step): Shape<"Step"> {
  return {
    code: step.code,
    rider: step.rider,
    amountMinor: step.amountMinor,
    parameters: Object.entries(step.parameters).map(([name, value]) => ({ name, value })),
    refusal: step.refusal,
  };
}

/** A decision with each rider's balances after the ride. */
export function decisionShape(
  decision: RideDecision,
  riderLimits: readonly (readonly LimitBalance[])[],
): Shape<"RideDecision"> {
  return {
    schemeVersion: decision.schemeVersion,
    fareMinor: decision.fareMinor,
    eligibleFareMinor: decision.eligibleFareMinor,
    subsidyMinor: decision.subsidyMinor,
    riderPaysMinor: decision.riderPaysMinor,
    riders: decision.riders.map((rider, index) => ({
      ...rider,
      limits: (riderLimits[index] ?? []).map(balanceShape),
    })),
    steps: decision.steps.map(stepShape),
  };
}

/** The answer to one ride. */
export function outcomeShape(outcome: RideOutcome): Shape<"RideOutcome"> {
  const { decision, riderLimits, ...rest } = outcome;
  return { ...rest, decision: decision && decisionShape(decision, riderLimits) };
}

/** The answer to a laid card. */
export function openedShape(opened: OpenedRide): Shape<"OpenRideResult"> {
  return {
    touchId: opened.touchId,
    usable: opened.usable,
    refusal: opened.refusal,
    replayed: opened.replayed,
    holdId: opened.holdId,
    holdExpiresAt: opened.holdExpiresAtMs,
    schemeVersion: opened.schemeVersion,
    limits: opened.limits.map(balanceShape),
    usableUntil: opened.usableUntilDay === null ? null : formatDay(opened.usableUntilDay),
    capMinor: opened.capMinor,
    error: opened.error,
  };
}

/** The signature over a call's outcomes. */
export function receiptShape(receipt: Receipt): Shape<"Receipt"> {
  return {
    municipality: receipt.municipality,
    keyId: receipt.keyId,
    digest: base64Of(receipt.digest),
    leafIndex: receipt.leafIndex,
    treeSize: receipt.treeSize,
    path: receipt.path.map(base64Of),
    signature: base64Of(receipt.signature),
    signedAt: receipt.signedAtMs,
    firstPosition: receipt.firstPosition,
    lastPosition: receipt.lastPosition,
  };
}
