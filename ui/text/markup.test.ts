import { describe, expect, it } from "vitest";
import { kanjiWithoutReading, parseSentence, plainText, readingText } from "./markup.ts";

describe("parseSentence", () => {
  it("gives a reading to the kanji before it and to nothing else", () => {
    expect(parseSentence("市《し》が だす お金《かね》")).toEqual([
      [
        { text: "市", reading: "し" },
        { text: "が ", reading: null },
      ],
      [{ text: "だす ", reading: null }],
      [
        { text: "お", reading: null },
        { text: "金", reading: "かね" },
      ],
    ]);
  });

  it("stops the base at kana and digits", () => {
    expect(parseSentence("3月《がつ》31日《にち》まで")).toEqual([
      [
        { text: "3", reading: null },
        { text: "月", reading: "がつ" },
        { text: "31", reading: null },
        { text: "日", reading: "にち" },
        { text: "まで", reading: null },
      ],
    ]);
  });

  it("takes everything after ｜ as the base", () => {
    expect(parseSentence("4月《がつ》｜1日《ついたち》から")[0]).toContainEqual({ text: "1日", reading: "ついたち" });
    expect(plainText(parseSentence("4月《がつ》｜1日《ついたち》から"))).toBe("4月1日から");
  });

  it("knows kanji outside the basic plane and the repetition mark", () => {
    expect(parseSentence("𠮷野《よしの》の人々《ひとびと》")).toEqual([
      [
        { text: "𠮷野", reading: "よしの" },
        { text: "の", reading: null },
        { text: "人々", reading: "ひとびと" },
      ],
    ]);
  });

  it("breaks phrases at | without leaving a sign of it", () => {
    const sentence = parseSentence("カードを|ここに|置いてください");
    expect(sentence).toHaveLength(3);
    expect(plainText(sentence)).toBe("カードをここに置いてください");
  });

  it("refuses a reading that is not closed or has no base", () => {
    expect(() => parseSentence("金《かね")).toThrow(RangeError);
    expect(() => parseSentence("かね《かね》")).toThrow(RangeError);
  });
});

describe("readings", () => {
  it("reads aloud what is written above", () => {
    expect(readingText(parseSentence("市《し》が だす お金《かね》"))).toBe("しが だす おかね");
  });

  it("finds kanji without a reading", () => {
    expect(kanjiWithoutReading(parseSentence("市が だす お金《かね》"))).toEqual(["市が "]);
    expect(kanjiWithoutReading(parseSentence("市《し》が だす お金《かね》"))).toEqual([]);
  });
});
