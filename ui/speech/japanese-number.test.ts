import { describe, expect, it } from "vitest";
import { numberClips, speechClips } from "./japanese-number.ts";

const said = (value: number, counter: Parameters<typeof numberClips>[1]): string =>
  numberClips(value, counter).join("");

describe("numberClips", () => {
  it.each([
    [300, "円", "さんびゃくえん"],
    [600, "円", "ろっぴゃくえん"],
    [800, "円", "はっぴゃくえん"],
    [1000, "円", "せんえん"],
    [1340, "円", "せんさんびゃくよんじゅうえん"],
    [3004, "円", "さんぜんよえん"],
    [8888, "円", "はっせんはっぴゃくはちじゅうはちえん"],
    [10_000, "円", "いちまんえん"],
    [12_110, "円", "いちまんにせんひゃくじゅうえん"],
    [0, "円", "れいえん"],
    [1, "回", "いっかい"],
    [10, "回", "じゅっかい"],
    [52, "回", "ごじゅうにかい"],
    [60, "回", "ろくじゅっかい"],
    [68, "回", "ろくじゅうはっかい"],
    [100, "回", "ひゃくかい"],
    [1, "人", "ひとり"],
    [2, "人", "ふたり"],
    [4, "人", "よにん"],
    [9, "時", "くじ"],
    [19, "時", "じゅうくじ"],
    [10, "分", "じゅっぷん"],
    [5, "分", "ごふん"],
    [43, "分", "よんじゅうさんぷん"],
    [4, "月", "しがつ"],
    [1, "日", "ついたち"],
    [14, "日", "じゅうよっか"],
    [20, "日", "はつか"],
    [31, "日", "さんじゅういちにち"],
  ] as const)("%i%s is said %s", (value, counter, reading) => {
    expect(said(value, counter)).toBe(reading);
  });

  it("needs few recordings: every amount to 10,000 is made of the same clips", () => {
    const clips = new Set<string>();
    for (let yen = 0; yen <= 10_000; yen++) for (const clip of numberClips(yen, "円")) clips.add(clip);
    expect(clips.size).toBeLessThanOrEqual(42);
  });
});

describe("speechClips", () => {
  it("keeps fixed phrases whole and says numbers with their counter", () => {
    expect(speechClips("お支払いは535円です。")).toEqual([
      "お支払いは",
      "ごひゃく",
      "さんじゅう",
      "ご",
      "えん",
      "です。",
    ]);
    expect(speechClips("電話027-224-1111").join("")).toBe("電話ゼロにななのにによんのいちいちいちいち");
    expect(speechClips("4月1日からまた使えます。")).toEqual(["しがつ", "ついたち", "からまた使えます。"]);
  });
});
