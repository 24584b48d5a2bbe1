import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RIDE_TRANSITIONS, type RideState } from "#domain/ride/ride-state.ts";
import { kioskView } from "#protocol/kiosk/view.ts";
import { rideStateOf } from "#terminal/session/state.ts";
import { rideInput } from "#terminal/uplink/ride-input.ts";
import { covered, SessionStory, usesLeft } from "#tests/kit/session-kit.ts";

type Act = (story: SessionStory) => void;

const fare = fc.constantFrom(0, 600, 1070, 2800, 100_000);
const tag = fc.constantFrom("a", "b", "c");

/** Everything that can happen to a terminal, also at the wrong moment. */
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>((story) => story.lay()),
  fc.constant<Act>((story) => story.lift()),
  tag.map<Act>((name) => (story) => story.read(name)),
  tag.map<Act>((name) => (story) => story.lay().read(name).lift()),
  fc.constantFrom("failed", "foreign", "several").map<Act>((why) => (story) => story.unreadable(why as "failed")),
  fc.constantFrom(52, 1, 0).map<Act>((left) => (story) => {
    if (story.state.ride) story.opened(left > 0 ? covered(left) : refused());
  }),
  fc.constant<Act>((story) => void (story.state.ride?.touches.length && story.openFailed())),
  fc.tuple(fc.constantFrom("vacant", "hired", "premium", "paying", "off"), fare).map<Act>(
    ([state, amount]) =>
      (story) =>
        story.meter(state as "vacant", amount),
  ),
  fc.constantFrom("RECORDED", "REFUSED", "QUARANTINED", "REJECTED", "CONFLICT").map<Act>((status) => (story) => {
    const withoutDecision = status === "REJECTED" || status === "CONFLICT";
    if (!story.state.ride?.submittedAtMs) return;
    story.recorded(withoutDecision ? { status, decision: null } : { status: status as "RECORDED" });
  }),
  fc
    .constantFrom("depart", "paid", "card-back", "full-fare", "next-passenger")
    .map<Act>((name) => (story) => story.act(name as "paid")),
  fc.constantFrom(1, 2).map<Act>((uses) => (story) => story.intent({ kind: "choose-uses", uses })),
  fc.constantFrom("undo", "cancel-ride").map<Act>((kind) => (story) => story.intent({ kind: kind as "undo" })),
  fare.map<Act>(
    (amount) => (story) => story.intent({ kind: "keypad-fare", fareMinor: amount, repeatedFareMinor: amount }),
  ),
  fc.boolean().map<Act>((online) => (story) => story.network(online)),
  fc.constantFrom(1, 1_000, 6_000, 61_000).map<Act>((ms) => (story) => story.pass(ms)),
  fc.boolean().map<Act>((works) => (story) => {
    story.journalWorks = works;
    if (works && story.state.journalFault) story.feed({ kind: "journal-mended" });
  }),
  fc.constant<Act>((story) => story.feed({ kind: "meter-disconnected" })),
  fc.constant<Act>((story) => story.feed({ kind: "reader-absent", reason: "gone" })),
  fc.constant<Act>((story) => story.feed({ kind: "reader-ready", name: "reader" })),
  fc.boolean().map<Act>((moving) => (story) => story.feed({ kind: "place", place: null, moving })),
  fc.constant<Act>((story) => story.powerCut()),
);

function refused() {
  return covered(0, { usable: false, refusal: "YEAR_LIMIT", holdId: null, limits: usesLeft(0) });
}

const EXPLAINED_WAITS = new Set([
  "idle",
  "reading",
  "lay-again",
  "accepted",
  "refused",
  "riding",
  "choosing",
  "trouble",
]);

/** Beside the table: a fare without riders is taken back, and evidence the server cannot read makes no rider. */
const TAKEN_BACK: readonly (readonly [RideState, RideState])[] = [
  ["fare-known", "opened"],
  ["riders-on-hold", "opened"],
];

