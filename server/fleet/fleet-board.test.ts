import { beforeEach, describe, expect, it } from "vitest";
import type { Viewer } from "#domain/identity/viewer.ts";
import { asId, type MunicipalityId } from "#domain/ids.ts";
import type { VehiclePosition } from "#protocol/stream/events.ts";
import { createFleetBoard, type FleetBoard } from "./fleet-board.ts";

type Terminal = Extract<Viewer, { kind: "terminal" }>;
const here = asId<MunicipalityId>("here");
const there = asId<MunicipalityId>("there");
const NOW = 1_795_000_000_000;

let nowMs: number;
let day: number;
let busy: Set<string> | null;
let board: FleetBoard;

beforeEach(() => {
  nowMs = NOW;
  day = 20_000;
  busy = new Set();
  board = createFleetBoard({
    busy: { vehicles: () => busy },
    isVehicle: (_municipality, vehicleId) => vehicleId.startsWith("v"),
    now: () => nowMs,
    today: () => day,
    secret: new Uint8Array(32).fill(1),
  });
});

const cab = (vehicleId: string): Terminal => ({
  kind: "terminal",
  terminalId: asId(`t-${vehicleId}`),
  municipality: here,
  terminalKind: "cab",
  companyId: null,
  vehicleId: asId(vehicleId),
});
const migration: Terminal = { ...cab("v0"), terminalKind: "migration", vehicleId: null };
const at = (change: Partial<VehiclePosition> = {}): VehiclePosition => ({
  at: nowMs,
  latE6: 36_000_000,
  lngE6: 139_000_000,
  state: "available",
  ...change,
});
const shown = (): number | undefined => board.free(here)?.taxis.length;

describe("the fleet board", () => {
  it("shows the latest place of free taxis, without their number", () => {
    board.take(cab("v1"), [at({ latE6: 1 }), at({ latE6: 2, at: nowMs + 1 })]);
    const taxis = board.free(here)?.taxis ?? [];
    expect(taxis).toEqual([{ taxiKey: expect.any(String), latE6: 2, lngE6: 139_000_000 }]);
    expect(JSON.stringify(taxis)).not.toContain("v1");
    expect(board.free(there)?.taxis).toEqual([]);
  });
  it("does not go back to an older place that comes late", () => {
    board.take(cab("v1"), [at({ latE6: 2 })]);
    board.take(cab("v1"), [at({ latE6: 1, at: nowMs - 1 })]);
    expect(board.free(here)?.taxis[0]?.latE6).toBe(2);
  });
  it.each(["reserved", "on_trip", "stopped", "non_operational"] as const)("never shows a taxi that is %s", (state) => {
    board.take(cab("v1"), [at({ state })]);
    expect(shown()).toBe(0);
  });
  it("never shows a taxi with a ride under way, whatever it reports", () => {
    board.take(cab("v1"), [at()]);
    busy = new Set(["v1"]);
    expect(shown()).toBe(0);
  });
  it.each(["the ledger", "the meter"] as const)(
    "shows a taxi whose ride is over, as %s says, a minute or two later and under another key",
    (teller) => {
      board.take(cab("v1"), [at()]);
      const before = board.free(here)?.taxis[0]?.taxiKey;
      if (teller === "the ledger") busy = new Set(["v1"]);
      else board.take(cab("v1"), [at({ state: "on_trip" })]);
      expect(shown()).toBe(0);
      nowMs += 60_000;
      busy = new Set();
      board.take(cab("v1"), [at()]);
      expect(shown()).toBe(0);
      nowMs += 59_999;
      board.take(cab("v1"), [at()]);
      expect(shown()).toBe(0);
      nowMs += 60_001;
      const after = board.free(here)?.taxis[0]?.taxiKey;
      expect(after).toEqual(expect.any(String));
      expect(after).not.toBe(before);
      board.take(cab("v1"), [at({ at: nowMs + 1 })]);
      expect(board.free(here)?.taxis[0]?.taxiKey).toBe(after);
    },
  );
  it("shows nothing while a ride may have begun that is not known yet", () => {
    board.take(cab("v1"), [at()]);
    busy = null;
    expect(board.free(here)).toBeNull();
  });
  it("forgets places after two minutes, and does not take old or future ones", () => {
    board.take(cab("v1"), [at()]);
    board.take(cab("v2"), [at({ at: nowMs - 120_001 }), at({ at: nowMs + 60_001 })]);
    expect(shown()).toBe(1);
    nowMs += 120_000;
    expect(shown()).toBe(1);
    nowMs += 1;
    expect(shown()).toBe(0);
  });
  it("believes a cab about itself only, a migration terminal about known vehicles", () => {
    board.take(cab("v1"), [at({ vehicleId: "v2" })]);
    expect(shown()).toBe(0);
    board.take(migration, [at(), at({ vehicleId: "v3" }), at({ vehicleId: "v4" }), at({ vehicleId: "unknown" })]);
    expect(shown()).toBe(2);
  });
  it("gives a free taxi one key for the day and another one the next day, in no telling order", () => {
    for (let n = 0; n < 20; n++) board.take(cab(`v${n}`), [at({ latE6: n })]);
    const today = board.free(here)?.taxis ?? [];
    expect(board.free(here)?.taxis).toEqual(today);
    day += 1;
    const tomorrow = board.free(here)?.taxis ?? [];
    const keys = new Set([...today, ...tomorrow].map((taxi) => taxi.taxiKey));
    expect(keys.size).toBe(40);
    expect(today.map((taxi) => taxi.latE6)).not.toEqual(tomorrow.map((taxi) => taxi.latE6));
  });
});
