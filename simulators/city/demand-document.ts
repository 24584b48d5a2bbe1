import { z } from "zod";
import { place } from "#protocol/documents/gazetteer.ts";

/**
 * Demand of a city (`cities/<id>/demand.json`): what the people generator and the fleet draw from. Every figure
 * carries where it comes from; marks are explained in the document.
 */
function marked<Value>(shape: z.ZodType<Value>) {
  return z
    .object({ value: shape as z.ZodType<unknown>, source: z.string().min(1) })
    .transform(({ value }) => value as Value);
}

const share = z.number().min(0).max(1);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Purposes of an outing, in a fixed order. */
export const OUTING_PURPOSES = ["care", "shopping", "station", "office", "leisure", "family"] as const;
export type OutingPurpose = (typeof OUTING_PURPOSES)[number];

export const demandDocument = z.object({
  marks: z.record(z.string(), z.string()),
  registrants: marked(z.int().min(1)),
  activeShare: marked(share),
  ridesPerMonth: marked(z.number().positive()),
  companies: marked(
    z.array(z.object({ id: z.string(), name: z.string(), cabs: z.int().min(1), pickupMinor: z.int().min(0) })).min(1),
  ),
  hourShares: marked(z.object({ firstHour: z.int().min(0).max(23), shares: z.array(z.number().min(0)).min(1) })),
  weekdayShares: marked(z.array(z.number().min(0)).length(7)),
  dayNoise: marked(share),
  quietDays: marked(z.array(day)),
  snow: marked(z.object({ months: z.array(z.int()), dayShare: share, factor: share, northOfLatE6: z.int() })),
  purposes: marked(z.record(z.enum(OUTING_PURPOSES), z.number().min(0))),
  purposeToldShare: marked(share),
  returns: marked(z.object({ share, minHours: z.number(), medianHours: z.number(), maxHours: z.number() })),
  secondStopShare: marked(share),
  hospitals: marked(
    z.object({
      nearestShare: share,
      gravityShare: share,
      anyShare: share,
      all: z.array(z.string()).min(1),
      any: z.array(z.string()).min(1),
    }),
  ),
  otherPlaces: marked(
    z.object({
      nearestShare: share,
      gravityShare: share,
      anyShare: share,
      stationCentralShare: share,
      stationCentral: z.string(),
      officeCentralShare: share,
      officeCentral: z.string(),
    }),
  ),
  detour: marked(z.object({ plain: z.number(), slopes: z.number(), slopesNorthOfLatE6: z.int() })),
  crossing: marked(z.object({ river: z.string(), bridges: z.array(place).min(1) })),
  speeds: marked(
    z.object({
      ring: z.string(),
      ringPeakKmh: z.number(),
      ringKmh: z.number(),
      outsideKmh: z.number(),
      slopesKmh: z.number(),
      peakHours: z.array(z.int()),
    }),
  ),
  boardingMinutes: marked(z.tuple([z.number(), z.number()])),
  home: marked(z.object({ originShare: share, offsetM: z.tuple([z.number(), z.number()]) })),
  townWeights: marked(z.record(z.string(), z.number().min(0))),
  townWeightExceptions: marked(z.record(z.string(), z.number().min(0))),
  activity: marked(z.array(z.object({ id: z.string(), share, weight: z.number().positive() })).min(1)),
  discounts: marked(z.object({ disabilityShare: share })),
  sharing: marked(z.object({ two: share, three: share, four: share })),
  edges: marked(
    z.object({
      afterHoursKeptShare: share,
      lastMinute: z.int(),
      beforeHoursShare: share,
      outsideShare: share,
    }),
  ),
  twoUses: marked(z.object({ fromFareMinor: z.int(), share, withReturnShare: share })),
  bookedShare: marked(share),
  expiry: marked(z.object({ share, fromDay: day, toDay: day })),
});

/** Demand of a city as the simulators use it: plain values, sources stripped. */
export type Demand = z.output<typeof demandDocument>;
