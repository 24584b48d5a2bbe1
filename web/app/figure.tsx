import { type ReactNode, useId } from "react";
import { useLanguage } from "./language.tsx";

/** One counter: word with its definition, number with its unit, and what it is of. Stands in a `dl.figures`. */
export function Figure({
  word,
  definition,
  value,
  unit = "",
  unitFirst = false,
  change,
}: {
  word: string;
  definition: string;
  value: string;
  unit?: string;
  unitFirst?: boolean;
  change: string;
}): ReactNode {
  const { words } = useLanguage();
  const id = useId();
  const unitText = unit === "" ? null : <small>{unit}</small>;
  return (
    <div className="figure">
      <dt>
        {word}
        <button type="button" className="explain" popoverTarget={id} aria-label={words.common.definition(word)}>
          ?
        </button>
        <div className="definition" id={id} popover="auto">
          {definition}
        </div>
      </dt>
      <dd className="value">
        {unitFirst && unitText}
        {value}
        {!unitFirst && unitText}
      </dd>
      <dd className="change">{change}</dd>
    </div>
  );
}
