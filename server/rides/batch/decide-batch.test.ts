import { describe, expect, it } from "vitest";
import { asId, type EntitlementId, type HoldId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { ok } from "#domain/result.ts";
import { smallCity } from "#tests/kit/small-city.ts";
import { createRideContext } from "../ride-context.ts";
import type { RideBody, TouchBody } from "../ride-events.ts";
import { Batch } from "./batch.ts";
import { decideBatch } from "./decide-batch.ts";
import { type Loaded, type LoadedCredential, type LoadedHold, tokenKey } from "./loaded.ts";
import type { OpenOperation, PreparedRider, ReadCard, RecordOperation } from "./operation.ts";
import { type Usage, UsageBook } from "./usage-book.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 3, 0);
const MINUTE_MS = 60_000;
const context = createRideContext(smallCity());
const today = context.calendar.local(NOW_MS);

function usageOf(entitlementId: string, uses = 0, heldUses = 0): readonly Usage[] {
  const base = { entitlementId: asId<EntitlementId>(entitlementId), uses, heldUses, moneyMinor: 0, isChanged: false };
  return [
    { ...base, kind: "day", key: today.day, isNew: false },
    { ...base, kind: "fiscal-year", key: today.fiscalYear, isNew: false },
  ];
}

function tokenBytes(person: string): Uint8Array {
  return Buffer.from(person);
}

function cardOf(person: string): ReadCard {
  return { token: { bytes: tokenBytes(person), keyVersion: 1 }, assurance: "identified", state: "good" };
}

function credentialOf(person: string, change: Partial<LoadedCredential> = {}): [string, LoadedCredential] {
  const credential: LoadedCredential = {
    credentialId: asId(`c-${person}`),
    state: "good",
    goodUntilDay: null,
    entitlementId: asId(person),
    schemeId: "half",
    validFromDay: 0,
    validToDay: 40_000,
    ...change,
  };
  return [tokenKey(1, tokenBytes(person)), credential];
}

function holdOf(rideKey: string, person: string): LoadedHold {
  return {
    holdId: asId<HoldId>(`h-${rideKey}`),
    rideKey,
    entitlementId: asId(person),
    credentialId: asId(`c-${person}`),
    validFromDay: 0,
    validToDay: 40_000,
    assurance: "identified",
    uses: 1,
    expiresAtMs: NOW_MS + MINUTE_MS,
    at: today,
    state: "placed",
  };
}

function loaded(change: Partial<Loaded> = {}): Loaded {
  const none = new Map<never, never>();
  return {
    rides: none,
    quarantined: none,
    cancelled: none,
    opened: none,
    holds: none,
    holdsOfRide: none,
    foreignHolds: new Set(),
    touches: none,
    credentialsById: none,
    credentialsByToken: new Map(["anna", "ben"].map((person) => credentialOf(person))),
    usage: new UsageBook([...usageOf("anna"), ...usageOf("ben")]),
    overlapping: new Set(),
    personKey: (entitlement) => `person of ${entitlement}`,
    ...change,
  };
}

function identity(id: string): Pick<RecordOperation, "rideKey" | "rideId" | "tag" | "terminalId"> {
  return { rideKey: `cab:${id}`, rideId: asId(id), tag: "ABC", terminalId: asId("cab") };
}

function record(id: string, riders: readonly PreparedRider[], change: Partial<RecordOperation> = {}): RecordOperation {
  const components = [{ kind: "meter", amountMinor: minor(1_500) }] as const;
  const boardedAtMs = NOW_MS - 20 * MINUTE_MS;
  return {
    kind: "record",
    ...identity(id),
    factsHash: Buffer.from(id),
    commitment: "c0",
    erasable: { salt: new Uint8Array(16), boarding: null, alighting: null, purpose: "care" },
    presented: null,
    ride: ok({
      vehicleId: asId("v-1"),
      companyId: asId("company"),
      boarding: context.end(boardedAtMs, { latE6: 36_040_000, lngE6: 139_010_000 }),
      alighting: context.end(NOW_MS, null),
      distanceM: 4_000,
      components,
      riders,
    }),
    named: riders,
    received: {
      vehicleId: null,
      companyId: null,
      boardedAtMs,
      alightedAtMs: NOW_MS,
      distanceM: null,
      components,
      riderCount: riders.length,
    },
    ...change,
  };
}

const byCard = (person: string, usesChosen = 1): PreparedRider => ({ kind: "card", card: cardOf(person), usesChosen });

function open(id: string, person: string, change: Partial<OpenOperation> = {}): OpenOperation {
  return {
    kind: "open",
    ...identity(id),
    touchId: asId(`t-${id}-${person}`),
    factsHash: Buffer.from(id),
    vehicleId: asId("v-1"),
    companyId: null,
    boarding: context.end(NOW_MS, null),
    card: cardOf(person),
    companions: [],
    usesChosen: 1,
    newHoldId: asId(`h-${id}`),
    ...change,
  };
}

describe("a batch of rides", () => {
  it("counts in order: what one ride uses the next one misses", () => {
    const batch = new Batch(context, loaded(), NOW_MS);
    const settled = decideBatch(
      batch,
      ["1", "2", "3", "4"].map((id) => record(id, [byCard("anna")])),
    );
    expect(settled.map(({ result }) => (result as { status: string }).status)).toEqual([
      "RECORDED",
      "RECORDED",
      "RECORDED",
      "REFUSED",
    ]);
    expect(settled.map(({ event }) => event)).toEqual([1, 2, 3, 4]);
    expect(batch.loaded.usage.changed().map(({ kind, uses, moneyMinor }) => [kind, uses, moneyMinor])).toEqual([
      ["day", 3, 2_250],
      ["fiscal-year", 3, 2_250],
    ]);
  });

  it("writes for every event postings that balance, and nothing personal into the log", () => {
    const batch = new Batch(context, loaded(), NOW_MS);
    decideBatch(batch, [
      record("1", [byCard("anna"), byCard("ben")]),
      record("2", [byCard("nobody")]),
      open("3", "anna"),
      open("4", "nobody"),
    ]);
    const { events, postings, rides } = batch.writes;
    expect(events.map((event) => event.type)).toEqual(["ride.recorded", "ride.refused", "touch.held", "touch.refused"]);
    for (const event of [1, 2]) {
      const of = postings.filter((posting) => posting.event === event);
      expect(of.length).toBeGreaterThan(1);
      expect(of.reduce((total, posting) => total + posting.amountMinor, 0)).toBe(0);
    }
    const log = JSON.stringify(events);
    for (const secret of ["36040000", "139010000", "care", '"anna"', "c-anna", Buffer.from("anna").toString("hex")]) {
      expect(log).not.toContain(secret);
    }
    expect(events[0]?.body).toMatchObject({
      riders: [{ person: "person of anna" }, { person: "person of ben" }],
      boarding: { inArea: true, zone: "north" },
    });
    expect(rides.map((ride) => ride.riders.length)).toEqual([2, 0]);
  });

  it("turns a hold into a use, and ends the holds of riders left behind", () => {
    const mine = holdOf("cab:1", "anna");
    const left = { ...holdOf("cab:1", "ben"), holdId: asId<HoldId>("h-left") };
    const batch = new Batch(
      context,
      loaded({
        holds: new Map([mine, left].map((hold) => [hold.holdId, hold])),
        holdsOfRide: new Map([["cab:1", [mine, left]]]),
        usage: new UsageBook([...usageOf("anna", 2, 1), ...usageOf("ben", 0, 1)]),
      }),
      NOW_MS,
    );
    const [settled] = decideBatch(batch, [record("1", [{ kind: "hold", holdId: mine.holdId, usesChosen: 1 }])]);
    expect(settled?.result).toMatchObject({ status: "RECORDED" });
    expect(batch.writes.endedHolds.map((hold) => hold.state)).toEqual(["consumed", "consumed"]);
    expect(batch.loaded.usage.changed().map(({ uses, heldUses }) => [uses, heldUses])).toEqual([
      [3, 0],
      [3, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("marks overlaps within the batch, once the spans really meet", () => {
    const batch = new Batch(context, loaded(), NOW_MS);
    const later = (operation: RecordOperation, minutes: number): RecordOperation => {
      if (!operation.ride.ok) return operation;
      const { boarding, alighting, ...rest } = operation.ride.value;
      const shift = {
        boarding: { ...boarding, atMs: boarding.atMs + minutes * MINUTE_MS },
        alighting: { ...alighting, atMs: alighting.atMs + minutes * MINUTE_MS },
      };
      return { ...operation, ride: ok({ ...rest, ...shift }) };
    };
    decideBatch(batch, [
      record("1", [byCard("anna")]),
      later(record("2", [byCard("ben")]), 19),
      later(record("3", [byCard("anna")]), 40),
    ]);
    expect(batch.writes.events.map((event) => (event.body as RideBody).marks)).toEqual([[], ["vehicle-overlap"], []]);
  });

  it.each([
    ["stopped", { state: "stopped" }, "CARD_STOPPED"],
    ["past its good days", { goodUntilDay: today.day - 1 }, "CARD_NEEDS_RENEWAL"],
    ["of another scheme", { schemeId: "other" }, "NOT_REGISTERED"],
    ["not yet valid", { validFromDay: today.day + 1 }, "NOT_YET_VALID"],
    ["expired", { validToDay: today.day - 1 }, "ENTITLEMENT_EXPIRED"],
  ] as const)("refuses a card that is %s", (_word, change, refusal) => {
    const credentialsByToken = new Map([credentialOf("anna", change as Partial<LoadedCredential>)]);
    const batch = new Batch(context, loaded({ credentialsByToken }), NOW_MS);
    const [ride, touch] = decideBatch(batch, [record("1", [byCard("anna")]), open("2", "anna")]);
    expect(ride?.result).toMatchObject({ status: "REFUSED", decision: { riders: [{ refusal }] } });
    expect(touch?.result).toMatchObject({ usable: false, refusal, holdId: null });
  });
});

describe("a touch", () => {
  it("holds uses and tells what is left without it", () => {
    const batch = new Batch(context, loaded({ usage: new UsageBook(usageOf("anna", 1, 1)) }), NOW_MS);
    const [settled] = decideBatch(batch, [open("1", "anna", { usesChosen: 2 })]);
    expect(settled?.result).toMatchObject({ usable: true, capMinor: 1_000, holdExpiresAtMs: NOW_MS + 240 * MINUTE_MS });
    const [event] = batch.writes.events;
    expect(event?.body as TouchBody).toMatchObject({ uses: 1, limits: [{ left: 1 }, { left: 3 }] });
    expect(batch.loaded.usage.changed().map((usage) => usage.heldUses)).toEqual([2, 2]);
  });

  it("of a person already aboard is refused, by hold or by the companions named", () => {
    const aboard = holdOf("cab:1", "anna");
    const held = loaded({ holds: new Map([[aboard.holdId, aboard]]), holdsOfRide: new Map([["cab:1", [aboard]]]) });
    const [byHold] = decideBatch(new Batch(context, held, NOW_MS), [open("1", "anna")]);
    expect(byHold?.result).toMatchObject({ refusal: "SAME_PERSON_TWICE" });
    const touch = {
      rideKey: "cab:1",
      factsHash: Buffer.from("x"),
      entitlementId: asId<EntitlementId>("anna"),
      body: null,
    };
    const named = loaded({ touches: new Map([["cab:t-0", touch]]) });
    const [byTouch] = decideBatch(new Batch(context, named, NOW_MS), [
      open("1", "anna", { companions: [asId("t-0")] }),
    ]);
    expect(byTouch?.result).toMatchObject({ refusal: "SAME_PERSON_TWICE" });
  });
});
