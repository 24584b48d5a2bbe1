import type { EntitlementId } from "#domain/ids.ts";
import type { RideContext } from "../ride-context.ts";
import type { RideEnd } from "../ride-events.ts";
import type { Loaded, LoadedCredential, LoadedQuarantine } from "./loaded.ts";
import type { RecordOperation } from "./operation.ts";

/** No id contains it: a key with it never is the key of a ride that was taken as it came. */
const MARK = "~";
const HASH_DIGITS = 32;
/** Times outside these bounds are not told as times of the ride; the moment it was received is. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/** Key of a ride whose id another ride has with other facts: the same facts have the same key whenever they come. */
export function keyBesideOther({ rideKey, factsHash }: Pick<RecordOperation, "rideKey" | "factsHash">): string {
  return `${rideKey}${MARK}${Buffer.from(factsHash).toString("hex").slice(0, HASH_DIGITS)}`;
}

/** The ride that has the id of a {@link keyBesideOther}, or null for the key of any other ride. */
export function otherRideOf(rideKey: string): string | null {
  const end = rideKey.indexOf(MARK);
  return end < 0 ? null : rideKey.slice(0, end);
}

/** When a quarantined ride is taken to have begun and ended. Follows from the submission alone, whenever it is asked. */
export function endsOf(
  context: RideContext,
  { submission, receivedAtMs }: Pick<LoadedQuarantine, "submission" | "receivedAtMs">,
): { readonly boarding: RideEnd; readonly alighting: RideEnd } {
  const believable = (atMs: number): number =>
    Number.isSafeInteger(atMs) && atMs >= EARLIEST_MS && atMs <= receivedAtMs ? atMs : receivedAtMs;
  const boardedAtMs = believable(submission.received.boardedAtMs);
  const alightedAtMs = Math.max(boardedAtMs, believable(submission.received.alightedAtMs));
  return { boarding: context.end(boardedAtMs, null), alighting: context.end(alightedAtMs, null) };
}

/** A rider of a quarantined ride with the person, as far as the city's scheme knows one. */
export interface NamedRider {
  readonly entitlement: EntitlementId | null;
  readonly credential: LoadedCredential | null;
  readonly usesChosen: number;
}

/** Who rode, in the order of the submission. */
export function ridersOf(
  { city }: Pick<RideContext, "city">,
  { submission }: Pick<LoadedQuarantine, "submission">,
  credentialsById: Loaded["credentialsById"],
): readonly NamedRider[] {
  return submission.riders.map(({ credentialId, usesChosen }) => {
    const found = credentialId === null ? undefined : credentialsById.get(credentialId);
    const credential = found?.schemeId === city.schemeId ? found : null;
    return { entitlement: credential?.entitlementId ?? null, credential, usesChosen };
  });
}
