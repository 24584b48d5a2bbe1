import { describe, expect, it } from "vitest";
import { dayNumber, weekday } from "#domain/time/local.ts";
import { loadCityModel } from "../city/city-model.ts";
import type { RideInput } from "../generated/graphql.ts";
import { createRandom } from "../random.ts";
import { createRideBook } from "./day-rides.ts";
import { seedHistory } from "./seed-history.ts";

const city = loadCityModel("cities", "maebashi");
const book = createRideBook(city, createRandom(1));
const FIRST_DAY = dayNumber(2026, 5, 11);
const DAYS = 28;
const days = Array.from({ length: DAYS }, (_, index) => FIRST_DAY + index);
const rides = days.flatMap((day) => book.ridesOn(day));

const share = (of: (ride: RideInput) => boolean): number => rides.filter(of).length / rides.length;
const minuteOf = (ride: RideInput): number => city.calendar.local(ride.boardedAt).minute;
const quantile = (numbers: readonly number[], at: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(at * (numbers.length - 1))] ?? 0;
const distances = rides.map((ride) => ride.distanceM ?? 0);
const meters = rides.map((ride) => ride.components[0]?.amountMinor ?? 0);

describe("the ride book of a city", () => {
  it("is the same for the same seed, day by day and in any order", () => {
    const again = createRideBook(city, createRandom(1));
    const text = (from: typeof book, day: number): string => JSON.stringify(from.ridesOn(day));
    for (const day of [FIRST_DAY + 3, FIRST_DAY]) expect(text(again, day) === text(book, day)).toBe(true);
    expect(text(createRideBook(city, createRandom(2)), FIRST_DAY) === text(book, FIRST_DAY)).toBe(false);
  });

  it("counts a day without making it", () => {
    for (const day of days.slice(0, 7)) expect(book.countOn(day)).toBe(book.ridesOn(day).length);
  });

  it("has about 25,000 rides a month, fewest on Sundays", () => {
    expect((rides.length / DAYS) * 30.44).toBeGreaterThan(23_000);
    expect((rides.length / DAYS) * 30.44).toBeLessThan(27_000);
    const sunday = days.find((day) => weekday(day) === 6) as number;
    const monday = days.find((day) => weekday(day) === 0) as number;
    expect(book.countOn(sunday)).toBeLessThan(book.countOn(monday) / 2);
  });

  it("starts rides at the given hours", () => {
    const wanted = [4, 11, 15, 15, 13, 9, 8, 9, 7, 5, 4];
    for (const [index, percent] of wanted.entries()) {
      const hour = 7 + index;
      const found = 100 * share((ride) => Math.floor(minuteOf(ride) / 60) === hour);
      expect(Math.abs(found - percent), `${hour}:00`).toBeLessThan(1.5);
    }
  });

  it("has distances and fares as people know them", () => {
    expect(quantile(distances, 0.5)).toBeGreaterThan(2_700);
    expect(quantile(distances, 0.5)).toBeLessThan(3_700);
    expect(quantile(distances, 0.9)).toBeLessThan(13_000);
    expect(Math.max(...distances)).toBeLessThan(60_000);
    expect(quantile(meters, 0.5)).toBeGreaterThanOrEqual(1_100);
    expect(quantile(meters, 0.5)).toBeLessThanOrEqual(1_600);
    expect(Math.min(...meters)).toBe(600);
    const minutes = rides.map((ride) => (ride.alightedAt - ride.boardedAt) / 60_000);
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...minutes)).toBeLessThan(180);
  });

  it("holds what a scheme refuses: before and after hours, outside the city, a third ride of the day", () => {
    expect(share((ride) => minuteOf(ride) < 7 * 60)).toBeGreaterThan(0);
    expect(share((ride) => minuteOf(ride) > 18 * 60)).toBeGreaterThan(0.003);
    const outside = ({ erasable: { boarding, alighting } }: RideInput): boolean =>
      !!boarding && !!alighting && !city.isInArea(boarding) && !city.isInArea(alighting);
    expect(share(outside)).toBeGreaterThan(0);
    const perDay = new Map<string, number>();
    for (const ride of book.ridesOn(FIRST_DAY)) {
      for (const { credentialId } of ride.riders) {
        perDay.set(credentialId ?? "", (perDay.get(credentialId ?? "") ?? 0) + 1);
      }
    }
    expect(Math.max(...perDay.values())).toBeGreaterThan(2);
  });

  it("shares some rides among two to four registrants, each once", () => {
    expect(share((ride) => ride.riders.length > 1)).toBeGreaterThan(0.03);
    expect(share((ride) => ride.riders.length > 4)).toBe(0);
    const people = ({ riders }: RideInput): number => new Set(riders.map((rider) => rider.credentialId)).size;
    expect(rides.filter((ride) => people(ride) !== ride.riders.length)).toEqual([]);
  });

  it("never puts a person or a cab in two rides at once, and orders rides by their end", () => {
    for (const day of days.slice(0, 5)) {
      const until = new Map<string, number>();
      const byStart = book.ridesOn(day).toSorted((a, b) => a.boardedAt - b.boardedAt);
      const clashes = byStart.filter((ride) => {
        const keys = [ride.vehicleId ?? "", ...ride.riders.map((rider) => rider.credentialId ?? "")];
        const clash = keys.some((key) => ride.boardedAt < (until.get(key) ?? 0));
        for (const key of keys) until.set(key, ride.alightedAt);
        return clash;
      });
      expect(clashes).toEqual([]);
      const ends = book.ridesOn(day).map((ride) => ride.alightedAt);
      expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    }
  });

  it("is ridden by about a third of those registered", () => {
    const { residents } = book.population;
    expect(residents).toHaveLength(30_000);
    const active = residents.filter((resident) => resident.activity > 0).length / residents.length;
    expect(active).toBeGreaterThan(0.3);
    expect(active).toBeLessThan(0.4);
    expect(new Set(residents.map((resident) => resident.entitlementId)).size).toBe(30_000);
    expect(residents.every((resident) => city.isInArea(resident.home))).toBe(true);
  });
});

it("refuses an end of the history that is no date", async () => {
  const common = { serverUrl: "http://127.0.0.1:9", municipality: "maebashi", citiesDirectory: "cities" };
  const seeded = seedHistory({ ...common, rides: 1, seed: 1, until: "soon", now: Date.now });
  await expect(seeded).rejects.toThrow(/soon is no date/);
});
