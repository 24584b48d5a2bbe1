import type { FareComponentInput } from "../generated/graphql.ts";
import type { Cab } from "./cabs.ts";
import type { Trip } from "./trip.ts";

/** The meter's components of a trip in a cab: fare, the firm's charge for the way there, its discount. */
export function farePartsOf(trip: Trip, cab: Pick<Cab, "pickupMinor">): FareComponentInput[] {
  const components: FareComponentInput[] = [{ kind: "METER", amountMinor: trip.meterMinor }];
  if (trip.booked && cab.pickupMinor > 0) components.push({ kind: "PICKUP", amountMinor: cab.pickupMinor });
  if (trip.discountMinor > 0) components.push({ kind: "COMPANY_DISCOUNT", amountMinor: trip.discountMinor });
  return components;
}

/** Purposes as the API names them. */
export const PURPOSE_NAMES = {
  care: "CARE",
  shopping: "SHOPPING",
  meeting: "MEETING",
  leisure: "LEISURE",
  errand: "ERRAND",
} as const;
