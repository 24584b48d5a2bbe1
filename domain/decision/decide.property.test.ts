import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rider, version } from "#tests/kit/decision-kit.ts";
import { ASSURANCES } from "../card/assurance.ts";
import type { EntitlementId } from "../ids.ts";
import { type Minor, minor } from "../money/money.ts";
import { ROUNDING_RULES } from "../money/rounding.ts";
import { AREA_RULES, COMPONENT_KINDS, type Formula, type LimitRule, type UseOption } from "../scheme/scheme.ts";
import { localMoment } from "../time/local.ts";
import { decideRide } from "./decide.ts";
import type { DecisionInput, RiderStanding } from "./decision.ts";

const amount = (max: number) => fc.integer({ min: 0, max }).map((value) => minor(value));
const cap = fc.option(amount(6000), { nil: null });
const rounding = fc.record({ rule: fc.constantFrom(...ROUNDING_RULES), stepMinor: fc.constantFrom(1, 10, 100, 500) });
const rateBp = fc.integer({ min: 0, max: 10_000 });
const formula: fc.Arbitrary<Formula> = fc.oneof(
  fc.record({ kind: fc.constant("rate" as const), rateBp, capMinor: cap, memberPaysFirstMinor: amount(500), rounding }),
  fc.record({
    kind: fc.constant("tiers" as const),
    tiers: fc
      .uniqueArray(fc.record({ fromFareMinor: amount(9000), rateBp }), {
        minLength: 1,
        maxLength: 4,
        selector: (t) => t.fromFareMinor,
      })
      .map((tiers) => tiers.toSorted((a, b) => a.fromFareMinor - b.fromFareMinor)),
    capMinor: cap,
    rounding,
  }),
  fc.record({ kind: fc.constant("fixed" as const), amountMinor: amount(3000) }),
  fc.record({ kind: fc.constant("rider-pays-fixed" as const), riderMinor: amount(2000), capMinor: cap }),
);
const options: fc.Arbitrary<UseOption[]> = fc.uniqueArray(
  fc.record({ uses: fc.integer({ min: 1, max: 3 }), minFareMinor: amount(3000), formula }),
  { minLength: 1, maxLength: 3, selector: (option) => option.uses },
);
const limits: fc.Arbitrary<LimitRule[]> = fc.array(
  fc.record({
    unit: fc.constantFrom("uses" as const, "money" as const),
    per: fc.constantFrom("ride" as const, "day" as const, "month" as const, "fiscal-year" as const),
    amount: fc.integer({ min: 1, max: 4000 }),
  }),
  { maxLength: 3 },
);
const scheme = fc
  .record({
    solo: options,
    shared: fc.option(options, { nil: null }),
    maxRiders: fc.integer({ min: 1, max: 4 }),
    limits,
    area: fc.constantFrom(...AREA_RULES),
    eligibleComponents: fc.subarray([...COMPONENT_KINDS], { minLength: 1 }),
    minimumAssurance: fc.constantFrom("presented" as const, "identified" as const),
  })
  .map((changes) => version(changes));

const standing: fc.Arbitrary<RiderStanding> = fc
  .record({
    entitlement: fc.constantFrom("a", "b", "c", "d", null) as fc.Arbitrary<EntitlementId | null>,
    card: fc.constantFrom("good" as const, "good" as const, "good" as const, "stopped" as const),
    assurance: fc.constantFrom(...ASSURANCES),
    usesChosen: fc.integer({ min: 1, max: 3 }),
  })
  .map((changes) => rider(null, changes));
/** What was used belongs to the person: two cards of one person bring the same counts. */
const used = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 3, maxLength: 3 });
const usedBy = fc.record({ a: used, b: used, c: used, d: used });
const APRIL = { month: 4, day: 1 };
const input: fc.Arbitrary<DecisionInput> = fc
  .record({
    minute: fc.integer({ min: 0, max: 1439 }),
    boardingInArea: fc.constantFrom(true, false, null),
    alightingInArea: fc.constantFrom(true, false, null),
    components: fc.array(fc.record({ kind: fc.constantFrom(...COMPONENT_KINDS), amountMinor: amount(9000) }), {
      maxLength: 4,
    }),
    riders: fc.array(standing, { minLength: 1, maxLength: 6 }),
    usedBy,
  })
  .map(({ minute, riders, usedBy: counts, ...rest }) => ({
    ...rest,
    riders: riders.map((each) => ({ ...each, used: counts[(each.entitlement ?? "a") as "a"] })),
    boarding: localMoment(20_000, minute, APRIL),
    alighting: localMoment(20_000, Math.min(1439, minute + 15), APRIL),
  }));

