import type { FareComponent, RefusalCode } from "#ui/generated/graphql.ts";
import type { CityFormat } from "../app/city-format.ts";
import type { Words } from "../messages/ja.ts";

/** A step as the live stream carries it (parameters by name). */
export interface StepLike {
  readonly code: string;
  readonly rider: number | null;
  readonly amountMinor: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly refusal: string | null;
}

/** One line of arithmetic in words: what, how, how much. */
export interface ExplainedLine {
  readonly code: string;
  readonly label: string;
  readonly note: string;
  readonly amount: string;
  /** `city` and `rider` are the results, drawn under a line; `refused` is amber. */
  readonly tone: "plain" | "city" | "rider" | "refused";
}

/** What {@link explainSteps} looks at. */
export interface ExplainInput {
  readonly steps: readonly StepLike[];
  readonly components: readonly Pick<FareComponent, "kind" | "amountMinor">[];
  readonly riderCount: number;
  readonly distanceM: number | null;
}

const FARE_STEPS = new Set(["METER", "COMPONENT_ADDED", "COMPANY_DISCOUNT", "NOT_ELIGIBLE_COMPONENT"]);

/** GraphQL's list of parameters as the stream's record, so that one function explains both. */
export function stepOf(step: {
  readonly code: string;
  readonly rider?: number | null;
  readonly amountMinor: number;
  readonly parameters: readonly { readonly name: string; readonly value: number }[];
  readonly refusal?: string | null;
}): StepLike {
  return {
    code: step.code,
    rider: step.rider ?? null,
    amountMinor: step.amountMinor,
    parameters: Object.fromEntries(step.parameters.map(({ name, value }) => [name, value])),
    refusal: step.refusal ?? null,
  };
}

/** The decision's steps as lines people check by eye. The same steps explain kiosk, receipt and audit. */
export function explainSteps(input: ExplainInput, words: Words, format: CityFormat): ExplainedLine[] {
  let fareStep = 0;
  let uses = 1;
  const lines: ExplainedLine[] = [];
  for (const step of input.steps) {
    if (step.code === "RATE") uses = step.parameters.uses ?? 1;
    const component = FARE_STEPS.has(step.code) ? input.components[fareStep++] : undefined;
    if (step.code === "ELIGIBLE_FARE" && fareStep <= 1) continue;
    lines.push(explain(step, { words, format, input, uses, component }));
  }
  return lines;
}

interface Context {
  readonly words: Words;
  readonly format: CityFormat;
  readonly input: ExplainInput;
  readonly uses: number;
  readonly component: Pick<FareComponent, "kind" | "amountMinor"> | undefined;
}

function explain(step: StepLike, context: Context): ExplainedLine {
  const { format, input, words } = context;
  const [label, note] = inWords(step, context);
  const who = step.rider !== null && input.riderCount > 1 ? words.arithmetic.rider(String(step.rider + 1)) : "";
  const minus = step.code === "COMPANY_DISCOUNT" && step.amountMinor > 0;
  return {
    code: step.code,
    label,
    note: [who, note].filter((part) => part !== "").join(" "),
    amount: step.code === "REFUSED" ? "" : `${minus ? "−" : ""}${format.money(step.amountMinor)}`,
    tone:
      step.code === "CITY_PAYS"
        ? "city"
        : step.code === "RIDERS_PAY"
          ? "rider"
          : step.code === "REFUSED"
            ? "refused"
            : "plain",
  };
}

/** Label and note of a step. */
function inWords(step: StepLike, { words, format, input, uses, component }: Context): [string, string] {
  const text = words.arithmetic;
  const value = (name: string): number => step.parameters[name] ?? 0;
  const percent = percentText(value("rateBp"));
  const name = component ? text.components[component.kind] : "";
  switch (step.code) {
    case "METER":
      return [text.METER, input.distanceM === null ? "" : distanceText(input.distanceM, words)];
    case "COMPONENT_ADDED":
      return [name, ""];
    case "NOT_ELIGIBLE_COMPONENT":
      return [text.NOT_ELIGIBLE_COMPONENT(name), ""];
    case "RATE": {
      const fare = format.amount(value("fareMinor"));
      return value("rateBp") === 5000
        ? [text.RATE_HALF, text.half(fare)]
        : [text.RATE(percent), text.share(fare, percent)];
    }
    case "TIER":
      return [text.TIER(percent, format.money(value("fromFareMinor"))), ""];
    case "CAP": {
      const cap = format.money(value("capMinor"));
      return [text.CAP, uses > 1 ? text.capUses(String(uses), cap) : text.capNote(cap)];
    }
    case "RIDER_PAYS_FIXED":
      return [text.RIDER_PAYS_FIXED, format.money(value("riderMinor"))];
    case "REFUSED":
      return [text.REFUSED, refusalText(step.refusal, words)];
    case "COMPANY_DISCOUNT":
    case "ELIGIBLE_FARE":
    case "MEMBER_PAYS_FIRST":
    case "FIXED":
    case "MONEY_LIMIT":
    case "NOT_ABOVE_FARE":
    case "CITY_PAYS":
    case "RIDERS_PAY":
      return [text[step.code], ""];
    default:
      return [step.code, ""];
  }
}

/** A refusal in a few words; a code this app does not know yet is shown as it is. */
export function refusalText(code: string | null, words: Words): string {
  if (code === null) return "";
  return code in words.refusals ? words.refusals[code as RefusalCode] : code;
}

/** `6.2 km`. */
export function distanceText(distanceM: number, words: Words): string {
  return words.common.kilometres((distanceM / 1000).toFixed(1));
}

/** What {@link methodOf} looks at. */
export interface MethodInput {
  readonly steps: readonly StepLike[];
  readonly riderCount: number;
  readonly uses: number;
  readonly refusal: string | null;
  readonly reversed: boolean;
  readonly status: string;
  readonly fromQuarantine: boolean;
}

/** The whole arithmetic in one or two words, for the list. */
export function methodOf(ride: MethodInput, words: Words): { readonly text: string; readonly attention: boolean } {
  const text = words.arithmetic.methods;
  if (ride.status === "QUARANTINED") return { text: words.company.status.QUARANTINED, attention: true };
  if (ride.reversed) return { text: words.company.reversed, attention: true };
  if (ride.refusal !== null) return { text: refusalText(ride.refusal, words), attention: true };
  // What a person decided has no arithmetic.
  if (ride.fromQuarantine) {
    const isAccepted = ride.status === "RECORDED";
    return { text: isAccepted ? text.accepted : text.dismissed, attention: !isAccepted };
  }
  const has = (code: string): StepLike | undefined => ride.steps.find((step) => step.code === code);
  if (ride.riderCount > 1) return { text: text.people(String(ride.riderCount)), attention: false };
  if (ride.uses > 1) return { text: text.uses(String(ride.uses)), attention: false };
  if (has("CAP")) return { text: text.capped, attention: false };
  const rate = has("RATE") ?? has("TIER");
  if (rate) {
    const rateBp = rate.parameters.rateBp ?? 0;
    return { text: rateBp === 5000 ? text.half : text.percent(percentText(rateBp)), attention: false };
  }
  return { text: has("FIXED") || has("RIDER_PAYS_FIXED") ? text.fixed : "", attention: false };
}

function percentText(rateBp: number): string {
  return String(rateBp / 100);
}
