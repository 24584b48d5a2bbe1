import type { DecisionInput, RiderStanding } from "#domain/decision/decision.ts";
import type { EntitlementId, SchemeId, SchemeVersionId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { ComponentKind, Formula, SchemeVersion, UseOption } from "#domain/scheme/scheme.ts";
import { type LocalMoment, localMoment, parseDay } from "#domain/time/local.ts";

const APRIL = { month: 4, day: 1 };

/** Moment of a local date and time of day, for tests. */
export function at(date: string, time: string): LocalMoment {
  const [hour, minute] = time.split(":").map(Number);
  return localMoment(parseDay(date) ?? Number.NaN, (hour ?? 0) * 60 + (minute ?? 0), APRIL);
}

/** Half the fare up to a cap, fractions dropped, for tests. */
export function half(capMinor: number | null): Formula {
  return rate({ rateBp: 5000, capMinor });
}

/** A rate formula, for tests. */
export function rate(given: {
  rateBp: number;
  capMinor?: number | null;
  first?: number;
  rule?: "floor" | "ceil";
  step?: number;
}): Formula {
  return {
    kind: "rate",
    rateBp: given.rateBp,
    capMinor: given.capMinor === null || given.capMinor === undefined ? null : minor(given.capMinor),
    memberPaysFirstMinor: minor(given.first ?? 0),
    rounding: { rule: given.rule ?? "floor", stepMinor: given.step ?? 1 },
  };
}

/** A use option, for tests. */
export function option(formula: Formula, uses = 1, minFare = 0): UseOption {
  return { uses, minFareMinor: minor(minFare), formula };
}

/** A scheme version: solo half up to 1,000, shared 500 each, two uses for long rides, 2 a day, 70 a year. */
export function version(changes: Partial<SchemeVersion> = {}): SchemeVersion {
  return {
    scheme: "test" as SchemeId,
    version: "1" as SchemeVersionId,
    effectiveFromDay: 0,
    effectiveToDay: null,
    rationale: "test",
    sources: [],
    unknowns: [],
    minimumAssurance: "identified",
    hours: { by: "boarding", windows: [{ fromMinute: 420, toMinute: 1080, toInclusive: true }] },
    area: "boarding-or-alighting",
    eligibleComponents: ["meter", "company-discount"],
    solo: [option(half(1000)), option(half(2000), 2, 2001)],
    shared: [option({ kind: "fixed", amountMinor: minor(500) })],
    maxRiders: 4,
    limits: [
      { unit: "uses", per: "day", amount: 2 },
      { unit: "uses", per: "fiscal-year", amount: 70 },
    ],
    holdMinutes: 240,
    offlineAllowanceUses: 2,
    overGrantBearer: "city",
    ...changes,
  };
}

/** A rider with nothing against them. */
export function rider(person: string | null, changes: Partial<RiderStanding> = {}): RiderStanding {
  return {
    entitlement: person as EntitlementId | null,
    validFromDay: 0,
    validToDay: 40_000,
    card: "good",
    assurance: "identified",
    used: [0, 0],
    usesChosen: 1,
    ...changes,
  };
}

/** Fare components by kind. */
export function fare(amounts: Partial<Record<ComponentKind, number>>): FareComponent[] {
  return (Object.entries(amounts) as [ComponentKind, number][]).map(([kind, amount]) => ({
    kind,
    amountMinor: minor(amount),
  }));
}

/** An ordinary ride at ten in the morning within the city. */
export function ride(meter: number, changes: Partial<DecisionInput> = {}): DecisionInput {
  return {
    boarding: at("2026-11-23", "10:00"),
    alighting: at("2026-11-23", "10:20"),
    boardingInArea: true,
    alightingInArea: true,
    components: fare({ meter }),
    riders: [rider("a")],
    ...changes,
  };
}
