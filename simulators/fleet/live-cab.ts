import type { Point } from "#domain/geo/point.ts";
import type { VehiclePosition } from "#protocol/stream/events.ts";
import { ApiError } from "../api/api-error.ts";
import type { GraphqlClient } from "../api/graphql-client.ts";
import { cancelRide, openRide, recordRides, type SentOutcome } from "../api/ride-sender.ts";
import type { Cab } from "../city/cabs.ts";
import type { CityModel } from "../city/city-model.ts";
import { farePartsOf, PURPOSE_NAMES } from "../city/ride-parts.ts";
import { driveLeg, type Leg, type Trip } from "../city/trip.ts";
import { type Clock, pause } from "../clock.ts";
import type { RiderInput } from "../generated/graphql.ts";
import type { Resident } from "../people/residents.ts";
import type { Random } from "../random.ts";
import { driving, type Motion, positionAt, standing } from "./motion.ts";
import type { RoadGraph } from "./road-graph.ts";

/** What all cabs of a live fleet share. */
export interface FleetWorld {
  readonly city: CityModel;
  readonly roads: RoadGraph;
  readonly now: Clock;
  /** Time runs this many times faster for drives and waits; timestamps stay real. */
  readonly speed: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Sealed evidence of a resident's card as laid now; null is somebody nobody registered. */
  evidenceOf(resident: Resident | null, atMs: number): Promise<string>;
}

/** How a ride of the live fleet ended. */
export type LiveOutcome = "recorded" | "refused" | "cancelled" | "failed";

/** A cab that serves rides. */
export interface LiveCab {
  readonly cab: Cab;
  readonly state: VehiclePosition["state"];
  position(nowMs: number): Point;
  /** Free and standing: may be sent to another stand. */
  isIdle(nowMs: number): boolean;
  drift(to: Point, nowMs: number): void;
  /** Serves one ride from being called to payment. Never throws for what the server answers. */
  serve(leg: Leg): Promise<LiveOutcome>;
  /** Ends an opened ride, for a fleet that stops. */
  abandon(client: GraphqlClient): Promise<void>;
}

const DRIFT_KMH = 22;
const CALLED_KMH = 30;
const BOARDING_MS = 40_000;
/** Part of the riders who get out again before the cab leaves. */
const CANCELLED_SHARE = 0.015;
/** Parties of which one laid a card nobody registered. */
const STRANGER_SHARE = 0.015;

/** What of a cab changes. */
interface CabBody {
  readonly cab: Cab;
  readonly client: GraphqlClient;
  state: VehiclePosition["state"];
  motion: Motion;
  /** Set while a card has been laid and the ride is not yet recorded or cancelled. */
  openedRideId: string | null;
}

/** A cab at `at`, with the client of its own terminal. */
export function createLiveCab(world: FleetWorld, cab: Cab, own: { client: GraphqlClient; at: Point }): LiveCab {
  const { now } = world;
  const body: CabBody = {
    cab,
    client: own.client,
    state: "available",
    motion: standing(own.at, now()),
    openedRideId: null,
  };
  return {
    cab,
    get state() {
      return body.state;
    },
    position: (nowMs) => positionAt(body.motion, nowMs),
    isIdle: (nowMs) => body.state === "available" && nowMs >= body.motion.endMs,
    drift(to, nowMs) {
      const path = world.roads.path(positionAt(body.motion, nowMs), to);
      body.motion = driving(path, nowMs, DRIFT_KMH * world.speed);
    },
    async serve(leg) {
      try {
        return await serveRide(world, body, leg);
      } catch (error) {
        // A server that was away for longer than the client's patience, or refused: the fleet goes on without this ride.
        if (!(error instanceof ApiError)) throw error;
        return world.signal.aborted ? "cancelled" : "failed";
      } finally {
        body.motion = standing(positionAt(body.motion, now()), now());
        body.state = "available";
      }
    },
    async abandon(closing) {
      if (body.openedRideId !== null) await cancelRide(closing, body.openedRideId);
      body.openedRideId = null;
    },
  };
}

/** From the call to the payment. A fleet that stops leaves the ride where it is: "cancelled". */
async function serveRide(world: FleetWorld, body: CabBody, leg: Leg): Promise<LiveOutcome> {
  const { now, speed, signal, random, roads } = world;
  const finish = (motion: Motion): Promise<boolean> => {
    body.motion = motion;
    return pause(motion.endMs - motion.startMs, signal);
  };
  body.state = "reserved";
  const way = roads.path(positionAt(body.motion, now()), leg.from);
  if (!(await finish(driving(way, now(), CALLED_KMH * speed)))) return "cancelled";
  const boardedAt = now();
  const trip = driveLeg(world.city, { ...leg, boardedAtMs: boardedAt }, random);
  const rideId = random.uuid();
  body.state = "on_trip";
  const riders = await layCards(world, body, { leg, rideId, boardedAt });
  if (!(await pause(BOARDING_MS / speed, signal))) return "cancelled";
  if (random.chance(CANCELLED_SHARE)) {
    await cancelRide(body.client, rideId);
    body.openedRideId = null;
    return "cancelled";
  }
  const driveMs = (trip.alightedAtMs - trip.boardedAtMs) / speed;
  const drive = { path: roads.path(leg.from, leg.to), startMs: now(), endMs: now() + driveMs };
  if (!(await finish(drive))) return "cancelled";
  const ride = rideInput(trip, body.cab, { rideId, riders, alightedAt: now(), random });
  const [outcome] = await recordRides(body.client, [ride]);
  body.openedRideId = null;
  return verdictOf(outcome);
}

/** Every rider lays a card; who may not ride on the scheme is named by the evidence instead of a hold. */
async function layCards(
  { now, random, evidenceOf }: FleetWorld,
  body: CabBody,
  { leg, rideId, boardedAt }: { leg: Leg; rideId: string; boardedAt: number },
): Promise<readonly RiderInput[]> {
  const riders: RiderInput[] = [];
  const companions: string[] = [];
  const stranger = random.chance(STRANGER_SHARE) ? random.below(leg.riders.length) : -1;
  for (const [index, rider] of leg.riders.entries()) {
    const touchedAt = now();
    const sealedEvidence = await evidenceOf(index === stranger ? null : rider, touchedAt);
    const touchId = random.uuid();
    const place = positionAt(body.motion, touchedAt);
    body.openedRideId = rideId;
    const opened = await openRide(body.client, {
      ...{ rideId, touchId, touchedAt, boardedAt, sealedEvidence, place },
      companions: companions.slice(),
    });
    riders.push(opened.holdId ? { holdId: opened.holdId } : { sealedEvidence });
    companions.push(touchId);
  }
  return riders;
}

function verdictOf(outcome: SentOutcome | undefined): LiveOutcome {
  switch (outcome?.status) {
    case "RECORDED":
      return "recorded";
    case "REFUSED":
      return "refused";
    default:
      return "failed";
  }
}

function rideInput(
  trip: Trip,
  cab: Cab,
  ride: { rideId: string; riders: readonly RiderInput[]; alightedAt: number; random: Random },
) {
  return {
    rideId: ride.rideId,
    boardedAt: trip.boardedAtMs,
    alightedAt: ride.alightedAt,
    distanceM: trip.distanceM,
    components: farePartsOf(trip, cab),
    riders: ride.riders.map((rider) => ({ ...rider, usesChosen: trip.usesChosen })),
    erasable: {
      salt: Buffer.from(ride.random.bytes(16)).toString("base64"),
      boarding: trip.from,
      alighting: trip.to,
      purpose: trip.purpose === null ? null : PURPOSE_NAMES[trip.purpose],
    },
  };
}
