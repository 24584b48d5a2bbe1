import { isAtLeast } from "../card/assurance.ts";
import { least, type Minor, minor, ZERO } from "../money/money.ts";
import { applyRate } from "../money/rounding.ts";
import { fareOf } from "../ride/fare.ts";
import type { AreaRule, Formula, HoursRule, LimitRule, SchemeVersion, UseOption } from "../scheme/scheme.ts";
import type { LocalMoment } from "../time/local.ts";
import { leftUnder } from "../usage/balance.ts";
import type { DecisionInput, RideDecision, RiderDecision, RiderStanding, Step, StepCode } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";

/**
 * Decides a ride. The only implementation of the rule: the cab without signal, the server, the shadow run and the
 * what-if all call it. Pure; the outcome does not depend on the order of the riders.
 * @param version the version in force on the boarding day, or null when there is none
 */
export function decideRide(version: SchemeVersion | null, input: DecisionInput): RideDecision {
  const fareMinor = fareOf(input.components);
  if (!version) return refuseAll(input, fareMinor);
  const eligibleFareMinor = least(fareOf(input.components, version.eligibleComponents), fareMinor);
  const refusals = input.riders.map((rider, index) => standingRefusal(version, input, rider, index));
  const rideRefusal = refusalOfRide(version, input);
  // A refused rider no longer shares, which may change the others' formula; whoever fails then is refused too.
  let options = new Map<number, UseOption>();
  for (;;) {
    const candidates = input.riders.flatMap((_, index) => ((refusals[index] ?? rideRefusal) ? [] : [index]));
    const extra = candidates.slice(version.maxRiders);
    options = new Map();
    let changed = false;
    for (const index of candidates) {
      const rider = input.riders[index] as RiderStanding;
      const choice = extra.includes(index)
        ? ("RIDE_LIMIT" as const)
        : optionFor(version, candidates.length, eligibleFareMinor, rider);
      if (typeof choice === "string") {
        refusals[index] = choice;
        changed = true;
      } else options.set(index, choice);
    }
    if (!changed) break;
  }
  return assemble(version, input, { fareMinor, eligibleFareMinor, options, refusals, rideRefusal });
}

interface Found {
  readonly fareMinor: Minor;
  readonly eligibleFareMinor: Minor;
  readonly options: ReadonlyMap<number, UseOption>;
  readonly refusals: readonly (RefusalCode | null)[];
  readonly rideRefusal: RefusalCode | null;
}

function assemble(version: SchemeVersion, input: DecisionInput, found: Found): RideDecision {
  const { fareMinor, eligibleFareMinor } = found;
  const steps = fareSteps(version, input, eligibleFareMinor);
  const wanted = new Map<number, Minor>();
  for (const index of canonicalOrder(input.riders, found.options)) {
    const option = found.options.get(index) as UseOption;
    const rider = input.riders[index] as RiderStanding;
    wanted.set(index, riderSubsidy(version, option, rider, { index, eligibleFareMinor, steps }));
  }
  const granted = shareFare(wanted, eligibleFareMinor, steps);
  const riders: RiderDecision[] = input.riders.map((_, index) => {
    const refusal = found.refusals[index] ?? found.rideRefusal;
    if (refusal) {
      steps.push(step("REFUSED", index, ZERO, {}, refusal));
      return { granted: false, refusal, uses: 0, subsidyMinor: ZERO };
    }
    const option = found.options.get(index) as UseOption;
    return { granted: true, refusal: null, uses: option.uses, subsidyMinor: granted.get(index) ?? ZERO };
  });
  const subsidyMinor = minor(riders.reduce((total, rider) => total + rider.subsidyMinor, 0));
  const riderPaysMinor = minor(fareMinor - subsidyMinor);
  steps.push(step("CITY_PAYS", null, subsidyMinor), step("RIDERS_PAY", null, riderPaysMinor));
  return { schemeVersion: version.version, fareMinor, eligibleFareMinor, subsidyMinor, riderPaysMinor, riders, steps };
}

function refuseAll(input: DecisionInput, fareMinor: Minor): RideDecision {
  const refusal = "NO_SCHEME_IN_FORCE" as const;
  return {
    schemeVersion: null,
    fareMinor,
    eligibleFareMinor: ZERO,
    subsidyMinor: ZERO,
    riderPaysMinor: fareMinor,
    riders: input.riders.map(() => ({ granted: false, refusal, uses: 0, subsidyMinor: ZERO })),
    steps: [
      ...input.riders.map((_, index) => step("REFUSED", index, ZERO, {}, refusal)),
      step("CITY_PAYS", null, ZERO),
      step("RIDERS_PAY", null, fareMinor),
    ],
  };
}

