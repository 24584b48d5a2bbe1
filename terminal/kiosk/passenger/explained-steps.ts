import type { KioskView } from "#protocol/kiosk/view.ts";
import { stepWords } from "#ui/messages/step-words.ts";
import type { Sentence } from "#ui/text/markup.ts";
import type { ExplainedStep } from "./screen.ts";
import type { Texts } from "./texts.ts";

type Step = NonNullable<KioskView["amounts"]>["steps"][number];

/**
 * How the amount came about, in plain words. Leaves out the eligible fare where it only repeats the meter, and the
 * reason of a refusal: others in the car read along.
 */
export function explainedSteps(view: KioskView, texts: Texts): ExplainedStep[] {
  const steps = view.amounts?.steps ?? [];
  const meterMinor = steps.find((step) => step.code === "METER")?.amountMinor;
  const plain = !steps.some((step) => step.code !== "METER" && isFare(step));
  const riders = [...new Set(steps.flatMap((step) => (step.rider === null ? [] : [step.rider])))];
  const alike = riders.length > 1 && new Set(riders.map((rider) => fingerprint(steps, rider))).size === 1;
  return steps
    .filter((step) => !(step.code === "ELIGIBLE_FARE" && plain && step.amountMinor === meterMinor))
    .filter((step) => !alike || step.rider === null || step.rider === riders[0])
    .flatMap((step, index) => {
      const template = stepWords(step.code, texts.language);
      const words = template ? texts.fill(template, step.parameters) : [];
      if (words.length === 0) return [];
      const whose = step.rider === null || riders.length < 2 ? [] : whoseWords(step.rider, alike, texts);
      return { key: `${index}-${step.code}`, words: [...whose, ...words], ...amountOf(step) };
    });
}

/** What is computed for one rider, to see whether it is the same for all. */
function fingerprint(steps: readonly Step[], rider: number): string {
  return JSON.stringify(
    steps
      .filter((step) => step.rider === rider)
      .map(({ code, amountMinor, parameters }) => [code, amountMinor, parameters]),
  );
}

function whoseWords(rider: number, alike: boolean, texts: Texts): Sentence {
  const words = alike ? texts.word("eachSeat") : texts.word("seat", { seat: rider + 1 });
  return [...words, [{ text: texts.language === "en" ? ": " : " ", reading: null }]];
}

/** True for the steps that change what counts as the fare. */
function isFare(step: Step): boolean {
  return ["COMPONENT_ADDED", "COMPANY_DISCOUNT", "NOT_ELIGIBLE_COMPONENT"].includes(step.code);
}

function amountOf(step: Step): Pick<ExplainedStep, "amountMinor" | "kind"> {
  switch (step.code) {
    case "COMPANY_DISCOUNT":
      return { amountMinor: -Math.abs(step.amountMinor), kind: "less" };
    case "CITY_PAYS":
      return { amountMinor: step.amountMinor, kind: "city" };
    case "RIDERS_PAY":
      return { amountMinor: step.amountMinor, kind: "total" };
    default:
      return { amountMinor: step.amountMinor, kind: "plain" };
  }
}
