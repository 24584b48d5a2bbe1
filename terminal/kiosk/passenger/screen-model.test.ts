import { describe, expect, it } from "vitest";
import { KIOSK_PHASES, kioskView } from "#protocol/kiosk/view.ts";
import { LANGUAGES, type Language } from "#ui/language.ts";
import { kanjiWithoutReading, plainText, type Sentence } from "#ui/text/markup.ts";
import { FIXTURE_NAMES, type FixtureName, fixtureView } from "../gallery/fixture-views.ts";
import { footLines, lostLines } from "./foot-lines.ts";
import type { Screen } from "./screen.ts";
import { screenOf } from "./screen-model.ts";
import { textsOf } from "./texts.ts";

function screen(name: FixtureName, language: Language = "ja"): Screen {
  const view = fixtureView(name);
  return screenOf(view, textsOf(language, view.city));
}

function foot(name: FixtureName, language: Language = "ja"): string[] {
  const view = fixtureView(name);
  return footLines(view, textsOf(language, view.city)).map((line) =>
    [plainText(line.words), line.strong ? plainText(line.strong) : ""].filter(Boolean).join(" "),
  );
}

/** Every sentence of a screen, wherever it stands. */
function sentencesOf(value: unknown): Sentence[] {
  if (Array.isArray(value)) {
    const isSentence =
      value.length > 0 &&
      value.every(
        (phrase) =>
          Array.isArray(phrase) && phrase.every((piece) => piece && typeof piece === "object" && "reading" in piece),
      );
    return isSentence ? [value as Sentence] : value.flatMap(sentencesOf);
  }
  return value && typeof value === "object" ? Object.values(value).flatMap(sentencesOf) : [];
}

describe("the gallery", () => {
  it("holds valid views of every phase", () => {
    for (const name of FIXTURE_NAMES) expect(kioskView.safeParse(fixtureView(name)).success, name).toBe(true);
    expect(new Set(FIXTURE_NAMES.map((name) => fixtureView(name).phase))).toEqual(new Set(KIOSK_PHASES));
  });
});

describe("screenOf", () => {
  it("says something in every state and language", () => {
    for (const name of FIXTURE_NAMES) {
      for (const language of LANGUAGES) {
        expect(sentencesOf(screen(name, language)).map(plainText).join(""), `${name} ${language}`).not.toBe("");
      }
    }
  });

  it("leaves no kanji without a reading in やさしい日本語", () => {
    for (const name of FIXTURE_NAMES) {
      const view = fixtureView(name);
      const texts = textsOf("easy", view.city);
      const all = sentencesOf([screenOf(view, texts), footLines(view, texts), lostLines(view, texts)]);
      for (const sentence of all) expect(kanjiWithoutReading(sentence), `${name}: ${plainText(sentence)}`).toEqual([]);
    }
  });

  it("answers at boarding with the uses left, on green", () => {
    expect(screen("accepted")).toMatchObject({
      kind: "left",
      ground: "ok",
      mark: "ok",
      hero: { kind: "uses", uses: 52 },
    });
  });

  it("shows the second rider's own number", () => {
    const second = screen("accepted-second");
    expect(second).toMatchObject({ hero: { kind: "uses", uses: 23 } });
    expect(second.kind === "left" && plainText(second.label)).toBe("お2人目 のこり");
  });

  it("keeps the number of a card laid twice, on no green ground; with two aboard it would be anybody's", () => {
    expect(screen("accepted-counted")).toMatchObject({ ground: "plain", hero: { kind: "uses", uses: 52 } });
    const two = { ...fixtureView("accepted-second"), message: fixtureView("accepted-counted").message };
    expect(screenOf(two, textsOf("ja", two.city))).toMatchObject({ hero: null });
  });

  it("makes the rider's part the one number at paying", () => {
    expect(screen("paying")).toMatchObject({ kind: "paying", riderPaysMinor: 535, fareMinor: 1070, subsidyMinor: 535 });
  });

  it("keeps its layout and says to wait while the amounts are asked for", () => {
    expect(screen("paying-asking")).toMatchObject({ kind: "instruct", ground: "plain" });
  });

  it("explains a refusal by hour with the day, and says when it is possible again", () => {
    const refused = screen("refused-hours");
    expect(refused).toMatchObject({
      kind: "refused",
      ground: "attention",
      figure: { kind: "hours", fromMinute: 420, toMinute: 1080, nowMinute: 1085 },
      fareMinor: null,
    });
    expect(refused.kind === "refused" && refused.reasons.map(plainText)).toEqual(["明日の午前7時から また使えます"]);
  });

  it("shows the full fare when a ride is refused at paying", () => {
    expect(screen("refused-paying-stopped")).toMatchObject({
      kind: "refused",
      fareMinor: 1070,
      figure: { kind: "telephone" },
    });
  });

  it("has other words for a month's limit than for a year's", () => {
    const view = {
      ...fixtureView("refused-year"),
      riders: fixtureView("refused-year").riders.map((rider) => ({ ...rider, refusal: "MONTH_LIMIT" })),
    };
    const refused = screenOf(view, textsOf("ja", view.city));
    expect(refused.kind === "refused" && refused.reasons.map(plainText)[0]).toBe("今月の分は使いました");
  });

  it("offers choices without preselecting one, with what is left after each", () => {
    expect(screen("choosing")).toMatchObject({
      kind: "choosing",
      options: [
        { uses: 1, riderPaysMinor: 1800, usesAfter: 51 },
        { uses: 2, riderPaysMinor: 1400, usesAfter: 50 },
      ],
    });
  });

  it("has a tile for each rider and never says why one is not covered", () => {
    const riding = screen("riding-four");
    expect(riding.kind === "riding" && riding.tiles.map((tile) => plainText(tile.state))).toEqual([
      "のこり",
      "のこり",
      "補助なし",
      "のこり",
    ]);
  });

  it("takes a card lying there on the way for something to take", () => {
    expect(screen("riding-take-card")).toMatchObject({ kind: "riding", pose: { arrow: "up" } });
    expect(screen("riding")).toMatchObject({ pose: null, ground: "calm" });
  });
});

