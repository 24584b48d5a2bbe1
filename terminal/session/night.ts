import type { Point } from "#domain/geo/point.ts";

const MS_PER_DAY = 86_400_000;
const DEGREE = Math.PI / 180;
/** Noon of 2000-01-01, from which the sun's mean place is counted. */
const EPOCH_MS = 946_728_000_000;
/** The sun's upper edge on the horizon, with the usual refraction. */
const SUNSET_DEGREES = -0.833;

/**
 * True between sunset and sunrise at a place: the screen then takes its night colours. Low-precision solar position
 * (Astronomical Almanac, good to about a minute of time).
 */
export function isNight(atMs: number, place: Point): boolean {
  const days = (atMs - EPOCH_MS) / MS_PER_DAY;
  const anomaly = (357.528 + 0.9856003 * days) * DEGREE;
  const longitude = (280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * DEGREE;
  const tilt = (23.439 - 0.0000004 * days) * DEGREE;
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude));
  const rightAscension = Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude));
  const siderealDegrees = 280.46062 + 360.985647 * days + place.lngE6 / 1e6;
  const hourAngle = siderealDegrees * DEGREE - rightAscension;
  const latitude = (place.latE6 / 1e6) * DEGREE;
  const height =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(height) < SUNSET_DEGREES * DEGREE;
}
