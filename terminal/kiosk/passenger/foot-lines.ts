import { parseDay } from "#domain/time/local.ts";
import type { KioskView } from "#protocol/kiosk/view.ts";
import { minuteOfDay } from "#ui/format/time.ts";
import type { Sentence } from "#ui/text/markup.ts";
import type { FootLine } from "./screen.ts";
import { untilOf } from "./screen-model.ts";
import type { Texts } from "./texts.ts";

/** The two lines at the bottom left: the year's number, or what is quietly worth knowing. Pure. */
export function footLines(view: KioskView, texts: Texts): readonly FootLine[] {
  switch (view.phase) {
    case "idle":
    case "reading":
      return hoursLines(view, texts);
    case "accepted":
      return quietLines(view, texts);
    case "riding":
      return untilLine(view, texts);
    case "refused":
      // That no use was taken stands beside the unchanged number.
      return refusedLines(view, texts);
    case "choosing":
    case "paying":
    case "card-forgotten":
      return yearLines(view, texts);
    case "done":
      return paidLines(view, texts);
    case "lay-again":
    case "cancelled":
    case "trouble":
      return [];
    default:
      return view.phase satisfies never;
  }
}

/** While the agent cannot be reached: that it is being mended, and of when the picture is. */
export function lostLines(view: KioskView, texts: Texts): readonly FootLine[] {
  return [plain(texts.word("lost")), plain(texts.word("lostSince", { minute: minuteOfDay(view.at, texts.city) }))];
}

function hoursLines(view: KioskView, texts: Texts): FootLine[] {
  const { hours } = view.city;
  if (!hours) return [];
  return [
    plain(texts.word("hoursFrom", { minute: hours.fromMinute })),
    plain(texts.word("hoursTo", { minute: hours.toMinute })),
  ];
}

function refusedLines(view: KioskView, texts: Texts): FootLine[] {
  const [year] = yearLines(view, texts);
  return year ? [year, plain(texts.word("noneUsed"))] : [plain(texts.word("noUseTaken"))];
}

/** The tiles say how many are left; this says until when. */
function untilLine(view: KioskView, texts: Texts): FootLine[] {
  const iso = view.riders.find((rider) => rider.usable && rider.usesLeft !== null)?.usableUntil;
  const day = iso ? parseDay(iso) : undefined;
  return day === undefined ? [] : [plain(texts.word("leftGoodUntil", { day }))];
}

function paidLines(view: KioskView, texts: Texts): FootLine[] {
  if (!view.amounts) return yearLines(view, texts);
  const line = (word: "paid" | "cityPaid", amountMinor: number): FootLine => ({
    words: texts.word(word),
    strong: texts.fill("{money:amountMinor}", { amountMinor }),
    long: true,
  });
  return [line("paid", view.amounts.riderPaysMinor), line("cityPaid", view.amounts.subsidyMinor)];
}

/** As of when (offline), the last use of today, the second sentence, or the most the city pays. */
function quietLines(view: KioskView, texts: Texts): FootLine[] {
  const asOf = !view.signal.online && view.signal.asOf !== null ? view.signal.asOf : null;
  if (asOf !== null) {
    return said(texts, 23, { minute: minuteOfDay(asOf, texts.city) });
  }
  const today = view.riders.findLast((rider) => rider.usable)?.usesLeftToday;
  if (today === 1) return [plain(texts.word("todayLeft", { uses: today }))];
  if (view.second) return said(texts, view.second.number, view.second.parameters);
  return view.city.capMinor === null ? [] : said(texts, 12, { capMinor: view.city.capMinor });
}

function said(texts: Texts, number: number, parameters: Readonly<Record<string, number>>): FootLine[] {
  return texts.message({ number, parameters }).sentences.slice(0, 2).map(plain);
}

function yearLines(view: KioskView, texts: Texts): FootLine[] {
  const known = view.riders.filter((rider) => rider.usesLeft !== null || rider.moneyLeftMinor !== null);
  const first = known[0];
  if (!first) return [];
  if (known.length === 1) {
    const until = untilOf(first, texts);
    return [
      { words: texts.word(first.usesLeft === null ? "left" : "footLeft"), strong: leftOf(first, texts) },
      ...(until.length > 0 ? [plain(until)] : []),
    ];
  }
  if (known.length === 2) {
    return known.map((rider) => ({
      words: texts.word("seatLeft", { seat: rider.seat }),
      strong: leftOf(rider, texts),
      long: true,
    }));
  }
  // The unit once, after the last number: 51・22・8回.
  const all = known.map((rider, index): Sentence => {
    if (index === known.length - 1) return leftOf(rider, texts);
    return texts.fill(rider.usesLeft === null ? "{money:left}・" : "{number:left}・", {
      left: rider.usesLeft ?? rider.moneyLeftMinor ?? 0,
    });
  });
  return [plain(texts.word("footLeft")), { words: [], strong: all.flat(), long: true }];
}

function leftOf(rider: KioskView["riders"][number], texts: Texts): Sentence {
  if (rider.usesLeft !== null) return texts.fill("{uses:uses}", { uses: rider.usesLeft });
  return texts.fill("{money:amountMinor}", { amountMinor: rider.moneyLeftMinor ?? 0 });
}

function plain(words: Sentence): FootLine {
  return { words, strong: null };
}
