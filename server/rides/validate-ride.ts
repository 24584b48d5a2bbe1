import type { City } from "#domain/city/city.ts";
import type { Point } from "#domain/geo/point.ts";
import { isId, type VehicleId } from "#domain/ids.ts";
import { fareOf } from "#domain/ride/fare.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import type { InputErrorCode } from "#server/generated/graphql.ts";
import type { InputError, OpenRide, Presented, RiderSubmission, RideSubmission } from "./ride-service.ts";

/** What a submission is held against. */
export interface ValidationContext {
  readonly city: City;
  readonly calendar: Calendar;
  readonly nowMs: number;
  readonly terminalKind: "cab" | "migration";
  /** The terminal's own vehicle. */
  readonly ownVehicleId: VehicleId | null;
  /** True when the municipality knows the vehicle. */
  readonly isKnownVehicle: (vehicleId: VehicleId) => boolean;
}

/** Most rides of one call. */
export const MAX_BATCH = 500;
/** Most riders with cards of one ride. */
export const MAX_RIDERS = 4;
const MAX_COMPONENTS = 16;
const MAX_USES_CHOSEN = 10;
const MAX_EVIDENCE_BYTES = 8_192;
const MIN_SALT_BYTES = 16;
const MAX_SALT_BYTES = 64;
const MAX_DISTANCE_M = 2_000_000;
const FUTURE_TOLERANCE_MS = 5 * 60_000;
const MS_PER_MINUTE = 60_000;
/** No clock that is set shows an earlier time; also keeps calendars within their range. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/** An input error. */
export function inputError(code: InputErrorCode, message: string, path: string | null = null): InputError {
  return { code, message, path };
}

/** First thing wrong with a ride as it arrived, or null. Pure; looks at the submission alone, not at the ledger. */
export function validateRide(ride: RideSubmission, context: ValidationContext): InputError | null {
  return (
    (isId(ride.rideId) ? null : inputError("BAD_ID", "an id has 1-64 letters, digits or ._:-", "rideId")) ??
    vehicleError(ride.vehicleId, context) ??
    timesError(ride, context) ??
    distanceError(ride.distanceM) ??
    fareError(ride, context.city.absurdFareMinor) ??
    ridersError(ride.riders, context.terminalKind) ??
    saltError(ride.erasable.salt) ??
    placeError(ride.erasable.boarding, "erasable.boarding") ??
    placeError(ride.erasable.alighting, "erasable.alighting") ??
    (ride.presented ? presentedError(ride.presented, fareOf(ride.components), context) : null)
  );
}

/** First thing wrong with a touch as it arrived, or null. */
export function validateTouch(touch: OpenRide, context: ValidationContext): InputError | null {
  for (const [path, id] of [
    ["rideId", touch.rideId],
    ["touchId", touch.touchId],
    ...touch.companions.map((companion, index) => [`companions.${index}`, companion] as const),
  ] as const) {
    if (!isId(id)) return inputError("BAD_ID", "an id has 1-64 letters, digits or ._:-", path);
  }
  if (touch.companions.length >= MAX_RIDERS) {
    return inputError("TOO_MANY_RIDERS", `a ride has at most ${MAX_RIDERS} riders with cards`, "companions");
  }
  return (
    vehicleError(null, context) ??
    instantError(touch.touchedAtMs, "touchedAt", context) ??
    instantError(touch.boardedAtMs, "boardedAt", context) ??
    evidenceError(touch.sealedEvidence, "sealedEvidence") ??
    usesError(touch.usesChosen, "usesChosen") ??
    placeError(touch.place, "place")
  );
}

/** What is wrong with shown amounts, or null. They must add up to the fare that was paid. */
export function presentedError(
  presented: Presented,
  fareMinor: number,
  context: Pick<ValidationContext, "nowMs" | "city" | "calendar">,
): InputError | null {
  const { subsidyMinor, riderPaysMinor } = presented;
  const isAmount = (amount: number): boolean => Number.isSafeInteger(amount) && amount >= 0;
  if (!isAmount(subsidyMinor) || !isAmount(riderPaysMinor) || subsidyMinor + riderPaysMinor !== fareMinor) {
    return inputError("PRESENTED_MISMATCH", "what was shown does not add up to the fare", "presented");
  }
  return instantError(presented.shownAtMs, "presented.shownAt", context);
}

function vehicleError(given: VehicleId | null, context: ValidationContext): InputError | null {
  if (context.terminalKind === "cab") {
    if (context.ownVehicleId === null) return inputError("UNKNOWN_VEHICLE", "the terminal has no vehicle", "vehicleId");
    if (given !== null && given !== context.ownVehicleId) {
      return inputError("VEHICLE_NOT_OF_TERMINAL", "a cab's terminal sends rides of its own vehicle", "vehicleId");
    }
    return null;
  }
  const vehicle = given ?? context.ownVehicleId;
  if (vehicle === null || !context.isKnownVehicle(vehicle)) {
    return inputError("UNKNOWN_VEHICLE", "the municipality does not know this vehicle", "vehicleId");
  }
  return null;
}

/** What is wrong with an instant as it arrived, or null. */
export function instantError(
  atMs: number,
  path: string,
  { nowMs, city, calendar }: Pick<ValidationContext, "nowMs" | "city" | "calendar">,
): InputError | null {
  if (!Number.isSafeInteger(atMs) || atMs < EARLIEST_MS) {
    return inputError("TIME_OUT_OF_RANGE", "an instant is an integer of epoch milliseconds after 2000", path);
  }
  if (atMs > nowMs + FUTURE_TOLERANCE_MS) {
    return inputError("TIME_OUT_OF_RANGE", "the instant lies in the future; check the terminal's clock", path);
  }
  if (calendar.local(atMs).day < city.ledgerOpensOnDay) {
    return inputError("TIME_OUT_OF_RANGE", "the ledger of this municipality opens later", path);
  }
  return null;
}