describe("every decision of every scheme", () => {
  it("pays no more than the eligible fare, nothing negative, and adds up", () => {
    fc.assert(
      fc.property(scheme, input, (rules, ride) => {
        const decision = decideRide(rules, ride);
        expect(decision.subsidyMinor).toBeGreaterThanOrEqual(0);
        expect(decision.subsidyMinor).toBeLessThanOrEqual(decision.eligibleFareMinor);
        expect(decision.eligibleFareMinor).toBeLessThanOrEqual(decision.fareMinor);
        expect(decision.subsidyMinor + decision.riderPaysMinor).toBe(decision.fareMinor);
        expect(decision.riders.reduce((total, each) => total + each.subsidyMinor, 0)).toBe(decision.subsidyMinor);
      }),
    );
  });

  it("either grants a rider with uses or refuses with a reason and nothing else", () => {
    fc.assert(
      fc.property(scheme, input, (rules, ride) => {
        const { riders, steps } = decideRide(rules, ride);
        expect(riders).toHaveLength(ride.riders.length);
        for (const [index, each] of riders.entries()) {
          expect(each.granted).toBe(each.refusal === null);
          expect(each.uses > 0).toBe(each.granted);
          if (!each.granted) expect(each.subsidyMinor).toBe(0);
          const told = steps.filter((step) => step.code === "REFUSED" && step.rider === index);
          expect(told.map((step) => step.refusal)).toEqual(each.granted ? [] : [each.refusal]);
        }
      }),
    );
  });

  it("keeps within every limit, the riders of a ride and the person", () => {
    fc.assert(
      fc.property(scheme, input, (rules, ride) => {
        const { riders } = decideRide(rules, ride);
        const granted = riders.flatMap((each, index) =>
          each.granted ? [{ each, rider: ride.riders[index] as RiderStanding }] : [],
        );
        expect(granted.length).toBeLessThanOrEqual(rules.maxRiders);
        expect(new Set(granted.map(({ rider: person }) => person.entitlement)).size).toBe(granted.length);
        for (const { each, rider: person } of granted) {
          for (const [index, limit] of rules.limits.entries()) {
            const taken = limit.unit === "uses" ? each.uses : each.subsidyMinor;
            expect((person.used[index] ?? 0) + taken).toBeLessThanOrEqual(limit.amount);
          }
        }
      }),
    );
  });

  it("does not depend on who laid the card first", () => {
    const shuffled = fc.tuple(scheme, input).chain(([rules, ride]) =>
      fc.record({
        rules: fc.constant(rules),
        ride: fc.constant(ride),
        order: fc.shuffledSubarray([...ride.riders.keys()], { minLength: ride.riders.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ rules, ride, order }) => {
        const outcomes = (given: DecisionInput) =>
          decideRide(rules, given)
            .riders.map((each, index) => JSON.stringify([given.riders[index], each]))
            .sort();
        const turned = { ...ride, riders: order.map((index) => ride.riders[index] as RiderStanding) };
        expect(outcomes(turned)).toEqual(outcomes(ride));
        expect(decideRide(rules, turned).subsidyMinor).toBe(decideRide(rules, ride).subsidyMinor);
      }),
    );
  });

  it("is the same every time", () => {
    fc.assert(
      fc.property(scheme, input, (rules, ride) => {
        expect(decideRide(rules, ride)).toEqual(decideRide(rules, ride));
      }),
    );
  });
});

describe("where it should be monotone", () => {
  const withFare = (ride: DecisionInput, fareMinor: Minor): DecisionInput => ({
    ...ride,
    components: [{ kind: "meter", amountMinor: fareMinor }],
    riders: ride.riders.slice(0, 1),
  });

  it("a higher fare never lowers subsidy or payment of a rate with a cap", () => {
    fc.assert(
      fc.property(amount(20_000), amount(20_000), fc.integer({ min: 0, max: 10_000 }), cap, (a, b, rate, capMinor) => {
        const solo: UseOption = {
          uses: 1,
          minFareMinor: minor(0),
          formula: {
            kind: "rate",
            rateBp: rate,
            capMinor,
            memberPaysFirstMinor: minor(0),
            rounding: { rule: "floor", stepMinor: 1 },
          },
        };
        const rules = version({ solo: [solo], shared: null, hours: null, limits: [] });
        const ride = {
          boarding: localMoment(20_000, 600, APRIL),
          alighting: localMoment(20_000, 620, APRIL),
          boardingInArea: true,
          alightingInArea: true,
          components: [],
          riders: [rider("a")],
        };
        const [low, high] = a <= b ? [a, b] : [b, a];
        const [less, more] = [decideRide(rules, withFare(ride, low)), decideRide(rules, withFare(ride, high))];
        expect(more.subsidyMinor).toBeGreaterThanOrEqual(less.subsidyMinor);
        expect(more.riderPaysMinor).toBeGreaterThanOrEqual(less.riderPaysMinor);
      }),
    );
  });

  it("what was used before never raises what a rider alone is granted now", () => {
    fc.assert(
      fc.property(scheme, input, fc.integer({ min: 1, max: 500 }), (rules, given, more) => {
        const uses = version({ ...rules, solo: rules.solo.slice(0, 1), shared: null });
        const ride = { ...given, riders: given.riders.slice(0, 1) };
        const worn = {
          ...ride,
          riders: ride.riders.map((each) => ({ ...each, used: each.used.map((count) => count + more) })),
        };
        expect(decideRide(uses, worn).subsidyMinor).toBeLessThanOrEqual(decideRide(uses, ride).subsidyMinor);
      }),
    );
  });
});
