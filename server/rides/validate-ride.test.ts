import { describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { createCalendar } from "#domain/time/calendar.ts";
import { dayNumber } from "#domain/time/local.ts";
import type { OpenRide, RiderSubmission, RideSubmission } from "./ride-service.ts";
import { type ValidationContext, validateRide, validateTouch } from "./validate-ride.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 3, 0);
const MINUTE_MS = 60_000;

const context = (change: Partial<ValidationContext> = {}): ValidationContext => ({
  city: {
    absurdFareMinor: 60_000,
    absurdRideMinutes: 480,
    ledgerOpensOnDay: dayNumber(2021, 1, 1),
  } as ValidationContext["city"],
  calendar: createCalendar("Asia/Tokyo", { month: 4, day: 1 }, () => 540),
  nowMs: NOW_MS,
  terminalKind: "cab",
  ownVehicleId: asId("v-1"),
  isKnownVehicle: (id) => id === "v-2",
  ...change,
});

const hold: RiderSubmission = { reference: { kind: "hold", holdId: asId("h-1") }, usesChosen: 1 };
const GOOD: RideSubmission = {
  rideId: asId("r-1"),
  vehicleId: null,
  boardedAtMs: NOW_MS - 20 * MINUTE_MS,
  alightedAtMs: NOW_MS - MINUTE_MS,
  distanceM: 3_000,
  components: [{ kind: "meter", amountMinor: minor(1_200) }],
  riders: [hold],
  erasable: {
    salt: new Uint8Array(16),
    boarding: { latE6: 36_389_000, lngE6: 139_063_000 },
    alighting: null,
    purpose: null,
  },
  presented: { shownAtMs: NOW_MS, offline: true, subsidyMinor: minor(600), riderPaysMinor: minor(600) },
};
const rider = (change: Partial<RiderSubmission>): RiderSubmission => ({ ...hold, ...change });
const meter = (...amounts: number[]): Partial<RideSubmission> => ({
  components: amounts.map((amount) => ({
    kind: "meter",
    amountMinor: amount as (typeof GOOD.components)[0]["amountMinor"],
  })),
  presented: null,
});
const place = (latE6: number, lngE6: number): Partial<RideSubmission> => ({
  erasable: { ...GOOD.erasable, alighting: { latE6, lngE6 } },
});

describe("validateRide", () => {
  it("takes a good ride, also at every border", () => {
    expect(validateRide(GOOD, context())).toBeNull();
    for (const change of [
      { alightedAtMs: NOW_MS + 5 * MINUTE_MS },
      { boardedAtMs: NOW_MS - 480 * MINUTE_MS, alightedAtMs: NOW_MS },
      { boardedAtMs: GOOD.alightedAtMs },
      { distanceM: 0 },
      { distanceM: null },
      { vehicleId: asId<NonNullable<RideSubmission["vehicleId"]>>("v-1") },
      { riders: [hold, hold, hold, hold] },
      meter(60_000),
      meter(0),
      place(-90_000_000, 180_000_000),
      { boardedAtMs: Date.UTC(2020, 11, 31, 15, 0), alightedAtMs: Date.UTC(2020, 11, 31, 15, 1) },
    ] satisfies Partial<RideSubmission>[]) {
      expect(validateRide({ ...GOOD, ...change }, context())).toBeNull();
    }
  });

  const evidence = (size: number): RiderSubmission["reference"] => ({ kind: "evidence", sealed: new Uint8Array(size) });
  const presented = (subsidy: number, pays: number): Partial<RideSubmission> => ({
    presented: { ...GOOD.presented, subsidyMinor: subsidy, riderPaysMinor: pays } as RideSubmission["presented"],
  });
  const discount = { kind: "company-discount", amountMinor: minor(1_300) } as const;
  it.each<[string, string | null, Partial<RideSubmission>]>([
    ["BAD_ID", "rideId", { rideId: asId("") }],
    ["BAD_ID", "rideId", { rideId: asId("a b") }],
    ["BAD_ID", "rideId", { rideId: asId("x".repeat(65)) }],
    ["VEHICLE_NOT_OF_TERMINAL", "vehicleId", { vehicleId: asId("v-2") }],
    ["TIME_OUT_OF_RANGE", "boardedAt", { boardedAtMs: 0 }],
    ["TIME_OUT_OF_RANGE", "boardedAt", { boardedAtMs: Number.NaN }],
    ["TIME_OUT_OF_RANGE", "boardedAt", { boardedAtMs: Date.UTC(2020, 11, 31, 14, 59) }],
    ["TIME_OUT_OF_RANGE", "alightedAt", { alightedAtMs: NOW_MS + 5 * MINUTE_MS + 1 }],
    ["TIME_OUT_OF_RANGE", "alightedAt", { alightedAtMs: Number.MAX_SAFE_INTEGER }],
    ["TIME_ORDER", "alightedAt", { alightedAtMs: GOOD.boardedAtMs - 1 }],
    ["RIDE_TOO_LONG", "alightedAt", { boardedAtMs: GOOD.alightedAtMs - 480 * MINUTE_MS - 1 }],
    ["DISTANCE_OUT_OF_RANGE", "distanceM", { distanceM: -1 }],
    ["DISTANCE_OUT_OF_RANGE", "distanceM", { distanceM: 1.5 }],
    ["DISTANCE_OUT_OF_RANGE", "distanceM", { distanceM: 2_000_001 }],
    ["FARE_ABSURD", "components", { components: [] }],
    ["FARE_NEGATIVE", "components.1.amountMinor", meter(500, -1)],
    ["FARE_NEGATIVE", "components.0.amountMinor", meter(Number.NaN)],
    ["FARE_ABSURD", "components.0.amountMinor", meter(60_001)],
    ["FARE_ABSURD", "components.0.amountMinor", meter(10.5)],
    ["FARE_ABSURD", "components", meter(40_000, 40_000)],
    ["FARE_NEGATIVE", "components", { components: [...GOOD.components, discount] }],
    ["NO_RIDERS", "riders", { riders: [] }],
    ["TOO_MANY_RIDERS", "riders", { riders: [hold, hold, hold, hold, hold] }],
    ["RIDER_REFERENCE", "riders.1", { riders: [hold, rider({ reference: { kind: "invalid" } })] }],
    ["RIDER_REFERENCE", "riders.0.usesChosen", { riders: [rider({ usesChosen: 0 })] }],
    ["RIDER_REFERENCE", "riders.0.usesChosen", { riders: [rider({ usesChosen: 11 })] }],
    [
      "RIDER_REFERENCE",
      "riders.0.credentialId",
      { riders: [rider({ reference: { kind: "credential", credentialId: asId("c") } })] },
    ],
    ["BAD_ID", "riders.0.holdId", { riders: [rider({ reference: { kind: "hold", holdId: asId("?") } })] }],
    ["EVIDENCE_UNREADABLE", "riders.0.sealedEvidence", { riders: [rider({ reference: evidence(0) })] }],
    ["EVIDENCE_UNREADABLE", "riders.0.sealedEvidence", { riders: [rider({ reference: evidence(8_193) })] }],
    ["SALT_TOO_SHORT", "erasable.salt", { erasable: { ...GOOD.erasable, salt: new Uint8Array(15) } }],
    ["SALT_TOO_SHORT", "erasable.salt", { erasable: { ...GOOD.erasable, salt: new Uint8Array(65) } }],
    ["PLACE_OUT_OF_RANGE", "erasable.alighting", place(90_000_001, 0)],
    ["PLACE_OUT_OF_RANGE", "erasable.alighting", place(0, 180_000_001)],
    ["PLACE_OUT_OF_RANGE", "erasable.alighting", place(0.5, 0)],
    ["PRESENTED_MISMATCH", "presented", presented(600, 601)],
    ["PRESENTED_MISMATCH", "presented", presented(-100, 1_300)],
    ["PRESENTED_MISMATCH", "presented", presented(599.5, 600.5)],
  ])("answers %s at %s", (code, path, change) => {
    expect(validateRide({ ...GOOD, ...change }, context())).toMatchObject({ code, path });
  });

  it("knows vehicles by the terminal's kind", () => {
    const migration = { terminalKind: "migration", ownVehicleId: null } as const;
    const credential = { riders: [rider({ reference: { kind: "credential", credentialId: asId("c") } })] };
    const ride = { ...GOOD, ...credential };
    expect(validateRide({ ...ride, vehicleId: asId("v-2") }, context(migration))).toBeNull();
    expect(validateRide({ ...ride, vehicleId: asId("v-9") }, context(migration))?.code).toBe("UNKNOWN_VEHICLE");
    expect(validateRide(ride, context(migration))?.code).toBe("UNKNOWN_VEHICLE");
    expect(validateRide(GOOD, context({ ownVehicleId: null }))?.code).toBe("UNKNOWN_VEHICLE");
    const badId = [rider({ reference: { kind: "credential", credentialId: asId("/") } })];
    const wrong = validateRide({ ...ride, vehicleId: asId("v-2"), riders: badId }, context(migration));
    expect(wrong).toMatchObject({ code: "BAD_ID", path: "riders.0.credentialId" });
  });
});

describe("validateTouch", () => {
  const TOUCH: OpenRide = {
    rideId: asId("r-1"),
    touchId: asId("t-1"),
    touchedAtMs: NOW_MS,
    boardedAtMs: NOW_MS,
    sealedEvidence: new Uint8Array(200),
    place: null,
    companions: [asId("t-0")],
    usesChosen: 1,
  };

  it("takes a good touch", () => {
    expect(validateTouch(TOUCH, context())).toBeNull();
  });

  it.each<[string, string, Partial<OpenRide>]>([
    ["BAD_ID", "rideId", { rideId: asId("") }],
    ["BAD_ID", "touchId", { touchId: asId("*") }],
    ["BAD_ID", "companions.0", { companions: [asId("*")] }],
    ["TOO_MANY_RIDERS", "companions", { companions: ["a", "b", "c", "d"].map((id) => asId(id)) }],
    ["TIME_OUT_OF_RANGE", "touchedAt", { touchedAtMs: NOW_MS + 6 * MINUTE_MS }],
    ["TIME_OUT_OF_RANGE", "boardedAt", { boardedAtMs: -1 }],
    ["EVIDENCE_UNREADABLE", "sealedEvidence", { sealedEvidence: new Uint8Array() }],
    ["RIDER_REFERENCE", "usesChosen", { usesChosen: 1.5 }],
    ["PLACE_OUT_OF_RANGE", "place", { place: { latE6: 99_000_000, lngE6: 0 } }],
  ])("answers %s at %s", (code, path, change) => {
    expect(validateTouch({ ...TOUCH, ...change }, context())).toMatchObject({ code, path });
  });

  it("needs a cab", () => {
    expect(validateTouch(TOUCH, context({ ownVehicleId: null }))?.code).toBe("UNKNOWN_VEHICLE");
  });
});
