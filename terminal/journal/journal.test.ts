import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SessionStory } from "#tests/kit/session-kit.ts";
import type { Ride } from "../session/state.ts";
import { cardKeys, ENTRY_LIFE_MS, openEntry, sealEntry } from "./card-entries.ts";
import { Journal } from "./journal.ts";
import { JournalError } from "./journal-error.ts";

let directory: string;
const file = () => join(directory, "journal.sqlite");
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "notte-journal-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A ride as the machine confirms it. */
function confirmedRide(rideId: string, change: Partial<Ride> = {}): Ride {
  const story = new SessionStory().board().lift().meter("hired", 500).meter("paying", 1070).recorded();
  const [effect] = story.done("confirm");
  if (!effect) throw new Error("no ride was confirmed");
  return { ...effect.ride, rideId, ...change };
}
const offlineRide = (rideId: string): Ride => confirmedRide(rideId, { status: null });
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof JournalError ? error.code : String(error);
  }
  return "none";
};

describe("the journal", () => {
  it("keeps the ride under way over a restart and forgets a ride without a card", () => {
    const journal = new Journal(file());
    const draft = confirmedRide("r1", { confirmedAtMs: null, amounts: null });
    journal.save(draft, 1);
    journal.save({ ...draft, departed: true }, 2);
    journal.close();
    const again = new Journal(file());
    expect(again.found()).toEqual({ ride: { ...draft, departed: true }, closed: null });
    again.drop("r1");
    expect(again.found().ride).toBeNull();
    again.close();
  });

  it("sends again what an earlier version parked because another ride had its id", () => {
    const journal = new Journal(file());
    for (const id of ["r1", "r2"]) journal.confirm(offlineRide(id), 1);
    const [first, second] = journal.outbox(2);
    journal.failed([first?.id ?? 0], "CONFLICT", { atMs: 2, park: true });
    journal.failed([second?.id ?? 0], "BAD_ID", { atMs: 2, park: true });
    journal.close();
    const older = new Database(file());
    older.pragma("user_version = 1");
    older.close();
    const again = new Journal(file());
    expect(again.outbox(5).map((item) => item.ride.rideId)).toEqual(["r1"]);
    expect(again.counts()).toMatchObject({ waiting: 2, parked: 1 });
    again.close();
  });

  it("never turns a confirmed ride back into a draft", () => {
    const journal = new Journal(":memory:");
    const ride = offlineRide("r1");
    journal.confirm(ride, 1);
    journal.save({ ...ride, amounts: null }, 2);
    journal.drop("r1");
    expect(journal.found().ride).toEqual(ride);
  });

  it("keeps apart what the server answered and what the passenger was told", () => {
    const journal = new Journal(":memory:");
    journal.confirm(offlineRide("r1"), 10);
    expect(journal.last()).toMatchObject({ confirmedAtMs: 10, toldAtMs: null, answeredAtMs: null });
    journal.told("r1", 11);
    journal.told("r1", 99);
    expect(journal.last()).toMatchObject({ toldAtMs: 11, answeredAtMs: null });
    const [item] = journal.outbox(10);
    journal.settle([{ id: item?.id ?? 0, answer: { status: "RECORDED", rideKey: "k", position: 7 } }], 12);
    expect(journal.last()).toMatchObject({ toldAtMs: 11, answeredAtMs: 12, answerStatus: "RECORDED" });
    expect(journal.outbox(10)).toEqual([]);
  });

  it("says things in order: a ride, then its reversal; one of each", () => {
    const journal = new Journal(":memory:");
    const ride = offlineRide("r1");
    journal.confirm(ride, 1);
    journal.reverse(ride, "UNDONE", 2);
    journal.reverse(ride, "UNDONE", 3);
    journal.confirm(offlineRide("r2"), 4);
    expect(journal.outbox(10).map(({ kind, ride: { rideId } }) => [kind, rideId])).toEqual([
      ["record", "r1"],
      ["reverse", "r1"],
      ["record", "r2"],
    ]);
  });

  it("tells only what was shown when the server answered before", () => {
    const journal = new Journal(":memory:");
    journal.confirm(confirmedRide("r1"), 1, { status: "RECORDED", rideKey: "k", position: 3 });
    expect(journal.outbox(10)).toMatchObject([{ kind: "present" }]);
    expect(journal.counts()).toMatchObject({ confirmed: 1, answered: 1, waiting: 0 });
  });

  it("counts rides, and takes reversed subsidies off", () => {
    const journal = new Journal(":memory:");
    journal.confirm(offlineRide("r1"), 1);
    journal.confirm(offlineRide("r2"), 2);
    expect(journal.counts()).toEqual({
      confirmed: 2,
      answered: 0,
      waiting: 2,
      parked: 0,
      outbox: 2,
      subsidyMinor: 1070,
    });
    journal.reverse(offlineRide("r1"), "UNDONE", 3);
    expect(journal.counts()).toMatchObject({ confirmed: 2, subsidyMinor: 535 });
    const [first] = journal.outbox(1);
    journal.failed([first?.id ?? 0], "BAD_REQUEST", { atMs: 4, park: true });
    expect(journal.counts()).toMatchObject({ parked: 1, waiting: 2 });
    expect(journal.outbox(10).map(({ kind }) => kind)).toEqual(["record", "reverse"]);
  });

  it("finds the last paid ride for undoing, until it is undone", () => {
    const journal = new Journal(":memory:");
    const ride = confirmedRide("r1");
    journal.confirm(ride, 1);
    expect(journal.found().ride).toEqual(ride);
    journal.paid("r1", 5);
    expect(journal.found()).toEqual({ ride: null, closed: { ride, closedAtMs: 5 } });
    journal.reverse(ride, "UNDONE", 6);
    expect(journal.found()).toEqual({ ride: null, closed: null });
  });

  it("numbers the rides written down by hand", () => {
    const journal = new Journal(":memory:");
    expect(journal.noteByHand({ ...offlineRide("r1"), byHand: "card" })).toBe(1);
    expect(journal.noteByHand({ ...offlineRide("r2"), byHand: "reader" })).toBe(2);
  });

  it("one process at a time", () => {
    const journal = new Journal(file());
    expect(codeOf(() => new Journal(file()))).toBe("LOCKED");
    journal.close();
  });

  it("says that it is damaged", () => {
    writeFileSync(file(), "this was a journal once, before the disk went bad".repeat(100));
    expect(codeOf(() => new Journal(file()))).toBe("CORRUPT");
  });

  it("says that the disk is full, and nothing is half written", () => {
    const journal = new Journal(file(), 40);
    journal.confirm(offlineRide("r1"), 1);
    const long = offlineRide("r2");
    const code = codeOf(() => {
      for (let number = 0; number < 200; number += 1) journal.confirm({ ...long, rideId: `full-${number}` }, 2);
    });
    expect(code).toBe("DISK_FULL");
    const rides = journal.rides(1_000);
    expect(journal.outbox(1_000)).toHaveLength(rides.length);
    journal.close();
  });
});

