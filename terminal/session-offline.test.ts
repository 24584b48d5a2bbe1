import { describe, expect, it } from "vitest";
import type { CardKnowledge } from "#terminal/session/state.ts";
import { cityOf, covered, SessionStory, usesLeft } from "#tests/kit/session-kit.ts";

const entryOf = (story: SessionStory, change: Partial<NonNullable<CardKnowledge["entry"]>> = {}): CardKnowledge => ({
  entry: {
    asOfMs: story.nowMs - 1_800_000,
    refusal: null,
    limits: usesLeft(40),
    usableUntil: "2027-03-31",
    capMinor: 1000,
    ...change,
  },
  offlineUses: 0,
});
const offline = (minute = 600) => new SessionStory({ online: false, minute });
const pay = (story: SessionStory, fare: number) => story.lift().meter("hired", 500).meter("paying", fare);

describe("without signal", () => {
  it("an earlier touch's balances are enough: amounts at once, and the time they are of", () => {
    const story = offline();
    story.lay().read("a", entryOf(story));
    expect(story.view).toMatchObject({ phase: "accepted", nextAct: "depart" });
    expect(story.view.message).toEqual({ number: 4, parameters: { usesLeft: 40 } });
    expect(story.view.second).toEqual({ number: 23, parameters: { minute: 570 } });
    expect(story.view.signal.asOf).toBe(story.nowMs - 1_800_000);
    pay(story, 1070);
    expect(story.view.amounts).toMatchObject({ subsidyMinor: 535, riderPaysMinor: 535 });
    expect(story.view.riders).toMatchObject([{ usesLeft: 39 }]);
    expect(story.done("record")).toHaveLength(0);
    expect(story.done("confirm")).toMatchObject([{ amounts: { offline: true } }]);
  });

  it("asks the server all the same, so that a late answer gives a hold", () => {
    const story = offline();
    story.lay().read("a", entryOf(story));
    expect(story.done("open")).toHaveLength(1);
    story.network(true);
    expect(story.done("open")).toHaveLength(2);
    story.opened(covered(39));
    expect(story.ride.touches[0]?.standing).toMatchObject({ source: "server", holdId: "hold-1" });
  });

  it("a late refusal is told while there is time, and not after the facts are fixed", () => {
    const early = offline();
    early
      .lay()
      .read("a", entryOf(early))
      .opened(covered(0, { usable: false, refusal: "CARD_STOPPED", holdId: null }));
    expect(early.view).toMatchObject({ phase: "refused", message: { number: 21 } });
    const late = offline();
    pay(late.lay().read("a", entryOf(late)), 1070);
    late.opened(covered(0, { usable: false, refusal: "CARD_STOPPED", holdId: null }));
    expect(late.view).toMatchObject({ phase: "paying", collectMinor: 535 });
  });

  it("a stopped card stays stopped", () => {
    const story = offline();
    story.lay().read("a", entryOf(story, { refusal: "CARD_STOPPED" }));
    expect(story.view).toMatchObject({ phase: "refused", message: { number: 21 } });
  });

  it("a refusal by the hour of an earlier touch does not stand at another hour", () => {
    const story = offline();
    story.lay().read("a", entryOf(story, { refusal: "OUTSIDE_HOURS" }));
    expect(story.view.phase).toBe("accepted");
  });

  it("the hours hold here too", () => {
    const story = offline(18 * 60 + 5);
    story.lay().read("a", entryOf(story));
    expect(story.view).toMatchObject({ phase: "refused", message: { number: 17 } });
  });

  it("a new day brings back the day's uses", () => {
    const story = offline();
    const yesterday = story.nowMs - 86_400_000 + 3_600_000;
    story.lay().read("a", entryOf(story, { asOfMs: yesterday, limits: usesLeft(40, 0) }));
    expect(story.view.phase).toBe("accepted");
    expect(story.view.riders).toMatchObject([{ usesLeftToday: 2, usesLeft: 40 }]);
  });

  it("the scheme's allowance without signal ends it honestly", () => {
    const story = offline();
    story.lay().read("a", { ...entryOf(story), offlineUses: 2 });
    expect(story.view).toMatchObject({ phase: "refused", message: { number: 26 }, nextAct: "full-fare" });
    pay(story, 900);
    expect(story.view).toMatchObject({ phase: "refused", collectMinor: 900, message: { number: 26 } });
    expect(story.view.riders).toMatchObject([{ usable: false, refusal: null }]);
    expect(story.view.amounts?.steps.filter((step) => step.code === "REFUSED")).toMatchObject([{ refusal: null }]);
  });

  it("a card nothing is known of is honoured three times, message 22, then the full fare", () => {
    const story = offline();
    for (const tag of ["a", "b", "c"]) {
      story.lay().read(tag);
      expect(story.view).toMatchObject({ phase: "accepted", message: { number: 22 } });
      pay(story, 1070);
      expect(story.view.collectMinor).toBe(535);
      story.act("paid").meter("vacant").act("next-passenger");
    }
    story.lay().read("d");
    expect(story.view).toMatchObject({ phase: "refused", message: { number: 26 } });
    story.network(true).network(false);
    story.lift().intent({ kind: "cancel-ride" }).lay().read("e");
    expect(story.view.message.number).toBe(22);
  });

  it("is never granted where the scheme allows nothing without signal", () => {
    const city = cityOf("maebashi");
    const schemes = city.schemes.map((scheme) => ({
      ...scheme,
      versions: scheme.versions.map((version) => ({ ...version, offlineAllowanceUses: 0 })),
    }));
    const story = new SessionStory({ online: false, city: { ...city, schemes } });
    story.lay().read("a", entryOf(story));
    expect(story.view.message.number).toBe(26);
  });
});

