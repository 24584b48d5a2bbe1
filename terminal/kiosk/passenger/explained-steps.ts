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
  const several = new Set(steps.flatMap((step) => (step.rider === null ? [] : [step.rider]))).size > 1;
  return steps
    .filter((step) => !(step.code === "ELIGIBLE_FARE" && plain && step.amountMinor === meterMinor))
    .flatMap((step, index) => {
      const template = stepWords(step.code, texts.language);
      const words = template ? texts.fill(template, step.parameters) : [];
      if (words.length === 0) return [];
      return { key: `${index}-${step.code}`, words: several ? seated(step, words, texts) : words, ...amountOf(step) };
    });
}

/** True for the steps that change what counts as the fare. */
function isFare(step: Step): boolean {
  return ["COMPONENT_ADDED", "COMPANY_DISCOUNT", "NOT_ELIGIBLE_COMPONENT"].includes(step.code);
}

function seated(step: Step, words: Sentence, texts: Texts): Sentence {
  if (step.rider === null) return words;
  return [...texts.word("seat", { seat: step.rider + 1 }), [{ text: " ", reading: null }], ...words];
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
