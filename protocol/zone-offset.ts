import { Temporal } from "temporal-polyfill";

/** Minutes east of UTC of an IANA zone at an instant. Throws RangeError for an unknown zone. Costs about 13 µs: callers cache. */
export function zoneOffsetMinutes(zone: string, instantMs: number): number {
  const instant = Temporal.Instant.fromEpochMilliseconds(instantMs);
  return instant.toZonedDateTimeISO(zone).offsetNanoseconds / 60_000_000_000;
}