describe("an answer that stays away", () => {
  it("to a touch is waited for one second, then the cab says what it knows", () => {
    const story = new SessionStory();
    story.lay().read("a", entryOf(story)).pass(999);
    expect(story.view.phase).toBe("reading");
    story.pass(1);
    expect(story.view.phase).toBe("accepted");
  });

  it("to a touch that failed is not waited for", () => {
    const story = new SessionStory();
    story.lay().read("a", entryOf(story)).openFailed();
    expect(story.view.phase).toBe("accepted");
  });

  it("to a ride is waited for one second, then the cab decides, and that stands", () => {
    const story = pay(new SessionStory().board(), 1070);
    story.pass(999);
    expect(story.view.amounts).toBeNull();
    story.pass(1);
    expect(story.view.amounts).toMatchObject({ riderPaysMinor: 535 });
    expect(story.done("confirm")).toMatchObject([{ amounts: { offline: true } }]);
    story.recorded({ decision: null, status: "QUARANTINED" });
    expect(story.done("confirm")).toHaveLength(1);
    expect(story.view.collectMinor).toBe(535);
  });

  it("to a ride that failed is not waited for", () => {
    const story = pay(new SessionStory().board(), 1070);
    story.feed({ kind: "record-failed", rideId: story.ride.rideId, failure: "ambiguous" });
    expect(story.view.collectMinor).toBe(535);
  });
});

describe("an answer nobody expects", () => {
  it("an unknown hold is replaced by the evidence, once", () => {
    const story = pay(new SessionStory().board(), 1070);
    const rejected = { status: "REJECTED", errorCode: "UNKNOWN_HOLD", decision: null } as const;
    story.recorded(rejected);
    expect(story.done("record")).toHaveLength(2);
    expect(story.ride.touches[0]?.standing?.holdId).toBeNull();
    story.recorded(rejected);
    expect(story.done("record")).toHaveLength(2);
    expect(story.view).toMatchObject({ collectMinor: 1070, nextAct: "paid" });
  });

  it("a conflict goes on under a new id", () => {
    const story = pay(new SessionStory().board(), 1070);
    const first = story.ride.rideId;
    story.recorded({ status: "CONFLICT", decision: null });
    expect(story.ride.rideId).not.toBe(first);
    story.recorded();
    expect(story.view.collectMinor).toBe(535);
  });

  it("a quarantined ride without a decision shows the cab's own", () => {
    const story = pay(new SessionStory().board(), 1070).recorded({ status: "QUARANTINED", decision: null });
    expect(story.view.collectMinor).toBe(535);
  });

  it("an answer to another ride is ignored", () => {
    const story = pay(new SessionStory().board(), 1070).recorded({ rideId: "other" });
    expect(story.view.amounts).toBeNull();
  });
});

describe("a power cut", () => {
  it("on the way resumes the ride and asks for the touch again", () => {
    const story = new SessionStory();
    story.lay().read("a").powerCut();
    expect(story.done("open")).toHaveLength(2);
    story.opened(covered());
    expect(story.view.phase).toBe("accepted");
    story.act("depart").meter("hired", 500).powerCut();
    expect(story.view).toMatchObject({ phase: "riding", riders: [{ usesLeft: 52 }] });
  });

  it("after submitting sends the same facts again", () => {
    const story = pay(new SessionStory().board(), 1070).powerCut();
    const [first, second] = story.done("record");
    expect(second?.ride).toEqual(first?.ride);
    story.recorded({ replayed: true });
    expect(story.view.collectMinor).toBe(535);
  });

  it("after the amounts were journalled shows the same amounts", () => {
    const story = pay(new SessionStory().board(), 1070).recorded().powerCut();
    expect(story.view).toMatchObject({ phase: "paying", collectMinor: 535, nextAct: "paid" });
    expect(story.done("record")).toHaveLength(1);
  });
});

