import type { KioskView } from "#protocol/kiosk/view.ts";
import { minuteOfDay } from "#ui/format/time.ts";
import type { Sentence } from "#ui/text/markup.ts";
import type { FootLine } from "./screen.ts";
import { untilOf } from "./screen-model.ts";
import type { Texts } from "./texts.ts";

/** The two lines at the bottom left: the year's number, or what is quietly worth knowing. Pure. */
export function footLines(view: KioskView, texts: Texts): readonly FootLine[] {
  if (view.phase === "idle" || view.phase === "reading") return hoursLine(view, texts);
  if (view.phase === "trouble") return [];
  if (view.phase === "accepted") return quietLines(view, texts);
  const year = yearLines(view, texts);
  if (view.phase === "refused") {
    // The full fare is on the screen; that no use was taken stands beside the unchanged number.
    return [...year.slice(0, 1), plain(texts.word("noUseTaken"))];
  }
  return year.length > 0 ? year : quietLines(view, texts);
}

function hoursLine(view: KioskView, texts: Texts): FootLine[] {
  return view.city.hours ? [plain(texts.word("hours", view.city.hours))] : [];
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
      { words: texts.word("yearLeft"), strong: leftOf(first, texts) },
      ...(until.length > 0 ? [plain(until)] : []),
    ];
  }
  if (known.length === 2) {
    return known.map((rider) => ({
      words: texts.word("seatLeft", { seat: rider.seat }),
      strong: leftOf(rider, texts),
    }));
  }
  const all = known.flatMap((rider, index): Sentence => {
    const separator: Sentence = index === 0 ? [] : [[{ text: "・", reading: null }]];
    return [...separator, ...leftOf(rider, texts)];
  });
  return [plain(texts.word("yearLeft")), { words: [], strong: all }];
}

function leftOf(rider: KioskView["riders"][number], texts: Texts): Sentence {
  if (rider.usesLeft !== null) return texts.fill("{uses:uses}", { uses: rider.usesLeft });
  return texts.fill("{money:amountMinor}", { amountMinor: rider.moneyLeftMinor ?? 0 });
}

function plain(words: Sentence): FootLine {
  return { words, strong: null };
}
