import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FeedChanges,
  type JoinReply,
  LEDGER_FEED_KEEPS,
  type LedgerLine,
  type RideLine,
} from "#protocol/stream/events.ts";
import { companyModel, ledgerModel, mergeRides } from "./feed-models.ts";
import { type FeedModel, type FeedState, newFeed, stepFeed } from "./feed-state.ts";

const entry = (position: number): LedgerLine => ({
  position,
  at: 1_700_000_000_000 + position,
  type: "ride.recorded",
  rideKey: `t:${position}`,
  tag: "7K2",
  postings: [],
  balanceMinor: 0,
  uses: 1,
  usesLeft: 51,
  refusal: null,
  schemeVersion: "v",
  steps: [],
});

const STANDING = { paidMinor: 535, fromCityMinor: 535, cityBearsMinor: 0, companyBearsMinor: 0 };

const ride = (position: number, key = `t:${position}`, reversed = false): RideLine => ({
  position,
  rideKey: key,
  tag: "7K2",
  recordedAt: position,
  boardedAt: position,
  alightedAt: position,
  distanceM: null,
  vehicleLabel: "27",
  companyId: "c",
  status: "RECORDED",
  reversed,
  fareMinor: 1070,
  subsidyMinor: 535,
  riderPaysMinor: 535,
  ...STANDING,
  fromQuarantine: false,
  riderCount: 1,
  uses: 1,
  refusal: null,
  schemeVersion: "v",
  steps: [],
  components: [],
});

const ledgerChanges = (from: number, to: number): FeedChanges => ({
  feed: "ledger",
  fromPosition: from,
  toPosition: to,
  entries: Array.from({ length: to - from }, (_, index) => entry(from + index + 1)),
});

/** A server whose log holds positions 1..head, and a wire that may lose, repeat or cut. */
class World {
  head = 0;
  state: FeedState<{ readonly entries: readonly LedgerLine[] }> = newFeed();
  private readonly replies: JoinReply[] = [];
  private readonly keeps: number;
  constructor(keeps: number) {
    this.keeps = keeps;
  }

  send(event: Parameters<typeof stepFeed>[2]): void {
    const step = stepFeed(ledgerModel as FeedModel<{ readonly entries: readonly LedgerLine[] }>, this.state, event);
    this.state = step.state;
    if (step.join) this.replies.push(this.answer(step.join.cursor));
  }

  answer(cursor: number | null): JoinReply {
    if (cursor !== null && cursor <= this.head && this.head - cursor <= this.keeps) {
      const changes = cursor === this.head ? null : ledgerChanges(cursor, this.head);
      return { ok: true, cursor: this.head, snapshot: null, changes };
    }
    const entries = Array.from({ length: this.head }, (_, index) => entry(index + 1)).slice(-LEDGER_FEED_KEEPS);
    return { ok: true, cursor: this.head, snapshot: { feed: "ledger", entries }, changes: null };
  }

  deliverReplies(): void {
    for (let reply = this.replies.shift(); reply; reply = this.replies.shift()) this.send({ kind: "joined", reply });
  }

  dropReplies(): void {
    this.replies.length = 0;
  }

  settle(): void {
    this.send({ kind: "disconnected" });
    this.dropReplies();
    this.send({ kind: "connected" });
    this.deliverReplies();
  }
}

type Act = "write" | "write-lost" | "write-twice" | "cut" | "connect" | "reply" | "rejoin";

describe("a feed over a bad line", () => {
  it("ends in the same state as one that never lost the connection", () => {
    const acts = fc.array(
      fc.constantFrom<Act>("write", "write", "write", "write-lost", "write-twice", "cut", "connect", "reply", "rejoin"),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(acts, fc.integer({ min: 0, max: 8 }), (script, keeps) => {
        const world = new World(keeps);
        const steady = new World(keeps);
        for (const peer of [world, steady]) {
          peer.send({ kind: "connected" });
          peer.deliverReplies();
        }
        for (const act of script) {
          if (act.startsWith("write")) {
            const changes = ledgerChanges(world.head, world.head + 1);
            world.head += 1;
            steady.head += 1;
            steady.send({ kind: "changes", changes });
            if (act !== "write-lost") world.send({ kind: "changes", changes });
            if (act === "write-twice") world.send({ kind: "changes", changes });
          } else if (act === "cut") {
            world.send({ kind: "disconnected" });
            world.dropReplies();
          } else if (act === "connect") world.send({ kind: "connected" });
          else if (act === "reply") world.deliverReplies();
          else world.send({ kind: "rejoin" });
        }
        world.settle();
        expect(world.state.status).toBe("live");
        expect(world.state.cursor).toBe(world.head);
        expect(world.state.view).toEqual(steady.state.view);
      }),
      { numRuns: 300 },
    );
  });

  it("joins with its cursor when a message is missing and keeps what came after the gap", () => {
    const world = new World(100);
    world.send({ kind: "connected" });
    world.deliverReplies();
    world.head = 3;
    world.send({ kind: "changes", changes: ledgerChanges(2, 3) });
    expect(world.state.status).toBe("joining");
    world.deliverReplies();
    expect(world.state.status).toBe("live");
    expect(world.state.view?.entries.map((line) => line.position)).toEqual([3, 2, 1]);
  });

  it("keeps the last view while cut and applies nothing to it", () => {
    const world = new World(100);
    world.send({ kind: "connected" });
    world.deliverReplies();
    world.head = 1;
    world.send({ kind: "changes", changes: ledgerChanges(0, 1) });
    world.send({ kind: "disconnected" });
    world.send({ kind: "changes", changes: ledgerChanges(1, 2) });
    expect(world.state.status).toBe("cut");
    expect(world.state.view?.entries).toHaveLength(1);
  });

  it("tells a refusal apart from a loss", () => {
    const step = stepFeed(ledgerModel, newFeed(), { kind: "joined", reply: { ok: false, code: "NOT_ALLOWED" } });
    expect(step).toMatchObject({ state: { status: "refused", refusal: "NOT_ALLOWED" }, join: null });
  });
});

describe("company rides", () => {
  it("puts new rides first and replaces a ride that was taken back", () => {
    const merged = mergeRides([ride(2), ride(1)], [ride(3), ride(4)]);
    expect(merged.map((line) => line.position)).toEqual([4, 3, 2, 1]);
    const after = mergeRides(merged, [ride(2, "t:2", true)]);
    expect(after).toHaveLength(4);
    expect(after.find((line) => line.rideKey === "t:2")?.reversed).toBe(true);
  });

  it("takes the totals of the server as they are", () => {
    const decided = { fareMinor: 1070, subsidyMinor: 535, riderPaysMinor: 535 };
    const totals = { rides: 1, refused: 0, reversed: 0, ...decided, ...STANDING };
    const view = companyModel.fromSnapshot({
      feed: "company",
      day: "2026-11-24",
      company: { id: "c", name: "C" },
      totals,
      rides: [ride(1)],
    });
    expect(view).not.toBeNull();
    if (!view) return;
    const next = companyModel.apply(view, {
      feed: "company",
      fromPosition: 1,
      toPosition: 2,
      rides: [ride(1, "t:1", true)],
      totals: { ...totals, rides: 0, reversed: 1 },
    });
    expect(next.totals).toMatchObject({ rides: 0, reversed: 1 });
    expect(next.rides).toHaveLength(1);
  });
});