describe("trouble", () => {
  it("a journal that fails shows no amounts; the full fare is collected until it is mended", () => {
    const story = new SessionStory().board().lift().meter("hired", 500);
    story.journalWorks = false;
    story.meter("paying", 1070).recorded();
    expect(story.view).toMatchObject({ phase: "trouble", amounts: null, collectMinor: 1070 });
    story.journalWorks = true;
    story.feed({ kind: "journal-mended" });
    expect(story.view).toMatchObject({ phase: "paying", collectMinor: 535 });
  });

  it("a ride paid in full while the journal failed is taken back when it is mended", () => {
    const story = new SessionStory().board().lift().meter("hired", 500);
    story.journalWorks = false;
    story.meter("paying", 1070).recorded();
    expect(story.view.nextAct).toBe("paid");
    story.act("paid").meter("vacant");
    expect(story.state.ride).toBeNull();
    story.feed({ kind: "journal-mended" });
    expect(story.done("reverse")).toHaveLength(1);
    expect(story.view).toMatchObject({ phase: "idle", amounts: null });
  });

  it("a reader that is gone, a terminal that was stopped", () => {
    const reader = new SessionStory().feed({ kind: "reader-absent", reason: "unplugged" });
    expect(reader.view).toMatchObject({ phase: "trouble", message: { number: 26 }, reader: { state: "absent" } });
    reader.feed({ kind: "reader-ready", name: "reader" });
    expect(reader.view.phase).toBe("idle");
    const stopped = new SessionStory().feed({ kind: "stopped", stopped: true });
    stopped.lay();
    expect(stopped.view.phase).toBe("trouble");
    expect(stopped.done("read-card")).toHaveLength(0);
  });

  it("a reader that goes on the way disturbs no ride", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).feed({ kind: "reader-absent", reason: "x" });
    expect(story.view.phase).toBe("riding");
  });

  it("a meter that goes is replaced by the keypad, typed twice", () => {
    const story = new SessionStory().board().lift().meter("hired", 500).feed({ kind: "meter-disconnected" });
    expect(story.view).toMatchObject({ phase: "trouble", meter: { connected: false } });
    story.intent({ kind: "keypad-fare", fareMinor: 1070, repeatedFareMinor: 1700 });
    expect(story.view.sound.cue).toBe("look");
    expect(story.done("record")).toHaveLength(0);
    story.intent({ kind: "keypad-fare", fareMinor: 1070, repeatedFareMinor: 1070 }).recorded();
    expect(story.view).toMatchObject({ phase: "paying", collectMinor: 535 });
  });

  it("a connected meter is never overridden by typing", () => {
    const story = new SessionStory().board().lift().meter("hired", 500);
    story.intent({ kind: "keypad-fare", fareMinor: 100, repeatedFareMinor: 100 });
    expect(story.view.phase).toBe("riding");
  });

  it("a fare beyond belief is not sent", () => {
    const story = pay(new SessionStory().board(), 100_000);
    expect(story.view).toMatchObject({ phase: "trouble", nextAct: "full-fare" });
    expect(story.done("record")).toHaveLength(0);
    story.meter("paying", 1000).recorded();
    expect(story.view.collectMinor).toBe(500);
    const outside = pay(new SessionStory().board(), 100_000).act("full-fare");
    expect(outside.done("cancel")).toHaveLength(1);
  });

  it("while the car moves the screen takes no input", () => {
    const story = new SessionStory().board().lift().meter("hired", 500);
    story.feed({ kind: "place", place: null, moving: true }).intent({ kind: "cancel-ride" });
    expect(story.view).toMatchObject({ phase: "riding", moving: true });
  });

  it("a ride written down by hand is paid in full and noted", () => {
    const story = new SessionStory().intent({ kind: "record-by-hand", reason: "card" });
    story.meter("hired", 500).meter("paying", 1200);
    expect(story.view).toMatchObject({
      phase: "refused",
      message: { number: 26 },
      collectMinor: 1200,
      nextAct: "paid",
    });
    story.act("paid");
    expect(story.done("note-by-hand")).toMatchObject([{ ride: { byHand: "card" } }]);
  });
});

describe("night", () => {
  it("follows the sun of the place", () => {
    expect(new SessionStory({ minute: 16 * 60 }).view.night).toBe(false);
    expect(new SessionStory({ minute: 17 * 60 }).view.night).toBe(true);
    expect(new SessionStory({ minute: 6 * 60 }).view.night).toBe(true);
    expect(new SessionStory({ minute: 7 * 60 }).view.night).toBe(false);
  });
});