describe("a card's entry", () => {
  const salt = new Uint8Array(32).fill(7);
  const card = new TextEncoder().encode("the bytes of a certificate");
  const standing = {
    source: "server",
    asOfMs: 1_000,
    usable: true,
    refusal: null,
    holdId: "h",
    limits: [
      { unit: "uses", per: "day", amount: 2, left: 2 },
      { unit: "uses", per: "fiscal-year", amount: 70, left: 52 },
    ],
    usableUntil: "2027-03-31",
    capMinor: 1000,
  } as const;

  it("opens with the card present and with no other", () => {
    const keys = cardKeys(card, salt);
    const sealed = sealEntry(keys, standing);
    expect(openEntry(keys, sealed)).toMatchObject({ asOfMs: 1_000, limits: standing.limits });
    const other = cardKeys(new TextEncoder().encode("another"), salt);
    expect(openEntry({ ...other, tag: keys.tag }, sealed)).toBeNull();
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    expect(openEntry(keys, sealed)).toBeNull();
    expect(openEntry(keys, new Uint8Array(5))).toBeNull();
  });

  it("is another on another terminal", () => {
    expect(cardKeys(card, salt).tag).not.toBe(cardKeys(card, new Uint8Array(32).fill(8)).tag);
  });

  it("loses what this cab granted since, and expires", () => {
    const journal = new Journal(":memory:");
    const keys = cardKeys(card, salt);
    journal.cards.keep(keys.tag, sealEntry(keys, standing), { nowMs: 1_000, expiresAtMs: 1_000 + ENTRY_LIFE_MS });
    const ride = offlineRide("r1");
    const touches = ride.touches.map((touch) => ({ ...touch, cardTag: keys.tag }));
    const amounts = ride.amounts && { ...ride.amounts, offline: true };
    journal.confirm({ ...ride, touches, amounts }, 2_000);
    const known = journal.cards.knownOf(keys, 3_000);
    expect(known.entry?.limits.map((limit) => limit.left)).toEqual([1, 51]);
    expect(known.offlineUses).toBe(1);
    journal.reverse({ ...ride, touches }, "UNDONE", 4_000);
    expect(journal.cards.knownOf(keys, 4_500).entry?.limits.map((limit) => limit.left)).toEqual([2, 52]);
    expect(journal.cards.knownOf(keys, 1_000 + ENTRY_LIFE_MS).entry).toBeNull();
  });
});
