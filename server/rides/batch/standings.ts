import type { RiderStanding } from "#domain/decision/decision.ts";
import type { CredentialId, EntitlementId } from "#domain/ids.ts";
import { err, ok, type Result } from "#domain/result.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import type { LocalMoment } from "#domain/time/local.ts";
import { leftUnder, type PeriodKind, periodKey, type UsedByLimit } from "#domain/usage/balance.ts";
import type { InputError, LimitBalance } from "../ride-service.ts";
import { inputError } from "../validate-ride.ts";
import type { Batch } from "./batch.ts";
import { type LoadedCredential, type LoadedHold, tokenKey } from "./loaded.ts";
import type { PreparedRider, ReadCard } from "./operation.ts";
import type { UsageKey } from "./usage-book.ts";

/** A rider with everything that is known about the person and the card. */
export interface KnownRider {
  readonly standing: Omit<RiderStanding, "used">;
  readonly credentialId: CredentialId | null;
  /** The rider's hold on this ride, also one that ran out. */
  readonly hold: LoadedHold | null;
}

const NOBODY = { entitlement: null, validFromDay: 0, validToDay: 0 } as const;

/** Looks up a rider of a ride that boards on `day`. */
export function knownRider(
  batch: Batch,
  rideKey: string,
  rider: PreparedRider,
  day: number,
): Result<KnownRider, InputError> {
  switch (rider.kind) {
    case "hold": {
      const hold = batch.loaded.holds.get(rider.holdId);
      if (hold?.rideKey !== rideKey) {
        return batch.loaded.foreignHolds.has(rider.holdId)
          ? err(inputError("HOLD_OF_OTHER_RIDE", "the hold belongs to another ride", "riders"))
          : err(inputError("UNKNOWN_HOLD", "no such hold", "riders"));
      }
      return ok(riderOfHold(hold, rider.usesChosen));
    }
    case "card": {
      const known = riderOfCard(batch, rider.card, { day, usesChosen: rider.usesChosen });
      // The answer to the touch may have been lost: what this ride holds for the person is theirs all the same.
      const own = placedHolds(batch, rideKey).find((hold) => hold.entitlementId === known.standing.entitlement);
      return ok(own ? riderOfHold(own, rider.usesChosen) : known);
    }
    case "credential": {
      const credential = batch.loaded.credentialsById.get(rider.credentialId);
      if (!credential) return err(inputError("UNKNOWN_CREDENTIAL", "no such credential", "riders"));
      const card = { assurance: "identified", state: "good", token: null } as const;
      return ok(riderOfCredential(batch, credential, card, { day, usesChosen: rider.usesChosen }));
    }
    default:
      return rider satisfies never;
  }
}

/** The hold keeps the standing as of the touch: what the city promised then holds until the payment. */
function riderOfHold(hold: LoadedHold, usesChosen: number): KnownRider {
  const { entitlementId, validFromDay, validToDay, assurance, credentialId } = hold;
  const standing = {
    entitlement: entitlementId,
    validFromDay,
    validToDay,
    card: "good",
    assurance,
    usesChosen,
  } as const;
  return { standing, credentialId, hold };
}

interface RideOfRider {
  readonly day: number;
  readonly usesChosen: number;
}

/** A rider by the card that was read. */
export function riderOfCard(batch: Batch, card: ReadCard, ride: RideOfRider): KnownRider {
  const credential = card.token
    ? batch.loaded.credentialsByToken.get(tokenKey(card.token.keyVersion, card.token.bytes))
    : undefined;
  if (credential) return riderOfCredential(batch, credential, card, ride);
  const standing = { ...NOBODY, card: card.state, assurance: card.assurance, usesChosen: ride.usesChosen };
  return { standing, credentialId: null, hold: null };
}

function riderOfCredential(
  batch: Batch,
  credential: LoadedCredential,
  card: Pick<ReadCard, "assurance" | "state">,
  { day, usesChosen }: RideOfRider,
): KnownRider {
  const isOfScheme = credential.schemeId === batch.context.city.schemeId;
  const { entitlementId, validFromDay, validToDay, credentialId, goodUntilDay } = credential;
  const person = isOfScheme ? { entitlement: entitlementId, validFromDay, validToDay } : NOBODY;
  const isOld = goodUntilDay !== null && day > goodUntilDay;
  const state: RiderStanding["card"] =
    credential.state === "stopped" ? "stopped" : isOld ? "needs-renewal" : card.state;
  const standing = { ...person, card: state, assurance: card.assurance, usesChosen };
  return { standing, credentialId, hold: null };
}

/** The counters a ride that boards at a moment is counted in. */
export function countersOf(
  batch: Pick<Batch, "context">,
  entitlementId: EntitlementId,
  at: Pick<LocalMoment, "day" | "month" | "fiscalYear">,
): readonly UsageKey[] {
  return batch.context.countedPeriods.map((kind) => ({ entitlementId, kind, key: keyOf(kind, at) }));
}

function keyOf(kind: PeriodKind, at: Pick<LocalMoment, "day" | "month" | "fiscalYear">): number {
  return periodKey(kind, { ...at, minute: 0 });
}

/** Used under each limit, the rider's own placed hold not counted. */
export function usedUnder(
  batch: Batch,
  version: SchemeVersion,
  rider: { readonly entitlement: EntitlementId | null; readonly hold: LoadedHold | null },
  at: LocalMoment,
): UsedByLimit {
  const { entitlement, hold } = rider;
  if (entitlement === null) return [];
  return version.limits.map((limit) => {
    if (limit.per === "ride") return 0;
    const key = keyOf(limit.per, at);
    const usage = batch.loaded.usage.get({ entitlementId: entitlement, kind: limit.per, key });
    if (limit.unit === "money") return usage.moneyMinor;
    const own = hold?.state === "placed" && keyOf(limit.per, hold.at) === key ? hold.uses : 0;
    return usage.uses + usage.heldUses - own;
  });
}

/** What is left under each limit. */
export function balancesOf(version: SchemeVersion, used: UsedByLimit): readonly LimitBalance[] {
  return version.limits.map(({ unit, per, amount }, index) => ({
    unit,
    per,
    amount,
    left: leftUnder({ unit, per, amount }, used[index] ?? 0),
  }));
}

/** Holds of a ride that still reserve uses. */
export function placedHolds(batch: Batch, rideKey: string): readonly LoadedHold[] {
  return (batch.loaded.holdsOfRide.get(rideKey) ?? []).filter((hold) => hold.state === "placed");
}

/** Ends a hold and gives its uses back to the periods they were held in. */
export function endHold(batch: Batch, hold: LoadedHold, state: "consumed" | "cancelled" | "expired"): void {
  if (hold.state === "placed") {
    for (const key of countersOf(batch, hold.entitlementId, hold.at)) {
      batch.loaded.usage.add(key, { heldUses: -hold.uses });
    }
  }
  hold.state = state;
  batch.writes.endedHolds.push(hold);
}
