import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { MutationResolvers, QueryResolvers, RideInput } from "#server/generated/graphql.ts";
import { whisper } from "#server/graphql/enums.ts";
import { bytesOf } from "#server/graphql/scalars.ts";
import type { Metrics } from "#server/http/metrics.ts";
import type { Presented, RiderSubmission, RideService, RideSubmission } from "./ride-service.ts";
import { decisionShape, openedShape, outcomeShape, receiptShape } from "./ride-shapes.ts";

type RideMutations = Pick<
  MutationResolvers,
  "openRide" | "recordRides" | "cancelRide" | "reverseRide" | "presentRide" | "resolveQuarantine"
>;

/** Resolvers of the write path: parse, use-case, map. */
export function rideResolvers(rides: RideService, metrics: Pick<Metrics, "rideOutcome">) {
  const query: Pick<QueryResolvers, "quote"> = {
    quote: async (_parent, { input }, { viewer }) => {
      const { decision, riderLimits, error } = await rides.quote(viewer, submissionOf(input));
      return { decision: decision && decisionShape(decision, riderLimits), error };
    },
  };
  const mutation: RideMutations = {
    openRide: async (_parent, { input }, { viewer }) => {
      const opened = await rides.open(viewer, {
        rideId: asId(input.rideId),
        touchId: asId(input.touchId),
        touchedAtMs: input.touchedAt,
        boardedAtMs: input.boardedAt,
        sealedEvidence: bytesOf(input.sealedEvidence),
        place: input.place ?? null,
        companions: (input.companions ?? []).map((id) => asId(id)),
        usesChosen: input.usesChosen ?? 1,
      });
      return openedShape(opened);
    },
    recordRides: async (_parent, { input }, { viewer, taken }) => {
      const { outcomes, receipt, error } = await rides.record(viewer, input.map(submissionOf), taken);
      for (const outcome of outcomes) metrics.rideOutcome(outcome.replayed ? "REPLAYED" : outcome.status);
      return { outcomes: outcomes.map(outcomeShape), receipt: receipt && receiptShape(receipt), error };
    },
    cancelRide: (_parent, { input }, { viewer }) =>
      rides.cancel(viewer, { rideId: asId(input.rideId), reason: whisper(input.reason) }),
    reverseRide: (_parent, { input }, { viewer }) =>
      rides.reverse(viewer, {
        municipality: asId(input.municipality),
        rideKey: input.rideKey ?? null,
        rideId: input.rideId == null ? null : asId(input.rideId),
        reason: input.reason,
        undoneAtMs: input.undoneAt ?? null,
      }),
    presentRide: (_parent, { input }, { viewer }) =>
      rides.present(viewer, { rideId: asId(input.rideId), presented: presentedOf(input.presented) }),
    resolveQuarantine: (_parent, { input }, { viewer }) =>
      rides.resolveQuarantine(viewer, {
        municipality: asId(input.municipality),
        rideKey: input.rideKey,
        accept: input.accept,
        reason: input.reason,
      }),
  };
  return { query, mutation };
}

function submissionOf(input: RideInput): RideSubmission {
  const { erasable } = input;
  return {
    rideId: asId(input.rideId),
    vehicleId: input.vehicleId == null ? null : asId(input.vehicleId),
    boardedAtMs: input.boardedAt,
    alightedAtMs: input.alightedAt,
    distanceM: input.distanceM ?? null,
    components: input.components.map(({ kind, amountMinor }) => ({
      kind: whisper(kind),
      amountMinor: minor(amountMinor),
    })),
    riders: input.riders.map(riderOf),
    erasable: {
      salt: bytesOf(erasable.salt),
      boarding: erasable.boarding ?? null,
      alighting: erasable.alighting ?? null,
      purpose: erasable.purpose == null ? null : whisper(erasable.purpose),
    },
    presented: input.presented == null ? null : presentedOf(input.presented),
  };
}

function riderOf(input: RideInput["riders"][number]): RiderSubmission {
  const usesChosen = input.usesChosen ?? 1;
  const given = [input.holdId, input.sealedEvidence, input.credentialId].filter((value) => value != null);
  if (given.length !== 1) return { reference: { kind: "invalid" }, usesChosen };
  if (input.holdId != null) return { reference: { kind: "hold", holdId: asId(input.holdId) }, usesChosen };
  if (input.sealedEvidence != null) {
    return { reference: { kind: "evidence", sealed: bytesOf(input.sealedEvidence) }, usesChosen };
  }
  return { reference: { kind: "credential", credentialId: asId(input.credentialId ?? "") }, usesChosen };
}

function presentedOf(input: NonNullable<RideInput["presented"]>): Presented {
  return {
    shownAtMs: input.shownAt,
    offline: input.offline,
    subsidyMinor: minor(input.subsidyMinor),
    riderPaysMinor: minor(input.riderPaysMinor),
  };
}
