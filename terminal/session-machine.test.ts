import { describe, expect, it } from "vitest";
import type { RefusalCode } from "#domain/decision/refusal.ts";
import { dayNumber } from "#domain/time/local.ts";
import { covered, SessionStory, usesLeft } from "#tests/kit/session-kit.ts";

const picture = (story: SessionStory) => {
  const { phase, message, nextAct, collectMinor } = story.view;
  return { phase, message: message.number, nextAct, collectMinor };
};
const refused = (refusal: RefusalCode, left = usesLeft(52)) =>
  covered(52, { usable: false, refusal, holdId: null, limits: left });

describe("an ordinary ride", () => {
  it("shows what is left before it begins, three amounts at the end, and thanks", () => {
    const story = new SessionStory();
    expect(picture(story)).toEqual({ phase: "idle", message: 1, nextAct: "none", collectMinor: null });
    story.lay();
    expect(picture(story)).toMatchObject({ phase: "reading", message: 2 });
    story.read();
    expect(picture(story)).toMatchObject({ phase: "reading", message: 2 });
    story.opened(covered());
    expect(picture(story)).toMatchObject({ phase: "accepted", message: 4, nextAct: "depart" });
    expect(story.view.message.parameters).toEqual({ usesLeft: 52 });
    expect(story.view.second).toEqual({ number: 12, parameters: { capMinor: 1000 } });
    story.lift();
    expect(story.view.second).toEqual({ number: 7, parameters: {} });
    story.act("depart").meter("hired", 740);
    expect(picture(story)).toMatchObject({ phase: "riding", message: 4, nextAct: "none" });
    story.meter("paying", 1070);
    expect(picture(story)).toEqual({ phase: "paying", message: 2, nextAct: "none", collectMinor: null });
    expect(story.view.amounts).toBeNull();
    story.recorded();
    expect(picture(story)).toEqual({ phase: "paying", message: 11, nextAct: "paid", collectMinor: 535 });
    expect(story.view.amounts).toMatchObject({ fareMinor: 1070, subsidyMinor: 535, riderPaysMinor: 535, final: true });
    expect(story.view.riders).toMatchObject([{ seat: 1, usable: true, usesLeft: 51, usesLeftToday: 1 }]);
    story.act("paid");
    expect(picture(story)).toMatchObject({ phase: "done", message: 14, nextAct: "next-passenger" });
    expect(story.view.message.parameters).toEqual({ usesLeft: 51 });
    expect(story.view.undoUntil).toBe(story.nowMs + 60_000);
    story.act("next-passenger").meter("vacant");
    expect(picture(story)).toMatchObject({ phase: "idle", message: 1 });
    expect(story.done("close")).toHaveLength(1);
  });

  it("waits at the reader for as long as the card lies there", () => {
    const story = new SessionStory().board();
    story.pass(3_600_000);
    expect(picture(story)).toMatchObject({ phase: "accepted", message: 4 });
  });

  it("departs by the meter when the driver presses nothing, and ends when the meter is free again", () => {
    const story = new SessionStory().board().lift().meter("hired", 500);
    expect(story.view.phase).toBe("riding");
    story.meter("paying", 600).recorded().meter("vacant");
    expect(story.view.phase).toBe("done");
    expect(story.done("close")).toHaveLength(1);
  });

  it("reads on when the card was lifted early", () => {
    const story = new SessionStory().lay().lift();
    expect(story.view.phase).toBe("reading");
    story.read().opened(covered());
    expect(story.view.phase).toBe("accepted");
    expect(story.view.reader.state).toBe("empty");
  });
});

