import { least, type Minor, minor, sum, ZERO } from "../money/money.ts";
import { shrinkTo } from "../money/split.ts";
import { fareOf } from "../ride/fare.ts";
import type { SchemeVersion, UseOption } from "../scheme/scheme.ts";
import type { DecisionInput, RideDecision, RiderDecision, RiderStanding, Step, StepCode } from "./decision.ts";
import type { RefusalCode } from "./refusal.ts";
import { canonicalOrder, standingRefusals } from "./standing.ts";
import { riderSubsidy, step } from "./subsidy.ts";
import { optionFor } from "./use-option.ts";

/**
 * Decides a ride. The only implementation of the rule: the cab without signal, the server, the shadow run and the
 * what-if all call it. Pure; the outcome does not depend on the order of the riders. With `alighting` null the riders are
 * still boarding and the fare is not known: the answer tells who may ride and how many uses that takes, its amounts mean
 * nothing, and whoever is given first keeps the place.
 * @param version the version in force on the boarding day, or null when there is none
 */
export function decideRide(version: SchemeVersion | null, input: DecisionInput): RideDecision {
  const fareMinor = fareOf(input.components);
  if (!version) return refuseAll(input, fareMinor);
  const eligibleFareMinor = least(fareOf(input.components, version.eligibleComponents), fareMinor);
  const order = input.alighting === null ? [...input.riders.keys()] : canonicalOrder(input.riders);
  const refusals = standingRefusals(version, input, order);
  const options = chooseOptions(version, input, { order, refusals, eligibleFareMinor });
  return assemble(version, input, { fareMinor, eligibleFareMinor, options, refusals });
}

/**
 * The use option of every rider who may ride, in canonical order; whoever may not gets a refusal in `refusals`. A
 * refused rider no longer shares, which may change the others' formula and limits: so the rest is looked at again.
 */
function chooseOptions(
  version: SchemeVersion,
  input: DecisionInput,
  found: {
    readonly order: readonly number[];
    readonly refusals: (RefusalCode | null)[];
    readonly eligibleFareMinor: Minor;
  },
): ReadonlyMap<number, UseOption> {
  const { order, refusals } = found;
  const eligibleFareMinor = input.alighting === null ? null : found.eligibleFareMinor;
  for (;;) {
    const candidates = order.filter((index) => refusals[index] === null);
    const sharers = Math.min(candidates.length, version.maxRiders);
    const options = new Map<number, UseOption>();
    for (const index of candidates) {
      const choice = optionFor(version, input.riders[index] as RiderStanding, { sharers, eligibleFareMinor });
      if (typeof choice === "string") refusals[index] = choice;
      else options.set(index, choice);
    }
    if (options.size < candidates.length) continue;
    if (candidates.length <= version.maxRiders) return options;
    for (const index of candidates.slice(version.maxRiders)) refusals[index] = "RIDE_LIMIT";
  }
}

interface Found {
  readonly fareMinor: Minor;
  readonly eligibleFareMinor: Minor;
  readonly options: ReadonlyMap<number, UseOption>;
  readonly refusals: readonly (RefusalCode | null)[];
}

function assemble(version: SchemeVersion, input: DecisionInput, found: Found): RideDecision {
  const { fareMinor, eligibleFareMinor, options } = found;
  const steps = fareSteps(version, input, eligibleFareMinor);
  const wanted = [...options].map(([index, option]) =>
    riderSubsidy(version, option, input.riders[index] as RiderStanding, { index, eligibleFareMinor, steps }),
  );
  const granted = holdToFare([...options.keys()], wanted, { eligibleFareMinor, steps });
  const riders: RiderDecision[] = input.riders.map((_, index) => {
    const option = options.get(index);
    if (option) return { granted: true, refusal: null, uses: option.uses, subsidyMinor: granted.get(index) as Minor };
    const refusal = found.refusals[index] as RefusalCode;
    steps.push(step("REFUSED", index, ZERO, {}, refusal));
    return { granted: false, refusal, uses: 0, subsidyMinor: ZERO };
  });
  const subsidyMinor = sum(riders.map((rider) => rider.subsidyMinor));
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

/** Holds the riders together to the fare: everyone's part shrinks alike, odd units go to the first in canonical order. */
function holdToFare(
  indexes: readonly number[],
  wanted: readonly Minor[],
  { eligibleFareMinor, steps }: { readonly eligibleFareMinor: Minor; readonly steps: Step[] },
): ReadonlyMap<number, Minor> {
  const wantedMinor = sum(wanted);
  const tooMuch = wantedMinor > eligibleFareMinor;
  const parts = tooMuch ? shrinkTo(eligibleFareMinor, wanted) : wanted;
  if (tooMuch) steps.push(step("NOT_ABOVE_FARE", null, eligibleFareMinor, { wantedMinor }));
  return new Map(indexes.map((index, place) => [index, parts[place] as Minor]));
}

function fareSteps(version: SchemeVersion, input: DecisionInput, eligibleFareMinor: Minor): Step[] {
  const steps = input.components.map(({ kind, amountMinor }) => {
    const eligible = version.eligibleComponents.includes(kind);
    const code: StepCode = kind === "meter" ? "METER" : "COMPONENT_ADDED";
    return step(
      kind === "company-discount" ? "COMPANY_DISCOUNT" : eligible ? code : "NOT_ELIGIBLE_COMPONENT",
      null,
      amountMinor,
    );
  });
  steps.push(step("ELIGIBLE_FARE", null, eligibleFareMinor));
  return steps;
}
