import { createHash, createHmac } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import { isInside, type Point, zoneOf } from "#domain/geo/point.ts";
import type { EntitlementId } from "#domain/ids.ts";
import { rideTag, rideTagText } from "#domain/ride/ride-tag.ts";
import { type Scheme, type SchemeVersion, versionOn } from "#domain/scheme/scheme.ts";
import { type Calendar, createCalendar } from "#domain/time/calendar.ts";
import { PERIOD_KINDS, type PeriodKind, periodsOf } from "#domain/usage/balance.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import type { RideEnd } from "./ride-events.ts";

/** A municipality as the write path uses it. */
export interface RideContext {
  readonly city: City;
  readonly scheme: Scheme | null;
  readonly calendar: Calendar;
  /** Periods in which usage is counted: those of every version, so that a new limit finds the year's earlier uses. */
  readonly countedPeriods: readonly PeriodKind[];
  versionOn(day: number): SchemeVersion | null;
  /** Derives what may be kept of an exact place. */
  end(atMs: number, place: Point | null): RideEnd;
  tag(terminalId: string, rideId: string): string;
}

/** Builds the context of a city once. */
export function createRideContext(city: City): RideContext {
  const calendar = createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes);
  const scheme = city.schemes.find((candidate) => candidate.id === city.schemeId) ?? null;
  const needed = new Set(scheme?.versions.flatMap(periodsOf) ?? []);
  return {
    city,
    scheme,
    calendar,
    countedPeriods: PERIOD_KINDS.filter((kind) => needed.has(kind)),
    versionOn: (day) => (scheme ? (versionOn(scheme, day) ?? null) : null),
    end(atMs, place) {
      const inArea = place ? isInside(place, city.border) : null;
      const zone = place && inArea ? (zoneOf(place, city.zones) ?? null) : null;
      return { atMs, local: calendar.local(atMs), inArea, zone };
    },
    tag: (terminalId, rideId) =>
      rideTag(
        createHash("sha256")
          .update(rideTagText(city.id, terminalId, rideId))
          .digest(),
      ),
  };
}

/** Key of a ride in the ledger, at most 129 characters. */
export function rideKeyOf(terminalId: string, rideId: string): string {
  return `${terminalId}:${rideId}`;
}

const PERSON_KEY_BYTES = 8;

/** Most keys remembered; a bigger city computes some again. */
const MAX_REMEMBERED = 100_000;

/** The opaque keys by which people are counted in the log of one municipality; they say nothing without its secret. */
export function personKeys(secret: Uint8Array): (entitlement: EntitlementId) => string {
  const remembered = new Map<EntitlementId, string>();
  return (entitlement) => {
    let key = remembered.get(entitlement);
    if (key === undefined) {
      key = createHmac("sha256", secret)
        .update(entitlement)
        .digest("hex")
        .slice(0, PERSON_KEY_BYTES * 2);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(entitlement, key);
    }
    return key;
  };
}
