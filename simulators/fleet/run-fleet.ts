import { distanceM, type Point } from "#domain/geo/point.ts";
import type { VehiclePosition } from "#protocol/stream/events.ts";
import { createPositionSender } from "../api/position-sender.ts";
import type { CityModel } from "../city/city-model.ts";
import { createOutingSource } from "../city/outings.ts";
import { type Clock, pause } from "../clock.ts";
import { createPopulation } from "../people/residents.ts";
import { createRandom } from "../random.ts";
import { createArrivals } from "./arrivals.ts";
import { createLiveCab, type LiveCab, type LiveOutcome } from "./live-cab.ts";
import { setUpFleet } from "./set-up-fleet.ts";

/** Which fleet to run, and who is told. */
export interface FleetOptions {
  readonly serverUrl: string;
  readonly municipality: string;
  readonly citiesDirectory: string;
  readonly cabs: number;
  /** The people and terminals are those of the history of the same seed. */
  readonly seed: number;
  /** Default 1: as in life. */
  readonly speed?: number;
  /** Passengers this many times as often as the city's data say. Default 1. */
  readonly demand?: number;
  readonly now: Clock;
  /** Directory of the TEST CA that the server trusts. */
  readonly testCaDirectory: string;
  readonly login?: { readonly name: string; readonly password: string };
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FleetProgress) => void;
  /** While it answers false, cabs drift about free and nobody rides. Default: always true. */
  readonly takesPassengers?: () => boolean;
}

/** What the fleet has done so far. `noCab`: nobody was free for the passenger. */
export interface FleetProgress extends Readonly<Record<LiveOutcome, number>> {
  readonly free: number;
  readonly busy: number;
  readonly noCab: number;
}

const TICK_MS = 1_000;
/** Each cab reports at every so many ticks. */
const REPORT_TICKS = 5;
const PROGRESS_TICKS = 5;
const FARTHEST_CALL_M = 12_000;
/** Chance in each tick that an idle cab moves to another stand. */
const DRIFT_CHANCE = 1 / 240;
/** Stands this near are usual, metres. */
const USUAL_STAND_M = 1_500;
const CLOSING_MS = 2_000;

/**
 * Runs a live fleet until the signal fires: free cabs drift between stands, passengers appear at the hour's rate, lay
 * their cards and pay, all through the public API. Bounded memory; survives a server that is away for some minutes.
 * @throws ApiError, CityModelError when the fleet cannot be set up
 */
export async function runFleet(options: FleetOptions): Promise<FleetProgress> {
  const { now, signal } = options;
  const { world, cabs: enrolled, clientOf, telemetryToken } = await setUpFleet(options);
  const { city, random, speed } = world;
  const population = createPopulation(city, createRandom(options.seed).substream("people"));
  const outings = createOutingSource(city, population, random.substream("hours"));
  const arrivals = createArrivals(city, outings, {
    random: random.substream("arrivals"),
    factor: speed * (options.demand ?? 1),
  });
  const stands = standsOf(city);
  const cabs = enrolled.map((cab) => createLiveCab(world, cab, { client: clientOf(cab), at: random.pick(stands) }));
  const tally = { recorded: 0, refused: 0, cancelled: 0, failed: 0, noCab: 0 };
  const progress = (): FleetProgress => {
    const free = cabs.filter((cab) => cab.state === "available").length;
    return { ...tally, free, busy: cabs.length - free };
  };
  const serving = new Set<Promise<void>>();
  const positions = createPositionSender(options.serverUrl, telemetryToken);
  for (let tick = 0; await pause(TICK_MS, signal); tick++) {
    const nowMs = now();
    for (const leg of arrivals(nowMs)) {
      if (options.takesPassengers?.() === false) continue;
      const cab = nearestFree(cabs, leg.from, nowMs);
      if (!cab) tally.noCab += 1;
      else {
        const served = cab.serve(leg).then((outcome) => {
          tally[outcome] += 1;
          serving.delete(served);
        });
        serving.add(served);
      }
    }
    for (const cab of cabs) {
      if (!cab.isIdle(nowMs) || !random.chance(DRIFT_CHANCE * speed)) continue;
      const here = cab.position(nowMs);
      cab.drift(stands[random.weighted(stands.map((stand) => pullOf(here, stand)))] as Point, nowMs);
    }
    positions.send(reports(cabs, tick, nowMs));
    if (tick % PROGRESS_TICKS === 0) options.onProgress?.(progress());
  }
  positions.close();
  // Calls on the line are finished, so that what is told is what the server holds; then opened rides are ended.
  await Promise.race([Promise.allSettled(serving), pause(CLOSING_MS)]);
  const abandoned = Promise.allSettled(cabs.map((cab) => cab.abandon(clientOf(cab.cab, true))));
  await Promise.race([abandoned, pause(CLOSING_MS)]);
  return progress();
}

/** Where taxis wait: hospitals, stations, shops and offices of the city. */
function standsOf(city: CityModel): readonly Point[] {
  return [...city.hospitals, ...city.stations, ...city.shops, ...city.offices]
    .filter((place) => place.inArea)
    .map((place) => place.at);
}

/** How much a stand attracts a cab: less with the square of the distance; not the one it stands at. */
function pullOf(here: Point, stand: Point): number {
  const metres = distanceM(here, stand);
  return metres < 100 ? 0 : 1 / (1 + (metres / USUAL_STAND_M) ** 2);
}

function nearestFree(cabs: readonly LiveCab[], to: Point, nowMs: number): LiveCab | undefined {
  let best: LiveCab | undefined;
  let bestM = FARTHEST_CALL_M;
  for (const cab of cabs) {
    if (cab.state !== "available") continue;
    const metres = distanceM(cab.position(nowMs), to);
    if (metres < bestM) {
      best = cab;
      bestM = metres;
    }
  }
  return best;
}

/** Positions of the cabs whose turn it is, for one message. */
function reports(cabs: readonly LiveCab[], tick: number, nowMs: number): readonly VehiclePosition[] {
  return cabs
    .filter((_, index) => index % REPORT_TICKS === tick % REPORT_TICKS)
    .map((cab) => ({ at: nowMs, ...cab.position(nowMs), state: cab.state, vehicleId: cab.cab.vehicleId }));
}
