import { z } from "zod";
import { parseDay } from "#domain/time/local.ts";

/**
 * A fare table (`cities/<id>/tariff.json`), only to make plausible meters in the simulation. Production never computes
 * a fare: what the meter shows in 支払 is authoritative.
 */

const hourMinute = z
  .string()
  .regex(/^\d{2}:\d{2}$/)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const tariffVersion = z.object({
  effectiveFrom: z.string().transform((text, context) => {
    const day = parseDay(text);
    if (day === undefined) context.addIssue({ code: "custom", message: "not a date like 2026-03-16" });
    return day ?? 0;
  }),
  baseM: z.int().positive(),
  baseMinor: z.int().positive(),
  stepM: z.int().positive(),
  stepMinor: z.int().positive(),
  /** Below this speed time counts instead of distance: one step for `stepS` seconds. */
  slow: z.object({ belowKmh: z.number(), stepS: z.number().positive() }),
  night: z.object({ from: hourMinute, to: hourMinute, rateBp: z.int() }),
  disabilityDiscount: z.object({ rateBp: z.int(), roundDownToMinor: z.int().positive() }),
  note: z.string().optional(),
});

export const tariffDocument = z.object({
  sources: z.array(z.string()),
  unknowns: z.array(z.object({ field: z.string(), note: z.string(), assumption: z.string() })),
  versions: z.array(tariffVersion).min(1),
});
export type Tariff = z.output<typeof tariffDocument>;
export type TariffVersion = Tariff["versions"][number];

/** The fare table in force on a local day; the oldest one for days before all of them. */
export function tariffOn(tariff: Tariff, day: number): TariffVersion {
  return tariff.versions.findLast((version) => day >= version.effectiveFrom) ?? (tariff.versions[0] as TariffVersion);
}

/** What a meter measured. */
export interface Metered {
  readonly distanceM: number;
  /** Seconds below the speed at which time counts. */
  readonly slowS: number;
  /** Local minute of the day at which the ride began. */
  readonly minute: number;
}

/** What a meter would show, in minor units. Time spent slowly is turned into distance at one step's rate. */
export function meterFare(version: TariffVersion, metered: Metered): number {
  const { night } = version;
  const countedM = metered.distanceM + (metered.slowS / version.slow.stepS) * version.stepM;
  const steps = Math.max(0, Math.ceil((countedM - version.baseM) / version.stepM));
  const dayFare = version.baseMinor + steps * version.stepMinor;
  const { minute } = metered;
  const isNight =
    night.from > night.to ? minute >= night.from || minute < night.to : minute >= night.from && minute < night.to;
  return isNight ? Math.floor((dayFare * (10_000 + night.rateBp)) / 100_000) * 10 : dayFare;
}

/** The firm's own discount for riders with a disability certificate, as a positive amount. */
export function disabilityDiscount(version: TariffVersion, meterMinor: number): number {
  const { rateBp, roundDownToMinor } = version.disabilityDiscount;
  const reduced = Math.floor((meterMinor * (10_000 - rateBp)) / 10_000 / roundDownToMinor) * roundDownToMinor;
  return meterMinor - reduced;
}