describe("a refusal", () => {
  const year = usesLeft(0);
  const table: readonly [RefusalCode, number, Record<string, number>, ReturnType<typeof usesLeft>?][] = [
    ["YEAR_LIMIT", 15, { day: dayNumber(2027, 4, 1) }, year],
    ["MONTH_LIMIT", 15, { day: dayNumber(2026, 12, 1) }],
    ["DAY_LIMIT", 16, { uses: 2 }, usesLeft(52, 0)],
    ["OUTSIDE_HOURS", 17, { fromMinute: 420, toMinute: 1080 }],
    ["NOT_REGISTERED", 19, {}],
    ["NOT_YET_VALID", 19, {}],
    ["ENTITLEMENT_EXPIRED", 20, {}],
    ["CARD_NEEDS_RENEWAL", 20, {}],
    ["CARD_STOPPED", 21, {}],
    ["ASSURANCE_TOO_LOW", 10, {}],
    ["SAME_PERSON_TWICE", 8, {}],
    ["RIDE_LIMIT", 26, {}],
    ["NO_SCHEME_IN_FORCE", 26, {}],
  ];
  it.each(table)(
    "%s is told at boarding by message %i and the ride can go on at the full fare",
    (code, number, parameters, limits) => {
      const story = new SessionStory().board("tag-1", refused(code, limits));
      expect(picture(story)).toEqual({ phase: "refused", message: number, nextAct: "full-fare", collectMinor: null });
      expect(story.view.message.parameters).toEqual(parameters);
      expect(story.view.sound.cue).toBe("look");
      story.lift().act("full-fare").meter("hired", 500);
      expect(story.view.phase).toBe("riding");
      story.meter("paying", 900).recorded();
      expect(story.view.amounts).toMatchObject({ fareMinor: 900, subsidyMinor: 0, riderPaysMinor: 900 });
      expect(story.view).toMatchObject({ nextAct: "paid", collectMinor: 900, phase: "refused" });
    },
  );

  it.each([
    ["OUTSIDE_AREA", 18],
    ["FARE_TOO_LOW", 26],
  ] as const)("%s is told at boarding but decided anew at the end of the ride", (code, number) => {
    const story = new SessionStory().board("tag-1", refused(code));
    expect(picture(story)).toMatchObject({ phase: "refused", message: number, nextAct: "full-fare" });
    story.lift().act("full-fare").meter("hired", 500).meter("paying", 900).recorded();
    expect(story.view.amounts).toMatchObject({ subsidyMinor: 450 });
  });

  it("lets the rider decide not to ride", () => {
    const story = new SessionStory().board("tag-1", refused("DAY_LIMIT")).lift().intent({ kind: "cancel-ride" });
    expect(story.done("cancel")).toMatchObject([{ reason: "PASSENGER" }]);
    expect(picture(story)).toMatchObject({ phase: "cancelled", message: 25 });
    expect(story.view.message.parameters).toEqual({ uses: 0 });
  });
});