function timesError(ride: RideSubmission, context: ValidationContext): InputError | null {
  const wrong =
    instantError(ride.boardedAtMs, "boardedAt", context) ?? instantError(ride.alightedAtMs, "alightedAt", context);
  if (wrong) return wrong;
  if (ride.alightedAtMs < ride.boardedAtMs) {
    return inputError("TIME_ORDER", "a ride ends after it began", "alightedAt");
  }
  const longestMs = context.city.absurdRideMinutes * MS_PER_MINUTE;
  if (ride.alightedAtMs - ride.boardedAtMs > longestMs) {
    return inputError("RIDE_TOO_LONG", `a ride lasts at most ${context.city.absurdRideMinutes} minutes`, "alightedAt");
  }
  return null;
}

function distanceError(distanceM: number | null): InputError | null {
  if (distanceM === null || (Number.isSafeInteger(distanceM) && distanceM >= 0 && distanceM <= MAX_DISTANCE_M)) {
    return null;
  }
  return inputError("DISTANCE_OUT_OF_RANGE", `a distance is 0-${MAX_DISTANCE_M} metres`, "distanceM");
}

function fareError({ components }: RideSubmission, absurdFareMinor: number): InputError | null {
  if (components.length === 0 || components.length > MAX_COMPONENTS) {
    return inputError("FARE_ABSURD", `a fare has 1-${MAX_COMPONENTS} components`, "components");
  }
  let gross = 0;
  let discount = 0;
  for (const [index, { kind, amountMinor }] of components.entries()) {
    const path = `components.${index}.amountMinor`;
    if (!(amountMinor >= 0)) return inputError("FARE_NEGATIVE", "amounts are never negative", path);
    if (!Number.isSafeInteger(amountMinor) || amountMinor > absurdFareMinor) {
      return inputError("FARE_ABSURD", `no amount is above ${absurdFareMinor}`, path);
    }
    if (kind === "company-discount") discount += amountMinor;
    else gross += amountMinor;
  }
  if (gross > absurdFareMinor) return inputError("FARE_ABSURD", `no fare is above ${absurdFareMinor}`, "components");
  if (discount > gross) return inputError("FARE_NEGATIVE", "the discounts are above the fare", "components");
  return null;
}

function ridersError(riders: readonly RiderSubmission[], terminalKind: "cab" | "migration"): InputError | null {
  if (riders.length === 0) return inputError("NO_RIDERS", "a ride has at least one rider with a card", "riders");
  if (riders.length > MAX_RIDERS) {
    return inputError("TOO_MANY_RIDERS", `a ride has at most ${MAX_RIDERS} riders with cards`, "riders");
  }
  for (const [index, rider] of riders.entries()) {
    const wrong =
      referenceError(rider, `riders.${index}`, terminalKind) ??
      usesError(rider.usesChosen, `riders.${index}.usesChosen`);
    if (wrong) return wrong;
  }
  return null;
}

function referenceError(
  { reference }: RiderSubmission,
  path: string,
  terminalKind: "cab" | "migration",
): InputError | null {
  const badId = (name: string): InputError =>
    inputError("BAD_ID", "an id has 1-64 letters, digits or ._:-", `${path}.${name}`);
  switch (reference.kind) {
    case "hold":
      return isId(reference.holdId) ? null : badId("holdId");
    case "evidence":
      return evidenceError(reference.sealed, `${path}.sealedEvidence`);
    case "credential":
      if (terminalKind !== "migration") {
        return inputError("RIDER_REFERENCE", "only migration terminals name a credential", `${path}.credentialId`);
      }
      return isId(reference.credentialId) ? null : badId("credentialId");
    case "invalid":
      return inputError("RIDER_REFERENCE", "give exactly one of holdId, sealedEvidence and credentialId", path);
    default:
      return reference satisfies never;
  }
}

function evidenceError(sealed: Uint8Array, path: string): InputError | null {
  if (sealed.length > 0 && sealed.length <= MAX_EVIDENCE_BYTES) return null;
  return inputError("EVIDENCE_UNREADABLE", `sealed evidence has 1-${MAX_EVIDENCE_BYTES} bytes`, path);
}

function usesError(usesChosen: number, path: string): InputError | null {
  if (Number.isSafeInteger(usesChosen) && usesChosen >= 1 && usesChosen <= MAX_USES_CHOSEN) return null;
  return inputError("RIDER_REFERENCE", `uses chosen are 1-${MAX_USES_CHOSEN}`, path);
}

function saltError(salt: Uint8Array): InputError | null {
  if (salt.length >= MIN_SALT_BYTES && salt.length <= MAX_SALT_BYTES) return null;
  return inputError("SALT_TOO_SHORT", `a salt has ${MIN_SALT_BYTES}-${MAX_SALT_BYTES} bytes`, "erasable.salt");
}

function placeError(place: Point | null, path: string): InputError | null {
  if (place === null) return null;
  const { latE6, lngE6 } = place;
  const isWithin = (value: number, most: number): boolean => Number.isSafeInteger(value) && Math.abs(value) <= most;
  if (isWithin(latE6, 90_000_000) && isWithin(lngE6, 180_000_000)) return null;
  return inputError("PLACE_OUT_OF_RANGE", "a place is given in micro-degrees on this planet", path);
}
