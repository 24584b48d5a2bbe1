import { describe, expect, it } from "vitest";
import { createCalendar } from "#domain/time/calendar.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { createRandom } from "../random.ts";
import { planTrips } from "./plan-trips.ts";
import { readTripRow, type TripRow } from "./trip-row.ts";
import { createTripTally, describeTotals } from "./trip-tally.ts";

const whole = {
  fare: "27.05",
  trip_start_timestamp: "1380593700",
  trip_seconds: "1380",
  trip_miles: "12.6",
  pickup_latitude: "41.836150155",
  pickup_longitude: "-87.648787952",
  dropoff_latitude: "",
  dropoff_longitude: "",
  company: "Example Cabs",
};

describe("a line of a trips file", () => {
  it("keeps money, times and places, and leaves gaps as gaps", () => {
    expect(readTripRow(whole, 7, 2)).toEqual({
      ok: true,
      value: {
        line: 7,
        startDay: 15_979,
        startSecond: 8_100,
        durationS: 1_380,
        fareMinor: 2_705,
        distanceM: 20_278,
        from: { latE6: 41_836_150, lngE6: -87_648_788 },
        to: null,
        company: "Example Cabs",
      },
    });
    expect(readTripRow({ ...whole, trip_miles: "0.0" }, 1, 2)).toMatchObject({ value: { distanceM: 0 } });
    expect(readTripRow({ ...whole, trip_miles: "" }, 1, 2)).toMatchObject({ value: { distanceM: null } });
  });

  it.each([
    [{ trip_seconds: "" }, "no-end-time"],
    [{ trip_start_timestamp: "" }, "no-start-time"],
    [{ fare: "" }, "no-fare"],
    [{ fare: "many" }, "unreadable-number"],
  ])("that cannot be driven says why", (change, reason) => {
    expect(readTripRow({ ...whole, ...change }, 1, 2)).toEqual({ ok: false, error: reason });
  });
});

describe("the plan of a trips file", () => {
  const calendar = createCalendar("America/Chicago", { month: 7, day: 1 }, zoneOffsetMinutes);
  const rows: TripRow[] = Array.from({ length: 600 }, (_, line) => ({
    line,
    startDay: 15_979 + Math.floor(line / 40),
    startSecond: (line % 10) * 900,
    durationS: 1_200,
    fareMinor: 1_000,
    distanceM: 3_000,
    from: null,
    to: null,
    company: line % 3 === 0 ? "Example Cabs" : line === 5 ? "A single owner" : "",
  }));
  const plan = planTrips(rows, calendar, createRandom("plan"));

  it("is the same for the same seed", () => {
    expect(planTrips(rows, calendar, createRandom("plan"))).toEqual(plan);
  });

  it("takes the file's times as local times of the city", () => {
    const first = plan.trips[0];
    expect(first && calendar.local(first.boardedAtMs)).toMatchObject({ day: 15_979, minute: 0 });
  });

  it("puts no cab and no person into two trips at once", () => {
    const until = new Map<string, number>();
    for (const trip of plan.trips) {
      for (const key of [trip.cab.vehicleId, trip.holder?.entitlementId ?? ""]) {
        if (key === "") continue;
        expect(trip.boardedAtMs).toBeGreaterThanOrEqual(until.get(key) ?? 0);
        until.set(key, trip.alightedAtMs);
      }
    }
  });

  it("names large firms only", () => {
    expect(plan.companies.map((company) => company.id)).toEqual(["example-cabs", "other"]);
  });
});

describe("the tally", () => {
  it("adds up", () => {
    const tally = createTripTally();
    tally.add({ kind: "recorded" });
    tally.add({ kind: "refused", code: "YEAR_LIMIT" });
    tally.add({ kind: "rejected", code: "no-end-time" });
    tally.add({ kind: "quarantined", code: "RIDE_TOO_LONG" });
    const totals = tally.totals();
    expect(totals).toEqual({
      rows: 4,
      recorded: 1,
      refused: { YEAR_LIMIT: 1 },
      quarantined: { RIDE_TOO_LONG: 1 },
      rejected: { "no-end-time": 1 },
    });
    expect(describeTotals(totals)).toMatch(/together +4\nrows of the file +4/);
  });
});
