import type { ReactNode } from "react";
import { Amount } from "#ui/components/amount.tsx";
import { Icon } from "#ui/components/icon.tsx";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import type { Screen } from "./screen.ts";
import type { Texts } from "./texts.ts";

/** Equal choices with the resulting amounts, none preselected. */
export function ChoosingPicture({
  screen,
  texts,
  choose,
}: {
  screen: Screen & { kind: "choosing" };
  texts: Texts;
  choose: (uses: number) => void;
}): ReactNode {
  const { city: currency, language } = texts;
  return (
    <div className="choosing">
      <div className="choosing-head">
        <h1 className="say-mid">
          <SentenceText sentence={screen.headline} />
        </h1>
        <p className="choosing-fare">
          <SentenceText sentence={texts.word("fare")} />{" "}
          <Amount amountMinor={screen.fareMinor} currency={currency} language={language} />
        </p>
      </div>
      <div className="choices">
        {screen.options.map((option) => (
          <button key={option.uses} type="button" className="choice" onClick={() => choose(option.uses)}>
            <span className="choice-head">
              <SentenceText sentence={texts.word("useThem", { uses: option.uses })} />
              <span className="choice-tickets">
                {Array.from({ length: option.uses }, (_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: equal tickets
                  <Icon key={index} name="ticket" />
                ))}
              </span>
            </span>
            <span className="choice-pay">
              <SentenceText sentence={texts.word("pay")} />
              <Amount amountMinor={option.riderPaysMinor} currency={currency} language={language} />
            </span>
            {option.usesAfter !== null && (
              <span className="choice-after">
                <SentenceText sentence={texts.word("willBeLeft", { uses: option.usesAfter })} />
              </span>
            )}
          </button>
        ))}
      </div>
    </div>
  );
}
