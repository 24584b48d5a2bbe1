import type { ReactNode } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { Key } from "#ui/components/key.tsx";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import type { ExplainedStep } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** How the amount came about, line by line, in place of the three amounts. */
export function Explanation({
  steps,
  texts,
  close,
}: {
  steps: readonly ExplainedStep[];
  texts: Texts;
  close: () => void;
}): ReactNode {
  return (
    <div className="explanation">
      <div className="explanation-head">
        <h1 className="say-mid">
          <SentenceText sentence={texts.word("explanation")} />
        </h1>
        <Key onClick={close} className="cab-key">
          <Icon name="back" />
          <SentenceText sentence={texts.word("back")} />
        </Key>
      </div>
      <dl className="explanation-steps" tabIndex={0}>
        {steps.map((step) => (
          <div key={step.key} className={`step step-${step.kind}`}>
            <dt>
              <SentenceText sentence={step.words} />
            </dt>
            <dd>
              <Amount amountMinor={step.amountMinor} currency={texts.city} language={texts.language} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