function step(
  code: StepCode,
  rider: number | null,
  amountMinor: Minor,
  parameters: Readonly<Record<string, number>> = {},
  refusal: RefusalCode | null = null,
): Step {
  return { code, rider, amountMinor, parameters, refusal };
}

/** Refusals that concern one person, in the order in which they are told. */
function standingRefusal(
  version: SchemeVersion,
  input: DecisionInput,
  rider: RiderStanding,
  index: number,
): RefusalCode | null {
  if (rider.card === "stopped") return "CARD_STOPPED";
  if (rider.card === "needs-renewal") return "CARD_NEEDS_RENEWAL";
  if (rider.entitlement === null) return "NOT_REGISTERED";
  if (!isAtLeast(rider.assurance, version.minimumAssurance)) return "ASSURANCE_TOO_LOW";
  if (input.boarding.day < rider.validFromDay) return "NOT_YET_VALID";
  if (input.boarding.day > rider.validToDay) return "ENTITLEMENT_EXPIRED";
  const first = input.riders.findIndex((other) => other.entitlement === rider.entitlement);
  if (first !== index) return "SAME_PERSON_TWICE";
  return null;
}

/** Refusals that concern the ride as a whole. */
function refusalOfRide(version: SchemeVersion, input: DecisionInput): RefusalCode | null {
  if (version.hours && !isWithinHours(version.hours, input.boarding, input.alighting)) return "OUTSIDE_HOURS";
  if (!isWithinArea(version.area, input)) return "OUTSIDE_AREA";
  return null;
}

/** True when the moments the rule names fall into a window; an unknown alighting is not held against the rider yet. */
function isWithinHours(rule: HoursRule, boarding: LocalMoment, alighting: LocalMoment | null): boolean {
  const covered = (at: LocalMoment): boolean =>
    rule.windows.some(
      (window) =>
        at.minute >= window.fromMinute &&
        (at.minute < window.toMinute || (window.toInclusive && at.minute === window.toMinute)),
    );
  if (rule.by !== "alighting" && !covered(boarding)) return false;
  return rule.by === "boarding" || alighting === null || covered(alighting);
}

/** True unless the known ends of the ride break the rule; an unknown end may still fulfil it. */
function isWithinArea(rule: AreaRule, input: DecisionInput): boolean {
  const from = input.boardingInArea ?? true;
  const to = input.alightingInArea ?? true;
  switch (rule) {
    case "anywhere":
      return true;
    case "boarding":
      return from;
    case "alighting":
      return to;
    case "boarding-or-alighting":
      return from || to;
    case "both":
      return from && to;
    default:
      return rule satisfies never;
  }
}

const LIMIT_REFUSAL: Readonly<Record<LimitRule["per"], RefusalCode>> = {
  ride: "RIDE_LIMIT",
  day: "DAY_LIMIT",
  month: "MONTH_LIMIT",
  "fiscal-year": "YEAR_LIMIT",
};

/** The option a rider gets: the largest number of uses not above the chosen one that fare and limits allow. */
function optionFor(
  version: SchemeVersion,
  sharers: number,
  eligibleFareMinor: Minor,
  rider: RiderStanding,
): UseOption | RefusalCode {
  const options = sharers > 1 && version.shared ? version.shared : version.solo;
  const offered = options
    .filter((option) => option.uses <= Math.max(1, rider.usesChosen) && eligibleFareMinor >= option.minFareMinor)
    .toSorted((a, b) => b.uses - a.uses);
  let refusal: RefusalCode = "FARE_TOO_LOW";
  for (const option of offered) {
    const hit = limitHit(version, option.uses, rider);
    if (!hit) return option;
    refusal = hit;
  }
  return refusal;
}

/** The longest period whose limit the uses would pass: "this year" outlasts "today" as the reason worth telling. */
function limitHit(version: SchemeVersion, uses: number, rider: RiderStanding): RefusalCode | null {
  for (const per of ["fiscal-year", "month", "day", "ride"] as const) {
    for (const [index, limit] of version.limits.entries()) {
      if (limit.per !== per) continue;
      const left = leftUnder(limit, rider.used[index] ?? 0);
      if (limit.unit === "uses" ? left < uses : left <= 0) return LIMIT_REFUSAL[per];
    }
  }
  return null;
}