describe("cards", () => {
  it("a second rider shares", () => {
    const story = new SessionStory()
      .board("a")
      .lift()
      .board("b", covered(23, { holdId: "hold-2" }))
      .lift();
    expect(story.view.riders).toMatchObject([{ usesLeft: 52 }, { usesLeft: 23 }]);
    expect(story.done("open").map((effect) => effect.companions)).toEqual([[], ["touch-5"]]);
    story.act("depart").meter("hired", 500).meter("paying", 1800).recorded();
    expect(story.view.amounts).toMatchObject({ subsidyMinor: 1000, riderPaysMinor: 800 });
  });

  it("the same card again is message 8 and no second touch", () => {
    const story = new SessionStory().board("a").lift().lay().read("a");
    expect(picture(story)).toMatchObject({ phase: "accepted", message: 8, nextAct: "depart" });
    expect(story.ride.touches).toHaveLength(1);
    expect(story.done("open")).toHaveLength(1);
    story.lift().pass(5_000);
    expect(picture(story)).toMatchObject({ phase: "accepted", message: 4 });
  });

  it("the same card just after paying opens no new ride", () => {
    const story = new SessionStory().board("a").lift().meter("hired", 500).meter("paying", 600).recorded().act("paid");
    story.lay().read("a");
    expect(story.state.ride).toBeNull();
    expect(story.view.message.number).toBe(8);
  });

  it("the same card in a cab that is vacant again boards anew", () => {
    const story = new SessionStory().board("a").lift().meter("hired", 500).meter("paying", 600).recorded().act("paid");
    story.meter("vacant").board("a");
    expect(story.done("open")).toHaveLength(2);
    expect(picture(story)).toMatchObject({ phase: "accepted", message: 4 });
  });

  it.each([
    ["failed", 3],
    ["several", 9],
    ["foreign", 10],
  ] as const)("a card that is %s asks by message %i to lay again", (why, number) => {
    const story = new SessionStory().lay().unreadable(why);
    expect(picture(story)).toMatchObject({ phase: "lay-again", message: number });
    story.pass(60_000);
    expect(story.view.phase).toBe("lay-again");
    story.lift().pass(5_000);
    expect(story.view.phase).toBe("idle");
  });

  it("evidence the server cannot read is like no card", () => {
    const story = new SessionStory()
      .lay()
      .read()
      .opened({ ...covered(), inputError: "EVIDENCE_UNREADABLE" });
    expect(picture(story)).toMatchObject({ phase: "lay-again", message: 10 });
    expect(story.state.ride).toBeNull();
    expect(story.journal.size).toBe(0);
  });

  it("a fifth card is not counted", () => {
    const story = new SessionStory();
    for (const tag of ["a", "b", "c", "d"]) story.board(tag).lift();
    story.lay().read("e");
    expect(story.ride.touches).toHaveLength(4);
    expect(story.view.message.number).toBe(26);
  });

  it("a card laid only at paying is enough", () => {
    const story = new SessionStory().meter("hired", 500).meter("paying", 1070);
    expect(picture(story)).toEqual({ phase: "idle", message: 1, nextAct: "paid", collectMinor: 1070 });
    story.board().recorded();
    expect(picture(story)).toMatchObject({ phase: "paying", message: 11, collectMinor: 535 });
  });

  it("a passenger without a card leaves nothing behind", () => {
    const story = new SessionStory().meter("hired", 500).meter("paying", 1070).act("paid");
    expect(story.view.phase).toBe("idle");
    expect(story.journal.size).toBe(0);
    story.meter("vacant").meter("hired", 500).meter("vacant");
    expect(story.journal.size).toBe(0);
  });

  it("a card laid on the way is answered and fades into the ride", () => {
    const story = new SessionStory().meter("hired", 500).board();
    expect(picture(story)).toMatchObject({ phase: "accepted", nextAct: "none" });
    story.pass(5_000);
    expect(story.view.phase).toBe("accepted");
    story.lift().pass(1);
    expect(story.view.phase).toBe("riding");
  });

  it("left on the reader after paying calls until it is lifted", () => {
    const story = new SessionStory()
      .board()
      .act("depart")
      .meter("hired", 500)
      .meter("paying", 600)
      .recorded()
      .act("paid");
    expect(picture(story)).toMatchObject({ phase: "done", message: 14, nextAct: "card-back" });
    expect(story.view.second).toEqual({ number: 5, parameters: {} });
    const first = story.pass(1).view.sound;
    expect(first.cue).toBe("take-card");
    story.pass(3_000);
    expect(picture(story)).toMatchObject({ phase: "card-forgotten", message: 6 });
    expect(story.view.sound.sequence).toBe(first.sequence + 1);
    story.pass(3_600_000).act("next-passenger");
    expect(story.view.phase).toBe("card-forgotten");
    story.act("card-back");
    expect(story.view.sound.cue).toBe("take-card");
    story.lift();
    expect(story.view.phase).toBe("done");
  });
});

describe("two uses", () => {
  it("are two equal choices, decided by nobody but the people in the cab", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).meter("paying", 2800);
    expect(picture(story)).toEqual({ phase: "choosing", message: 13, nextAct: "none", collectMinor: null });
    expect(story.view.choices).toEqual([
      { uses: 1, riderPaysMinor: 1800, subsidyMinor: 1000 },
      { uses: 2, riderPaysMinor: 1400, subsidyMinor: 1400 },
    ]);
    expect(story.view.message.parameters).toEqual({ uses: 2, amountMinor: 1400 });
    story.pass(3_600_000);
    expect(story.view.phase).toBe("choosing");
    story.intent({ kind: "choose-uses", uses: 3 });
    expect(story.view.phase).toBe("choosing");
    story.intent({ kind: "choose-uses", uses: 2 }).recorded();
    expect(story.view.amounts).toMatchObject({ riderPaysMinor: 1400, uses: 2 });
  });

  it("are not offered below the fare, nor with one use left today", () => {
    const low = new SessionStory().board().lift().meter("hired", 500).meter("paying", 2000);
    expect(low.view.phase).toBe("paying");
    const oneLeft = new SessionStory().board("a", covered(52, { limits: usesLeft(52, 1) }));
    oneLeft.lift().meter("hired", 500).meter("paying", 2800);
    expect(oneLeft.view.phase).toBe("paying");
  });

  it("fall away when the driver goes back from paying to driving", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).meter("paying", 2800).meter("hired", 2800);
    expect(story.view.phase).toBe("riding");
    expect(story.done("record")).toHaveLength(0);
  });
});

