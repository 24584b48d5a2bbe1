/** Identifiers are branded strings: a ride id can never be passed where a terminal id is meant. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A paying municipality, e.g. the file name of its city document. First part of every key. */
export type MunicipalityId = Branded<"MunicipalityId">;
/** A taxi company under contract with a municipality. */
export type CompanyId = Branded<"CompanyId">;
/** A cab. */
export type VehicleId = Branded<"VehicleId">;
/** A tablet in a cab, or a migration terminal of the city. Holds its own signing key. */
export type TerminalId = Branded<"TerminalId">;
/** Made by the device that opened the ride (UUID); unique within its terminal. */
export type RideId = Branded<"RideId">;
/** Made by the device for one laying of one card (UUID); unique within its terminal. */
export type TouchId = Branded<"TouchId">;
/** Uses reserved between the laying of the card and the payment. */
export type HoldId = Branded<"HoldId">;
/** A pseudonymous person × scheme. Limits belong to it. */
export type EntitlementId = Branded<"EntitlementId">;
/** The random, lasting link between a card and an entitlement. */
export type CredentialId = Branded<"CredentialId">;
/** A benefit scheme of a municipality. */
export type SchemeId = Branded<"SchemeId">;
/** One dated version of a scheme, e.g. "2024". */
export type SchemeVersionId = Branded<"SchemeVersionId">;

/** Longest identifier accepted from outside, in characters. */
export const ID_MAX_LENGTH = 64;

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** True when `text` has the form of an identifier: 1–64 of letters, digits and `._:-`. */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

/** Brands `text` as an identifier of type `T`. The caller has checked it with {@link isId} at the edge. */
export function asId<T extends string>(text: string): T {
  return text as T;
}
