import type { ReactNode } from "react";
import type { CityFormat } from "../app/city-format.ts";
import { useLanguage } from "../app/language.tsx";
import { type ExplainInput, explainSteps } from "./explain.ts";

/** A ride's arithmetic, line by line: what, how, how much. The results stand under a line. */
export function Arithmetic({ input, format }: { input: ExplainInput; format: CityFormat }): ReactNode {
  const { words } = useLanguage();
  return (
    <table className="arithmetic" aria-label={words.arithmetic.title}>
      <tbody>
        {explainSteps(input, words, format).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a decision never change places
          <tr key={index} className={line.tone}>
            <th scope="row">{line.label}</th>
            <td className="note">{line.note}</td>
            <td className="num">{line.amount}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