/** Granted riders in an order that depends on the persons, not on who laid the card first. */
function canonicalOrder(riders: readonly RiderStanding[], options: ReadonlyMap<number, UseOption>): number[] {
  const key = (index: number): string => riders[index]?.entitlement ?? "";
  return [...options.keys()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

interface RiderContext {
  readonly index: number;
  readonly eligibleFareMinor: Minor;
  readonly steps: Step[];
}

/** What the city would pay for one rider alone, before the riders together are held to the fare. */
function riderSubsidy(version: SchemeVersion, option: UseOption, rider: RiderStanding, context: RiderContext): Minor {
  let amount = least(byFormula(option.formula, option.uses, context), context.eligibleFareMinor);
  for (const [index, limit] of version.limits.entries()) {
    if (limit.unit !== "money") continue;
    const left = minor(leftUnder(limit, rider.used[index] ?? 0));
    if (left < amount) {
      amount = left;
      context.steps.push(step("MONEY_LIMIT", context.index, amount, { limitMinor: limit.amount }));
    }
  }
  return amount;
}

function byFormula(formula: Formula, uses: number, { index, eligibleFareMinor, steps }: RiderContext): Minor {
  switch (formula.kind) {
    case "rate": {
      const base = minor(Math.max(0, eligibleFareMinor - formula.memberPaysFirstMinor));
      if (formula.memberPaysFirstMinor > 0) steps.push(step("MEMBER_PAYS_FIRST", index, formula.memberPaysFirstMinor));
      const share = applyRate(base, formula.rateBp, formula.rounding);
      steps.push(step("RATE", index, share, { rateBp: formula.rateBp, fareMinor: base, uses }));
      return capped(share, formula.capMinor, index, steps);
    }
    case "tiers": {
      const tier = formula.tiers.findLast((candidate) => eligibleFareMinor >= candidate.fromFareMinor);
      const rateBp = tier?.rateBp ?? 0;
      const share = applyRate(eligibleFareMinor, rateBp, formula.rounding);
      steps.push(step("TIER", index, share, { rateBp, fromFareMinor: tier?.fromFareMinor ?? 0 }));
      return capped(share, formula.capMinor, index, steps);
    }
    case "fixed":
      steps.push(step("FIXED", index, formula.amountMinor, { uses }));
      return formula.amountMinor;
    case "rider-pays-fixed": {
      const rest = minor(Math.max(0, eligibleFareMinor - formula.riderMinor));
      steps.push(step("RIDER_PAYS_FIXED", index, rest, { riderMinor: formula.riderMinor }));
      return capped(rest, formula.capMinor, index, steps);
    }
    default:
      return formula satisfies never;
  }
}

function capped(amount: Minor, capMinor: Minor | null, index: number, steps: Step[]): Minor {
  if (capMinor === null || amount <= capMinor) return amount;
  steps.push(step("CAP", index, capMinor, { capMinor }));
  return capMinor;
}

/** Holds the riders together to the fare: everyone's part shrinks alike, odd units go to the first in canonical order. */
function shareFare(wanted: ReadonlyMap<number, Minor>, fareMinor: Minor, steps: Step[]): Map<number, Minor> {
  const total = [...wanted.values()].reduce((running, amount) => running + amount, 0);
  if (total <= fareMinor) return new Map(wanted);
  const shares = new Map<number, Minor>();
  let left: number = fareMinor;
  for (const [index, amount] of wanted) {
    const share = Math.floor((amount * fareMinor) / total);
    shares.set(index, minor(share));
    left -= share;
  }
  for (const [index, amount] of wanted) {
    if (left === 0) break;
    const share = shares.get(index) ?? ZERO;
    if (share >= amount) continue;
    shares.set(index, minor(share + 1));
    left -= 1;
  }
  steps.push(step("NOT_ABOVE_FARE", null, fareMinor, { wantedMinor: total }));
  return shares;
}

function fareSteps(version: SchemeVersion, input: DecisionInput, eligibleFareMinor: Minor): Step[] {
  const steps: Step[] = [];
  for (const component of input.components) {
    const eligible = version.eligibleComponents.includes(component.kind);
    const code: StepCode =
      component.kind === "company-discount"
        ? "COMPANY_DISCOUNT"
        : !eligible
          ? "NOT_ELIGIBLE_COMPONENT"
          : component.kind === "meter"
            ? "METER"
            : "COMPONENT_ADDED";
    steps.push(step(code, null, component.amountMinor));
  }
  steps.push(step("ELIGIBLE_FARE", null, eligibleFareMinor));
  return steps;
}
