import { z } from "zod";
import { ASSURANCES } from "#domain/card/assurance.ts";
import type { SchemeId, SchemeVersionId } from "#domain/ids.ts";
import { BASIS_POINTS, ROUNDING_RULES } from "#domain/money/rounding.ts";
import {
  AREA_RULES,
  COMPONENT_KINDS,
  type HoursWindow,
  type LimitRule,
  type Scheme,
  type SchemeVersion,
  type UseOption,
} from "#domain/scheme/scheme.ts";
import { dayField, idField, minorField, minuteField, positiveMinorField, textField } from "./document-fields.ts";

/**
 * A dated version of a scheme as a person writes it (`cities/<id>/schemes/<scheme>-<version>.json`). Strict: an unknown
 * key is an error, so that a misspelt rule cannot be silently without effect.
 */

const rateField = z.int().min(0).max(BASIS_POINTS);
const rounding = z.strictObject({ rule: z.enum(ROUNDING_RULES), stepMinor: z.int().min(1) });

const tiers = z
  .array(z.strictObject({ fromFareMinor: minorField, rateBp: rateField }))
  .min(1)
  .refine(
    (list) => isInOrder(list, (lower, higher) => lower.fromFareMinor < higher.fromFareMinor),
    "tiers must begin at rising fares",
  );

const formula = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("rate"),
    rateBp: rateField,
    capMinor: positiveMinorField.nullable(),
    memberPaysFirstMinor: minorField,
    rounding,
  }),
  z.strictObject({ kind: z.literal("tiers"), tiers, capMinor: positiveMinorField.nullable(), rounding }),
  z.strictObject({ kind: z.literal("fixed"), amountMinor: positiveMinorField }),
  z.strictObject({
    kind: z.literal("rider-pays-fixed"),
    riderMinor: minorField,
    capMinor: positiveMinorField.nullable(),
  }),
]);

const useOptions = z
  .array(z.strictObject({ uses: z.int().min(1).max(9), minFareMinor: minorField, formula }))
  .min(1)
  .refine(
    (options: readonly UseOption[]) => isUnique(options.map((option) => option.uses)),
    "one option per number of uses",
  );

const hours = z.strictObject({
  by: z.enum(["boarding", "alighting", "both"]),
  windows: z
    .array(
      z
        .strictObject({ from: minuteField, to: minuteField, toInclusive: z.boolean() })
        .refine((window) => window.from < window.to, "a window ends after it begins; split one that passes midnight"),
    )
    .min(1)
    .refine(
      (windows) => isInOrder(windows, (earlier, later) => earlier.to <= later.from),
      "windows must be in order and must not overlap",
    ),
});

const limits = z
  .array(
    z.strictObject({
      unit: z.enum(["uses", "money"]),
      per: z.enum(["ride", "day", "month", "fiscal-year"]),
      amount: z.int().min(1),
    }),
  )
  .refine(
    (rules: readonly LimitRule[]) => isUnique(rules.map((rule) => `${rule.unit} ${rule.per}`)),
    "one limit per unit and period",
  );

const schemeVersionFields = z
  .strictObject({
    scheme: idField<SchemeId>(),
    version: idField<SchemeVersionId>(),
    effectiveFrom: dayField,
    effectiveTo: dayField.nullable(),
    rationale: textField,
    sources: z.array(textField),
    unknowns: z.array(z.strictObject({ field: textField, note: textField, assumption: textField })),
    minimumAssurance: z.enum(ASSURANCES),
    hours: hours.nullable(),
    area: z.enum(AREA_RULES),
    eligibleComponents: z
      .array(z.enum(COMPONENT_KINDS))
      .refine(isUnique, "each component once")
      .refine((kinds) => kinds.some((kind) => kind !== "company-discount"), "some part of the fare must be eligible"),
    solo: useOptions,
    shared: useOptions.nullable(),
    maxRiders: z.int().min(1).max(8),
    limits,
    holdMinutes: z.int().min(1).max(2880),
    offlineAllowanceUses: z.int().min(0),
    overGrantBearer: z.enum(["city", "company"]),
  })
  .superRefine((version, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: version });
    if (version.effectiveTo !== null && version.effectiveTo < version.effectiveFrom) {
      complain(["effectiveTo"], "ends before it begins");
    }
    for (const list of ["solo", "shared"] as const) {
      for (const [index, option] of (version[list] ?? []).entries()) {
        const limit = version.limits.find((rule) => rule.unit === "uses" && rule.amount < option.uses);
        if (limit) complain([list, index, "uses"], `can never be granted: limit is ${limit.amount} per ${limit.per}`);
      }
    }
    for (const [index, unknown] of version.unknowns.entries()) {
      if (!hasPath(version, unknown.field)) complain(["unknowns", index, "field"], `no such field: ${unknown.field}`);
    }
  });

