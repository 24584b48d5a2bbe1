import { expect, it } from "vitest";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import { createRecentEvents } from "./recent-events.ts";

const CITY = asId<MunicipalityId>("city");

const events = (from: number, to: number): readonly RideEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ position: from + index }) as RideEvent);
const positions = (found: readonly RideEvent[]): number[] => found.map(({ position }) => position);

it("gives what follows a position, up to the limit", () => {
  const recent = createRecentEvents();
  recent.add(CITY, events(5, 7));
  recent.add(CITY, events(8, 9));
  expect(positions(recent.after(CITY, 4, 10))).toEqual([5, 6, 7, 8, 9]);
  expect(positions(recent.after(CITY, 6, 2))).toEqual([7, 8]);
  expect(recent.after(CITY, 9, 10)).toEqual([]);
  expect(recent.after(asId<MunicipalityId>("other"), 4, 10)).toEqual([]);
});

it("knows nothing of what it has not seen whole", () => {
  const recent = createRecentEvents();
  recent.add(CITY, events(5, 7));
  expect(recent.after(CITY, 3, 10)).toEqual([]);
  // Another process wrote 8: the run begins anew behind the gap.
  recent.add(CITY, events(9, 10));
  expect(recent.after(CITY, 7, 10)).toEqual([]);
  expect(positions(recent.after(CITY, 8, 10))).toEqual([9, 10]);
  // Two connections: what was committed before is told after.
  recent.add(CITY, events(8, 8));
  expect(positions(recent.after(CITY, 8, 10))).toEqual([9, 10]);
  recent.add(CITY, []);
  expect(positions(recent.after(CITY, 8, 10))).toEqual([9, 10]);
});

it("forgets the oldest", () => {
  const recent = createRecentEvents(3);
  for (let batch = 0; batch < 10; batch++) recent.add(CITY, events(batch * 2 + 1, batch * 2 + 2));
  expect(positions(recent.after(CITY, 18, 100))).toEqual([19, 20]);
  expect(recent.after(CITY, 2, 100)).toEqual([]);
  const known = Array.from({ length: 20 }, (_, position) => recent.after(CITY, position, 1)).flat();
  expect(known.length).toBeLessThanOrEqual(6);
});
