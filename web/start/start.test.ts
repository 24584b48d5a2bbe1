import { describe, expect, it } from "vitest";
import { signalStep } from "./signal-step.ts";
import { cabPrefix, type TallyEntry, tally, tallyBase } from "./tally.ts";

const journal = (confirmed: number, waiting: number, subsidyMinor: number) => ({
  confirmed,
  answered: confirmed - waiting,
  waiting,
  subsidyMinor,
});

const ride = (position: number, rideKey: string, subsidyMinor: number): TallyEntry => ({
  position,
  rideKey,
  type: subsidyMinor === 0 ? "ride.refused" : "ride.recorded",
  postings: [
    { account: "city-subsidy", amountMinor: subsidyMinor },
    { account: "rider-payments", amountMinor: 1070 - subsidyMinor },
    { account: "company-fare", amountMinor: -1070 },
  ],
});

describe("the second step", () => {
  const up = { network: "up" as const, script: null, journal: journal(1, 0, 535) };
  const script = { person: "all-well" as const, step: "driving" as const };

  it("follows the cab from the cut to the agreeing totals", () => {
    expect(signalStep(null, false, false)).toBe("ready");
    expect(signalStep(up, false, false)).toBe("ready");
    expect(signalStep({ ...up, network: "cut" }, true, true)).toBe("cutting");
    expect(signalStep({ ...up, network: "cut", script }, true, false)).toBe("cutting");
    expect(signalStep({ ...up, network: "cut", journal: journal(2, 1, 1070) }, true, false)).toBe("offline");
    expect(signalStep({ ...up, journal: journal(2, 1, 1070) }, true, false)).toBe("syncing");
    expect(signalStep({ ...up, journal: journal(2, 0, 1070) }, true, false)).toBe("done");
  });

  it("offers to restore a signal that was cut before the page was loaded", () => {
    expect(signalStep({ ...up, network: "cut" }, false, false)).toBe("offline");
  });
});

describe("the cab's journal beside the ledger", () => {
  const before = [ride(10, "cab-1:old", 300)];

  it("begins only when nothing waits", () => {
    expect(tallyBase({ journal: journal(3, 1, 900) }, before)).toBeNull();
    expect(tallyBase({ journal: journal(3, 0, 900) }, before)).toEqual({
      journal: { rides: 3, subsidyMinor: 900 },
      position: 10,
    });
  });

  it("finds the cab's rides by its last one, and keeps knowing them while the next waits in the cab", () => {
    const rides = [ride(13, "cab-1:new", 535), ride(12, "cab-2:other", 400), ...before];
    const known = cabPrefix({ lastRide: { tag: "7K2", rideId: "new", synced: true } }, rides, null);
    expect(known).toBe("cab-1:");
    expect(cabPrefix({ lastRide: { tag: "M4P", rideId: "newer", synced: false } }, rides, known)).toBe("cab-1:");
    expect(cabPrefix({ lastRide: null }, rides, null)).toBeNull();
  });

  it("counts the same rides on both sides and no other cab's", () => {
    const base = { journal: { rides: 3, subsidyMinor: 900 }, position: 10 };
    const rides = [ride(13, "cab-1:new", 535), ride(12, "cab-2:new2", 400), ...before];
    expect(tally({ journal: journal(4, 0, 1435) }, rides, { base, cab: "cab-1:" })).toEqual({
      journal: { rides: 1, subsidyMinor: 535 },
      ledger: { rides: 1, subsidyMinor: 535 },
      waiting: 0,
      agree: true,
    });
  });

  it("counts what the passenger was shown where the ledger decided another amount", () => {
    const base = { journal: { rides: 3, subsidyMinor: 900 }, position: 10 };
    const entries: TallyEntry[] = [
      { position: 13, rideKey: "cab-1:new", type: "touch.held", postings: [] },
      {
        position: 12,
        rideKey: "cab-1:new",
        type: "ride.refused",
        postings: [
          { account: "difference-city", amountMinor: 535 },
          { account: "rider-payments", amountMinor: 535 },
          { account: "company-fare", amountMinor: -1070 },
        ],
      },
    ];
    const view = tally({ journal: journal(4, 0, 1435) }, entries, { base, cab: "cab-1:" });
    expect(view).toMatchObject({ ledger: { rides: 1, subsidyMinor: 535 }, agree: true });
  });

  it("does not agree while a ride waits or an amount differs", () => {
    const base = { journal: { rides: 3, subsidyMinor: 900 }, position: 10 };
    const since = { base, cab: "cab-1:" };
    expect(tally({ journal: journal(4, 1, 1435) }, before, since)).toMatchObject({
      ledger: { rides: 0 },
      agree: false,
    });
    const shown = [ride(13, "cab-1:new", 500), ...before];
    expect(tally({ journal: journal(4, 0, 1435) }, shown, since).agree).toBe(false);
  });
});
