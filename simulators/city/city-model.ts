import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isInside, type Point, zoneOf } from "#domain/geo/point.ts";
import { type Calendar, createCalendar } from "#domain/time/calendar.ts";
import { type Gazetteer, gazetteer, type Place } from "#protocol/documents/gazetteer.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import { type Tariff, tariffDocument } from "../tariff.ts";
import { type Demand, demandDocument } from "./demand-document.ts";
import { createStreets, type Streets } from "./streets.ts";

/** A document of the city is missing or cannot be used. `code` is for programs, the message for people. */
export class CityModelError extends Error {
  override readonly name = "CityModelError";
  readonly code: "NO_SUCH_CITY" | "NO_DEMAND" | "BAD_DOCUMENT";
  constructor(code: CityModelError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const cityBasics = z.object({
  id: z.string(),
  zone: z.string(),
  fiscalYearStart: z.string().regex(/^\d{2}-\d{2}$/),
  currency: z.object({ code: z.string(), minorDigits: z.int() }),
});
const pointShape = z.object({ latE6: z.int(), lngE6: z.int() });
const areaBasics = z.object({
  border: z.array(pointShape),
  zones: z.array(z.object({ id: z.string(), seeds: z.array(pointShape) })),
});

/** A named place that rides go to or come from. */
export interface CityPlace {
  readonly id: string;
  readonly at: Point;
  readonly inArea: boolean;
}

/** A part of the city where people live. */
export interface Town {
  readonly name: string;
  readonly at: Point;
  /** Relative number of residents. */
  readonly weight: number;
}

/** Everything the simulators know of one city, from its documents. */
export interface CityModel {
  readonly id: string;
  readonly calendar: Calendar;
  readonly demand: Demand;
  readonly tariff: Tariff;
  readonly streets: Streets;
  readonly towns: readonly Town[];
  readonly hospitals: readonly CityPlace[];
  /** The hospitals among which anybody may choose regardless of distance. */
  readonly commonHospitals: readonly CityPlace[];
  readonly shops: readonly CityPlace[];
  readonly stations: readonly CityPlace[];
  readonly offices: readonly CityPlace[];
  readonly leisure: readonly CityPlace[];
  /** Places beyond the border. */
  readonly beyond: readonly CityPlace[];
  placeById(id: string): CityPlace;
  isInArea(point: Point): boolean;
}

/** What a trips file needs: no demand, no people. */
export interface CityFrame {
  readonly id: string;
  readonly calendar: Calendar;
  readonly minorDigits: number;
}

/** `[latE6, lngE6]` → point. */
export function pointOf([latE6, lngE6]: Place): Point {
  return { latE6, lngE6 };
}

function read<Shape extends z.ZodType>(file: string, shape: Shape, missing: CityModelError["code"]): z.output<Shape> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CityModelError(missing, `${file} is missing or cannot be read`, cause);
  }
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw new CityModelError("BAD_DOCUMENT", `${file} cannot be used: ${(cause as Error).message}`, cause);
  }
}

/**
 * Reads who the city is.
 * @throws CityModelError
 */
export function loadCityFrame(citiesDirectory: string, id: string): CityFrame {
  const basics = read(join(citiesDirectory, id, "city.json"), cityBasics, "NO_SUCH_CITY");
  const [month, day] = basics.fiscalYearStart.split("-").map(Number) as [number, number];
  return {
    id,
    calendar: createCalendar(basics.zone, { month, day }, zoneOffsetMinutes),
    minorDigits: basics.currency.minorDigits,
  };
}

/**
 * Reads a city with its demand.
 * @throws CityModelError; NO_DEMAND when the city has no demand or tariff document
 */
export function loadCityModel(citiesDirectory: string, id: string): CityModel {
  const folder = join(citiesDirectory, id);
  const { calendar } = loadCityFrame(citiesDirectory, id);
  const places = read(join(folder, "gazetteer.json"), gazetteer, "NO_SUCH_CITY");
  const area = read(join(folder, "area.json"), areaBasics, "NO_SUCH_CITY");
  const demand = read(join(folder, "demand.json"), demandDocument, "NO_DEMAND");
  const tariff = read(join(folder, "tariff.json"), tariffDocument, "NO_DEMAND");
  const { border } = area;
  const isInArea = (point: Point): boolean => isInside(point, border);
  const all = places.points.map(({ id, at }) => ({ id, at: pointOf(at), inArea: isInArea(pointOf(at)) }));
  const byId = new Map(all.map((one) => [one.id, one]));
  const placeById = (wanted: string): CityPlace => {
    const found = byId.get(wanted);
    if (!found) throw new CityModelError("BAD_DOCUMENT", `${folder}: demand names ${wanted}, the gazetteer does not`);
    return found;
  };
  const ofKind = (kind: string): CityPlace[] => all.filter((one) => one.id.startsWith(`${kind}:`));
  return {
    id,
    calendar,
    demand,
    tariff,
    streets: createStreets(places, demand),
    towns: townsOf(places, area.zones, demand),
    hospitals: demand.hospitals.all.map(placeById),
    commonHospitals: demand.hospitals.any.map(placeById),
    shops: ofKind("shopping"),
    stations: ofKind("station").filter((one) => one.inArea),
    offices: ofKind("office"),
    leisure: ofKind("leisure"),
    beyond: all.filter((one) => !one.inArea),
    placeById,
    isInArea,
  };
}

function townsOf(places: Gazetteer, zones: z.output<typeof areaBasics>["zones"], demand: Demand): Town[] {
  return places.towns.map(({ name, at }) => {
    const point = pointOf(at);
    const zone = zoneOf(point, zones) ?? "";
    return { name, at: point, weight: demand.townWeightExceptions[name] ?? demand.townWeights[zone] ?? 1 };
  });
}
