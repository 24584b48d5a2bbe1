import { Buffer } from "node:buffer";
import { type Cab, createDispatcher, listCabs } from "../city/cabs.ts";
import type { CityModel } from "../city/city-model.ts";
import { shapeOfDay } from "../city/day-shape.ts";
import { Occupied } from "../city/occupied.ts";
import { createOutingSource } from "../city/outings.ts";
import { farePartsOf, PURPOSE_NAMES } from "../city/ride-parts.ts";
import type { Trip } from "../city/trip.ts";
import type { RideInput } from "../generated/graphql.ts";
import { createPopulation, type Population } from "../people/residents.ts";
import type { Random } from "../random.ts";

/** Past rides by day. Every day is made from its own stream, so that any day can be made alone, again and identically. */
export interface RideBook {
  readonly population: Population;
  /** Number of rides of a local day; cheap. */
  countOn(day: number): number;
  /** The rides of a local day in the order in which they ended. */
  ridesOn(day: number): readonly RideInput[];
}

/** The ride book of a city for a seed. */
export function createRideBook(city: CityModel, seed: Random): RideBook {
  const population = createPopulation(city, seed.substream("people"));
  const outings = createOutingSource(city, population, seed.substream("hours"));
  const cabs = listCabs(city);
  const streamOf = (day: number): Random => seed.substream(`day-${day}`);
  const shapeOn = (day: number) => shapeOfDay(city, day, streamOf(day).substream("shape"));
  return {
    population,
    countOn: (day) => shapeOn(day).rides,
    ridesOn(day) {
      const shape = shapeOn(day);
      const stream = streamOf(day);
      const context = { random: stream.substream("outings"), occupied: new Occupied() };
      const trips: Trip[] = [];
      while (trips.length < shape.rides) trips.push(...outings.outingOf(shape, context));
      trips.length = shape.rides;
      trips.sort((a, b) => a.boardedAtMs - b.boardedAtMs);
      const dispatch = createDispatcher(cabs, stream.substream("cabs"));
      const ids = stream.substream("ids");
      return trips
        .map((trip) => rideInput(trip, dispatch(trip.boardedAtMs, trip.alightedAtMs), ids))
        .sort((a, b) => a.alightedAt - b.alightedAt || (a.rideId < b.rideId ? -1 : 1));
    },
  };
}

/** A trip as a migration terminal sends it: riders by credential. */
function rideInput(trip: Trip, cab: Cab, ids: Random): RideInput {
  return {
    rideId: ids.uuid(),
    vehicleId: cab.vehicleId,
    boardedAt: trip.boardedAtMs,
    alightedAt: trip.alightedAtMs,
    distanceM: trip.distanceM,
    components: farePartsOf(trip, cab),
    riders: trip.riders.map((rider) => ({ credentialId: rider.credentialId, usesChosen: trip.usesChosen })),
    erasable: {
      salt: Buffer.from(ids.bytes(16)).toString("base64"),
      boarding: trip.from,
      alighting: trip.to,
      purpose: trip.purpose === null ? null : PURPOSE_NAMES[trip.purpose],
    },
  };
}
