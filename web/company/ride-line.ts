import type { RideLine } from "#protocol/stream/events.ts";
import type { ComponentKind, FareComponent, LedgerRide } from "#ui/generated/graphql.ts";
import { stepOf } from "../arithmetic/explain.ts";

/** A ride of the API in the shape of the live stream, so that one list and one detail show both. */
export function rideLineOf(ride: LedgerRide): RideLine {
  return {
    position: ride.position,
    rideKey: ride.rideKey,
    tag: ride.tag,
    recordedAt: ride.recordedAt,
    boardedAt: ride.boardedAt,
    alightedAt: ride.alightedAt,
    distanceM: ride.distanceM ?? null,
    vehicleLabel: ride.vehicleLabel,
    companyId: ride.companyId,
    status: ride.status === "QUARANTINED" || ride.status === "REFUSED" ? ride.status : "RECORDED",
    reversed: ride.reversed,
    fareMinor: ride.fareMinor,
    subsidyMinor: ride.subsidyMinor,
    riderPaysMinor: ride.riderPaysMinor,
    paidMinor: ride.paidMinor,
    fromCityMinor: ride.fromCityMinor,
    cityBearsMinor: ride.cityBearsMinor,
    companyBearsMinor: ride.companyBearsMinor,
    fromQuarantine: ride.fromQuarantine,
    riderCount: ride.riderCount,
    uses: ride.uses,
    refusal: ride.refusal ?? null,
    schemeVersion: ride.schemeVersion ?? null,
    steps: ride.steps.map(stepOf),
    components: ride.components.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
  };
}

/** Fare components under the API's names, whichever way they came. */
export function componentsOf(ride: Pick<RideLine, "components">): Pick<FareComponent, "kind" | "amountMinor">[] {
  return ride.components.map(({ kind, amountMinor }) => ({
    kind: kind.toUpperCase().replaceAll("-", "_") as ComponentKind,
    amountMinor,
  }));
}

/** The company's own discount on a ride, minor units; `fareMinor` is what is left after it. */
export function discountOf(ride: Pick<RideLine, "components">): number {
  return componentsOf(ride).reduce(
    (sum, component) => sum + (component.kind === "COMPANY_DISCOUNT" ? component.amountMinor : 0),
    0,
  );
}