/** Document ↔ {@link SchemeVersion}. */
export const schemeVersionDocument = z.codec(schemeVersionFields, z.custom<SchemeVersion>(), {
  decode: ({ effectiveFrom, effectiveTo, hours: rule, ...rest }): SchemeVersion => ({
    ...rest,
    effectiveFromDay: effectiveFrom,
    effectiveToDay: effectiveTo,
    hours: rule && { by: rule.by, windows: rule.windows.map(windowOf) },
  }),
  encode: ({ effectiveFromDay, effectiveToDay, hours: rule, ...rest }) =>
    ({
      ...rest,
      effectiveFrom: effectiveFromDay,
      effectiveTo: effectiveToDay,
      hours: rule && {
        by: rule.by,
        windows: rule.windows.map(({ fromMinute, toMinute, toInclusive }) => ({
          from: fromMinute,
          to: toMinute,
          toInclusive,
        })),
      },
    }) as z.output<typeof schemeVersionFields>,
});

/** A version that cannot stand beside another one. `version` is the place in the given list. */
export interface SchemeConflict {
  readonly version: number;
  readonly path: string;
  readonly message: string;
}

/**
 * Puts versions together into schemes, oldest version first, schemes in order of first appearance.
 * Refused: two versions of one name, and two in force on the same day. A gap between versions is allowed: a scheme may rest.
 */
export function assembleSchemes(versions: readonly SchemeVersion[]): {
  readonly schemes: readonly Scheme[];
  readonly conflicts: readonly SchemeConflict[];
} {
  const conflicts: SchemeConflict[] = [];
  const schemes = [...new Set(versions.map((version) => version.scheme))].map((id) => ({
    id,
    versions: versions
      .filter((version) => version.scheme === id)
      .toSorted((a, b) => a.effectiveFromDay - b.effectiveFromDay),
  }));
  for (const { versions: dated } of schemes) {
    for (const [index, version] of dated.entries()) {
      const place = versions.indexOf(version);
      if (dated.findIndex((other) => other.version === version.version) < index) {
        conflicts.push({ version: place, path: "version", message: `a second version ${version.version}` });
      }
      const earlier = dated[index - 1];
      if (earlier && (earlier.effectiveToDay === null || earlier.effectiveToDay >= version.effectiveFromDay)) {
        const message = `overlaps with version ${earlier.version}`;
        conflicts.push({ version: place, path: "effectiveFrom", message });
      }
    }
  }
  return { schemes, conflicts };
}

function windowOf(window: { from: number; to: number; toInclusive: boolean }): HoursWindow {
  return { fromMinute: window.from, toMinute: window.to, toInclusive: window.toInclusive };
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** True when `holds` is true of every two neighbours. */
function isInOrder<T>(list: readonly T[], holds: (before: T, after: T) => boolean): boolean {
  return list.slice(1).every((after, index) => holds(list[index] as T, after));
}

function hasPath(value: unknown, path: string): boolean {
  let here: unknown = value;
  for (const key of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return false;
    here = (here as Record<string, unknown>)[key];
  }
  return true;
}
