import type { ReactNode } from "react";
import { SentenceText } from "#ui/text/sentence-text.tsx";
import type { Texts } from "../passenger/texts.ts";
import { bandOf } from "./band.ts";

/** The day as a band: when it is covered, and now as a pin. */
export function DayBand({
  fromMinute,
  toMinute,
  nowMinute,
  texts,
}: {
  fromMinute: number;
  toMinute: number;
  nowMinute: number;
  texts: Texts;
}): ReactNode {
  const { left, width, pin, nowAlign } = bandOf({ fromMinute, toMinute, nowMinute });
  return (
    <div className="day-band">
      <span className="day-rail" />
      <span className="day-covered" style={{ left: `${left}%`, width: `${width}%` }}>
        <span>
          <SentenceText sentence={texts.fill("{minute:minute}", { minute: fromMinute })} />
        </span>
        <strong className="day-name">
          <SentenceText sentence={texts.word("coveredHours")} />
        </strong>
        <span>
          <SentenceText sentence={texts.fill("{minute:minute}", { minute: toMinute })} />
        </span>
      </span>
      <span className="day-pin" style={{ left: `${pin}%` }} />
      <strong className={`day-now day-now-${nowAlign}`} style={{ "--pin": `${pin}%` } as React.CSSProperties}>
        <SentenceText sentence={texts.word("now", { minute: nowMinute })} />
      </strong>
    </div>
  );
}
