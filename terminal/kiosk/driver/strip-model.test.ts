import { describe, expect, it } from "vitest";
import { FIXTURE_NAMES, type FixtureName, fixtureView } from "../gallery/fixture-views.ts";
import { type Strip, stripOf } from "./strip-model.ts";

function strip(name: FixtureName, connected = true): Strip {
  const view = fixtureView(name);
  return stripOf(view, { nowMs: view.at, connected });
}

const labels = (name: FixtureName): string[] => strip(name).keys.map((key) => key.label.word);

describe("stripOf", () => {
  it("puts the next act first, one filled key at most", () => {
    expect(labels("accepted")).toEqual(["depart", "notRiding"]);
    expect(labels("paying")).toEqual(["paid", "cancel"]);
    expect(labels("refused-hours")).toEqual(["departFullFare", "notRiding"]);
    expect(labels("refused-paying-hours")).toEqual(["takeFullFare"]);
    expect(labels("card-forgotten")).toEqual(["cardBack"]);
    for (const name of FIXTURE_NAMES) {
      expect(strip(name).keys.filter((key) => key.kind === "primary").length, name).toBeLessThanOrEqual(1);
    }
  });

  it("always has something in the corner: a key or a frame that says the state", () => {
    for (const name of FIXTURE_NAMES) {
      const { frame, keys } = strip(name);
      const corner = keys.some((key) => key.id === "next" || key.id.startsWith("uses-"));
      expect(corner, name).toBe(frame === null);
    }
  });

  it("shows but takes no input while the car moves", () => {
    expect(strip("riding").keys).toEqual([]);
    expect(strip("riding").frame).toEqual({ label: "moving", note: "movingNote", locked: true });
  });

  it("takes no input without the agent, and still shows what to collect", () => {
    expect(strip("paying", false)).toMatchObject({
      keys: [],
      frame: { label: "disconnected" },
      collect: { kind: "money", amountMinor: 535 },
    });
  });

  it("offers both choices alike to the driver", () => {
    expect(strip("choosing").keys.map((key) => [key.kind, key.note])).toEqual([
      ["plain", { amountMinor: 1800 }],
      ["plain", { amountMinor: 1400 }],
    ]);
  });

  it("counts the undo down and lets go of it after a minute", () => {
    const view = fixtureView("done");
    const until = view.undoUntil ?? 0;
    const undo = (nowMs: number) => stripOf(view, { nowMs, connected: true }).keys.find((key) => key.id === "undo");
    expect(undo(until - 41_500)?.note).toEqual({ word: "undoSeconds", parameters: { seconds: 42 } });
    expect(undo(until - 41_500)?.confirm).toBe("askUndo");
    expect(undo(until)).toBeUndefined();
  });

  it("has a way on in every failure", () => {
    expect(labels("lay-again")).toEqual(["byHand"]);
    expect(labels("trouble-reader")).toEqual(["byHand"]);
    expect(labels("trouble-meter")).toEqual(["enterFare"]);
    expect(labels("riding-keypad")).toEqual(["enterFare"]);
  });

  it("tells meter, card and signal in words and values", () => {
    expect(strip("accepted-offline-night").statuses).toEqual([
      { icon: "meter", word: { word: "meter" }, value: { word: "vacant" } },
      { icon: "reader", word: { word: "card" }, value: { word: "cardThere" } },
      { icon: "no-signal", word: { word: "offline" }, value: { word: "waitingRides", parameters: { waiting: 3 } } },
    ]);
    const played = {
      ...fixtureView("idle"),
      reader: { technology: "simulator", name: "", state: "empty", note: "" },
    } as const;
    expect(stripOf(played, { nowMs: played.at, connected: true }).statuses[1]).toEqual({
      icon: "reader",
      word: { word: "simulatedCard" },
      value: { word: "cardNone" },
    });
    expect(strip("paying").statuses[0]).toEqual({
      icon: "meter",
      word: { word: "paying" },
      value: { amountMinor: 1070 },
    });
  });
});