describe("explained steps", () => {
  it("leave out the eligible fare where it repeats the meter", () => {
    const paying = screen("paying");
    expect(paying.kind === "paying" && paying.steps.map((step) => plainText(step.words))).toEqual([
      "メーターの金額",
      "1,070円の半分",
      "市の補助",
      "お客さまのお支払い",
    ]);
  });

  it("say once what is the same for every rider, and take the company's discount off", () => {
    const paying = screen("paying-two");
    const steps = paying.kind === "paying" ? paying.steps : [];
    expect(steps.map((step) => [plainText(step.words), step.amountMinor])).toEqual([
      ["メーターの金額", 1500],
      ["タクシー会社の割引", -150],
      ["補助を計算する金額", 1350],
      ["お1人ずつ 1,350円の半分", 675],
      ["お1人ずつ 補助は500円まで", 500],
      ["市の補助", 1000],
      ["お客さまのお支払い", 350],
    ]);
  });
});

describe("footLines", () => {
  it("keep the year's number in sight", () => {
    expect(foot("paying")).toEqual(["今年度 のこり 51回", "3月31日まで"]);
    expect(foot("paying-two")).toEqual(["お1人目 のこり 51回", "お2人目 のこり 22回"]);
    expect(foot("paying-three")).toEqual(["今年度 のこり", "51・22・8回"]);
    expect(foot("paying-dollars", "en")).toEqual(["Left $1,820.00", "until June 30"]);
  });

  it("say beside a refusal that nothing was used", () => {
    expect(foot("refused-hours")).toEqual(["今年度 のこり 52回", "回数は使っていません"]);
    expect(foot("refused-unregistered")).toEqual(["回数は使っていません"]);
  });

  it("say of when the number is without signal, and the last use of a day", () => {
    expect(foot("accepted-offline-night")).toEqual(["のこりの回数は午前9時37分現在です"]);
    expect(foot("accepted-second")).toEqual(["今日はあと1回"]);
    expect(foot("accepted")).toEqual(["市の補助は1回1,000円までです"]);
    expect(foot("accepted-lifted")).toEqual(["ごいっしょの方もカードを置いてください"]);
  });

  it("name the hours of a free cab", () => {
    expect(foot("idle")).toEqual(["午前7時から", "午後6時まで"]);
  });
});