describe("putting right", () => {
  const paying = () => new SessionStory().board().lift().meter("hired", 500).meter("paying", 1070).recorded();

  it("undo within a minute reverses the ride", () => {
    const story = paying().act("paid").pass(59_000).intent({ kind: "undo" });
    expect(story.done("reverse")).toMatchObject([{ reason: "UNDONE" }]);
    expect(picture(story)).toMatchObject({ phase: "cancelled", message: 25, nextAct: "next-passenger" });
    expect(story.view.message.parameters).toEqual({ uses: 1 });
    story.intent({ kind: "undo" });
    expect(story.done("reverse")).toHaveLength(1);
  });

  it("undo after a minute does nothing", () => {
    const story = paying().act("paid").pass(60_001).intent({ kind: "undo" });
    expect(story.done("reverse")).toHaveLength(0);
    expect(story.view.undoUntil).toBeNull();
  });

  it("cancelling before the fare releases the hold, afterwards it reverses", () => {
    const before = new SessionStory().board().lift().intent({ kind: "cancel-ride" });
    expect(before.done("cancel")).toHaveLength(1);
    expect(before.view.message).toEqual({ number: 25, parameters: { uses: 1 } });
    const after = paying().intent({ kind: "cancel-ride" });
    expect(after.done("reverse")).toMatchObject([{ reason: "CANCELLED" }]);
    expect(after.done("cancel")).toHaveLength(0);
  });

  it("cancelling while the answer is awaited reverses as soon as it is there", () => {
    const story = new SessionStory()
      .board()
      .lift()
      .meter("hired", 500)
      .meter("paying", 1070)
      .intent({ kind: "cancel-ride" });
    expect(story.done("reverse")).toHaveLength(0);
    story.recorded();
    expect(story.done("reverse")).toHaveLength(1);
    expect(story.view.phase).toBe("cancelled");
  });

  it("a fare the driver corrects is a reversal and a new ride, message 24", () => {
    const story = paying();
    const first = story.ride.rideId;
    story.meter("paying", 1200);
    expect(story.done("reverse")).toMatchObject([{ ride: { rideId: first }, reason: "CORRECTED" }]);
    expect(story.ride.rideId).not.toBe(first);
    expect(story.ride.touches[0]?.standing?.holdId).toBeNull();
    story.recorded();
    expect(picture(story)).toMatchObject({ phase: "paying", message: 24, collectMinor: 600 });
  });

  it("a fare that changes while the answer is awaited is corrected after it", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).meter("paying", 1070).meter("paying", 1200);
    expect(story.done("record")).toHaveLength(1);
    story.recorded().recorded();
    expect(story.view.amounts).toMatchObject({ fareMinor: 1200 });
    expect(story.done("reverse")).toHaveLength(1);
  });

  it("driving on after the amounts were shown takes them back", () => {
    const story = paying().meter("hired", 1070);
    expect(story.done("reverse")).toHaveLength(1);
    expect(story.view).toMatchObject({ phase: "riding", amounts: null });
    story.meter("paying", 1400).recorded();
    expect(story.view.collectMinor).toBe(700);
  });

  it("a friend whose card comes late changes the amounts", () => {
    const story = paying();
    story.board("b", covered(9, { holdId: "hold-2" })).recorded();
    expect(story.view.amounts).toMatchObject({ fareMinor: 1070, subsidyMinor: 1000 });
    expect(story.done("reverse")).toHaveLength(1);
  });

  it("a meter that goes free on the way ends the ride without a record", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).meter("vacant");
    expect(story.done("cancel")).toMatchObject([{ reason: "MISTAKE" }]);
    expect(story.view.phase).toBe("idle");
  });
});
