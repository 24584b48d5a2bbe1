/** Where the parts of the day band lie, in per cent of its width. */
export interface Band {
  readonly left: number;
  readonly width: number;
  readonly pin: number;
  /** At which side of the pin its words stand so that they stay inside. */
  readonly nowAlign: "start" | "middle" | "end";
}

const HOUR = 60;
const DAY = 1440;

/**
 * The band shows the covered hours with an hour's margin, and now. A moment far outside (night) is drawn at the
 * band's end instead of squeezing the hours.
 */
export function bandOf({
  fromMinute,
  toMinute,
  nowMinute,
}: {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly nowMinute: number;
}): Band {
  const begin = Math.max(0, fromMinute - 1.5 * HOUR);
  const end = Math.min(DAY, toMinute + 2.5 * HOUR);
  const percent = (minute: number): number =>
    Math.round((1000 * (Math.min(end, Math.max(begin, minute)) - begin)) / (end - begin)) / 10;
  const pin = percent(nowMinute);
  return {
    left: percent(fromMinute),
    width: percent(toMinute) - percent(fromMinute),
    pin,
    nowAlign: pin < 20 ? "start" : pin > 80 ? "end" : "middle",
  };
}