function checkView(story: SessionStory): void {
  const view = story.view;
  expect(kioskView.safeParse(view).error).toBeUndefined();
  if (view.amounts) {
    const { fareMinor, subsidyMinor, riderPaysMinor } = view.amounts;
    expect(subsidyMinor + riderPaysMinor).toBe(fareMinor);
    const journalled = [...story.journal.values()].some(
      ({ ride, confirmed }) =>
        confirmed && ride.tag === view.rideTag && ride.amounts?.riderPaysMinor === riderPaysMinor,
    );
    expect(journalled).toBe(true);
  }
  const wait = EXPLAINED_WAITS.has(view.phase) || (view.phase === "paying" && view.message.number === 2);
  expect(view.nextAct !== "none" || wait).toBe(true);
  if (view.phase === "choosing") expect(view.choices.length).toBeGreaterThan(1);
}

function checkTouches(story: SessionStory): void {
  const rides = [...story.journal.values()].map(({ ride }) => ride);
  for (const ride of rides) {
    expect(new Set(ride.touches.map((touch) => touch.touchId)).size).toBe(ride.touches.length);
    expect(new Set(ride.touches.map((touch) => touch.cardTag)).size).toBe(ride.touches.length);
    expect(ride.touches.length).toBeLessThanOrEqual(4);
  }
  const reads = story.done("read-card").map((effect) => effect.cardNumber);
  expect(new Set(reads).size).toBe(reads.length);
}

/** The same ride id never stands for other facts, and its state only moves as the table allows. */
class Watch {
  readonly #facts = new Map<string, string>();
  #seen = 0;
  #state: { readonly rideId: string; readonly state: RideState } | null = null;

  check(story: SessionStory): void {
    for (const effect of story.effects.slice(this.#seen)) {
      if (effect.kind !== "record" && effect.kind !== "confirm") continue;
      const { holds, facts } = factsOf(effect.ride);
      const before = this.#facts.get(effect.ride.rideId);
      // Only a hold the server does not know may be replaced by the evidence: nothing was written then.
      if (before !== undefined && holds === 0 && before !== facts) this.#facts.set(effect.ride.rideId, facts);
      else if (before !== undefined) expect(facts).toBe(before);
      else this.#facts.set(effect.ride.rideId, facts);
    }
    this.#seen = story.effects.length;
    const ride = story.state.ride;
    const state = ride && rideStateOf(ride);
    if (ride && state && this.#state?.rideId === ride.rideId && this.#state.state !== state) {
      const from = this.#state.state;
      const allowed =
        RIDE_TRANSITIONS.some((transition) => transition.from === from && transition.to === state) ||
        TAKEN_BACK.some(([a, b]) => a === from && b === state) ||
        // Several things can become known in one step, e.g. a card read while the meter stands at 支払.
        (from === "opened" && state === "fare-known");
      expect({ from, state, allowed }).toEqual({ from, state, allowed: true });
    }
    this.#state = ride && state ? { rideId: ride.rideId, state } : null;
  }
}

function factsOf(ride: Parameters<typeof rideInput>[0]): { holds: number; facts: string } {
  const holds = ride.touches.filter((touch) => touch.standing?.holdId).length;
  return { holds, facts: JSON.stringify(rideInput(ride, false)) };
}

describe("the session machine, whatever happens", () => {
  it("keeps its promises", () => {
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 40 }), (happenings) => {
        const story = new SessionStory();
        const watch = new Watch();
        for (const happen of happenings) {
          happen(story);
          checkView(story);
          checkTouches(story);
          watch.check(story);
        }
      }),
      { numRuns: Number(process.env.NOTTE_LONG ? 5_000 : 300) },
    );
  });

  it("always finds the way to an empty cab", () => {
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 25 }), (happenings) => {
        const story = new SessionStory();
        for (const happen of happenings) happen(story);
        story.journalWorks = true;
        story.feed({ kind: "journal-mended" }).feed({ kind: "place", place: null, moving: false });
        story.feed({ kind: "reader-ready", name: "reader" }).feed({ kind: "meter-connected" }).lift();
        story.unreadable("failed").pass(2_000).intent({ kind: "cancel-ride" }).pass(2_000);
        story.meter("vacant").act("next-passenger").pass(61_000);
        expect(story.view).toMatchObject({ phase: "idle", nextAct: "none", amounts: null });
      }),
      { numRuns: 200 },
    );
  });
});
