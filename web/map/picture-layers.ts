import type { FreeTaxis, PictureSnapshot } from "#protocol/stream/events.ts";
import type { CityZone } from "./zones.ts";

/** One zone of the live picture. `rides` null = fewer than ten people: hidden, never the same as zero. */
export interface ZonePulse {
  readonly zone: CityZone;
  readonly rides: number | null;
}

/** A soft circle in the middle of a zone. */
export interface PulseDisc {
  readonly zoneId: string;
  readonly position: [number, number];
  /** Pixels. */
  readonly radius: number;
}

/** Joins the picture's counts with the city's zones; a zone the picture does not name is hidden. */
export function zonePulses(zones: readonly CityZone[], picture: PictureSnapshot | null): ZonePulse[] {
  const rides = new Map(picture?.pulses.map((pulse) => [pulse.zoneId, pulse.rides]));
  return zones.map((zone) => ({ zone, rides: rides.get(zone.id) ?? null }));
}

const SMALLEST = 11;
const PER_ROOT = 3.6;
const LARGEST = 46;

/** Radius in pixels of a pulse: its area grows with the rides; large enough to hold its number. */
export function pulseRadius(rides: number): number {
  return rides <= 0 ? 0 : Math.min(LARGEST, SMALLEST + PER_ROOT * Math.sqrt(rides));
}

/** Circles of the zones with a visible count above zero. */
export function pulseDiscs(pulses: readonly ZonePulse[], scale = 1): PulseDisc[] {
  return pulses.flatMap(({ zone, rides }) =>
    rides === null || rides === 0
      ? []
      : [
          {
            zoneId: zone.id,
            position: [zone.label.lngE6 / 1e6, zone.label.latE6 / 1e6] as [number, number],
            radius: pulseRadius(rides) * scale,
          },
        ],
  );
}

/** Ids of the zones to hatch: only once a picture is there, so that nothing looks hidden while it loads. */
export function hiddenZones(pulses: readonly ZonePulse[], picture: PictureSnapshot | null): string[] {
  return picture === null ? [] : pulses.filter((pulse) => pulse.rides === null).map((pulse) => pulse.zone.id);
}

/** True when a picture is there and no zone of it may be shown: usual in a quiet hour, and said so. */
export function allHidden(pulses: readonly ZonePulse[], picture: PictureSnapshot | null): boolean {
  return picture !== null && pulses.length > 0 && pulses.every((pulse) => pulse.rides === null);
}

/** Positions of free taxis for drawing, in a steady order. */
export function taxiPositions(
  taxis: FreeTaxis["taxis"],
): { readonly key: string; readonly position: [number, number] }[] {
  return taxis
    .map((taxi) => ({ key: taxi.taxiKey, position: [taxi.lngE6 / 1e6, taxi.latE6 / 1e6] as [number, number] }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The hour a picture's pulses speak of, epoch ms; null when there are none. */
export function pulseHour(picture: PictureSnapshot | null): { readonly from: number; readonly to: number } | null {
  const quarter = picture?.pulses[0]?.quarterStart;
  if (quarter === undefined) return null;
  const to = quarter + 15 * 60_000;
  return { from: to - 60 * 60_000, to };
}
