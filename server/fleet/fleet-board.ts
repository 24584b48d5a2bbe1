import { createHmac } from "node:crypto";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { FreeTaxis, VehiclePosition } from "#protocol/stream/events.ts";

/** A position older than this is not shown any more. */
const STALE_MS = 120_000;
/** Positions from further ahead than this are a wrong clock and not taken. */
const AHEAD_MS = 60_000;
/** Vehicles remembered per municipality. */
const MAX_VEHICLES = 20_000;

/** What is known of vehicles that are on the way with somebody. */
export interface BusyVehicles {
  /** Vehicles with a ride under way; null while the log may say more than is known here. */
  vehicles(municipality: MunicipalityId): ReadonlySet<string> | null;
}

/** What the board needs. */
export interface FleetBoardDeps {
  readonly busy: BusyVehicles;
  /** True for vehicles the registry knows. */
  readonly isVehicle: (municipality: MunicipalityId, vehicleId: string) => boolean;
  /** Epoch ms. */
  readonly now: () => number;
  /** Local day. */
  readonly today: (municipality: MunicipalityId) => number;
  /** Keys the taxi keys, so that nobody can tell a vehicle's number from them. */
  readonly secret: Uint8Array;
}

/** The latest position of every vehicle, in memory: telemetry, lossy. */
export interface FleetBoard {
  /** Takes positions of a terminal: a cab's for its own vehicle, a migration terminal's for any vehicle of the fleet. */
  take(viewer: Extract<Viewer, { kind: "terminal" }>, batch: readonly VehiclePosition[]): void;
  /** The free taxis; null while a ride may have begun that is not known here yet. */
  free(municipality: MunicipalityId): FreeTaxis | null;
}

/** A taxi that has become free is shown this much later, and up to as much again: where a ride ended is nobody's to see. */
const HELD_BACK_MS = 60_000;

interface Latest {
  readonly latE6: number;
  readonly lngE6: number;
  readonly isAvailable: boolean;
  readonly atMs: number;
  /** Since when it is free without a break; a new key each time, so that nobody can follow it through a ride. */
  freeSinceMs: number;
  /** Not to be shown before. */
  shownFromMs: number;
  isBusy: boolean;
}

/** An empty board. */
export function createFleetBoard(deps: FleetBoardDeps): FleetBoard {
  const boards = new Map<MunicipalityId, Map<string, Latest>>();
  const boardOf = (municipality: MunicipalityId): Map<string, Latest> => {
    const board = boards.get(municipality) ?? new Map<string, Latest>();
    boards.set(municipality, board);
    return board;
  };
  const becomeFree = (latest: Latest, atMs: number, vehicleId: string): void => {
    latest.freeSinceMs = atMs;
    const [random = 0] = Buffer.from(keyOf(deps.secret, ["held back", vehicleId, String(atMs)]), "base64url");
    latest.shownFromMs = atMs + HELD_BACK_MS * (1 + random / 256);
  };
  return {
    take(viewer, batch) {
      const board = boardOf(viewer.municipality);
      for (const position of batch) {
        const vehicleId = vehicleOf(viewer, position, deps);
        if (vehicleId === undefined || !isTimely(position.at, deps.now())) continue;
        const known = board.get(vehicleId);
        if (known ? known.atMs > position.at : board.size >= MAX_VEHICLES) continue;
        const { latE6, lngE6, state, at } = position;
        const isAvailable = state === "available";
        const { freeSinceMs, shownFromMs, isBusy } = known ?? { freeSinceMs: at, shownFromMs: 0, isBusy: false };
        const latest = { latE6, lngE6, isAvailable, atMs: at, freeSinceMs, shownFromMs, isBusy };
        if (known && isAvailable && !known.isAvailable) becomeFree(latest, at, vehicleId);
        board.set(vehicleId, latest);
      }
    },
    free(municipality) {
      const busy = deps.busy.vehicles(municipality);
      if (busy === null) return null;
      const nowMs = deps.now();
      const day = deps.today(municipality);
      const taxis: FreeTaxis["taxis"] = [];
      for (const [vehicleId, latest] of boardOf(municipality)) {
        if (latest.isBusy && !busy.has(vehicleId)) becomeFree(latest, nowMs, vehicleId);
        latest.isBusy = busy.has(vehicleId);
        if (latest.atMs < nowMs - STALE_MS) boardOf(municipality).delete(vehicleId);
        else if (latest.isAvailable && !latest.isBusy && nowMs >= latest.shownFromMs) {
          const taxiKey = keyOf(deps.secret, [municipality, String(day), vehicleId, String(latest.freeSinceMs)]);
          taxis.push({ taxiKey, latE6: latest.latE6, lngE6: latest.lngE6 });
        }
      }
      // In the order of the keys: the order of reporting would tell vehicles apart across days.
      taxis.sort((a, b) => (a.taxiKey < b.taxiKey ? -1 : 1));
      return { at: nowMs, taxis };
    },
  };
}

function vehicleOf(
  viewer: Extract<Viewer, { kind: "terminal" }>,
  position: VehiclePosition,
  deps: FleetBoardDeps,
): string | undefined {
  if (viewer.terminalKind === "cab") {
    const isOwn = position.vehicleId === undefined || position.vehicleId === viewer.vehicleId;
    return isOwn ? (viewer.vehicleId ?? undefined) : undefined;
  }
  const { vehicleId } = position;
  return vehicleId !== undefined && deps.isVehicle(viewer.municipality, vehicleId) ? vehicleId : undefined;
}

function isTimely(atMs: number, nowMs: number): boolean {
  return atMs >= nowMs - STALE_MS && atMs <= nowMs + AHEAD_MS;
}

function keyOf(secret: Uint8Array, parts: readonly string[]): string {
  return createHmac("sha256", secret)
    .update(`notte.taxi.v1\0${parts.join("\0")}`)
    .digest("base64url")
    .slice(0, 16);
}
