import type { City } from "#domain/city/city.ts";
import { lastQuarterEnd, type PulseRide, pulses, QUARTER_MS } from "#domain/disclosure/pulse.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { formatDay } from "#domain/time/local.ts";
import type { FeedChanges, PictureSnapshot } from "#protocol/stream/events.ts";
import type { Sql } from "#server/storage/database.ts";
import { type FeedKey, type FeedSource, isTooOld } from "./feed-source.ts";
import { readCursor } from "./log-reader.ts";
import { createMoneyReader, type MoneyReader } from "./picture-money.ts";
import { pictureReader } from "./picture-reader.ts";

/** What the picture is made with. */
export interface PictureDeps {
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly calendars: ReadonlyMap<MunicipalityId, Calendar>;
  readonly now: () => number;
  readonly money: MoneyReader;
}

/** Reads what a planner may see live. */
export async function readPicture(sql: Sql, municipality: MunicipalityId, deps: PictureDeps): Promise<PictureSnapshot> {
  const nowMs = deps.now();
  const day = deps.calendars.get(municipality)?.local(nowMs).day ?? 0;
  const [counts] = await sql.query<{ rides: number; refused: number; total: number }>(
    `SELECT coalesce(sum(rides) FILTER (WHERE day = $2), 0)::bigint AS rides,
       coalesce(sum(refused) FILTER (WHERE day = $2), 0)::bigint AS refused,
       coalesce(sum(rides), 0)::bigint AS total
     FROM picture_day WHERE municipality = $1`,
    [municipality, day],
  );
  const told = await deps.money(sql, municipality, day);
  const endMs = lastQuarterEnd(nowMs);
  const zones = deps.cities.get(municipality)?.zones.map((zone) => zone.id) ?? [];
  const rides = await readRecentRides(sql, municipality, endMs);
  return {
    feed: "picture",
    at: nowMs,
    day: formatDay(day),
    ridesToday: counts?.rides ?? 0,
    refusedToday: counts?.refused ?? 0,
    ridesTotal: counts?.total ?? 0,
    subsidyToldMinor: told.subsidyMinor,
    subsidyToldRides: told.rides,
    subsidyToldUpTo: told.upToMs,
    pulses: pulses(zones, rides, endMs).map((pulse) => ({
      zoneId: pulse.zoneId,
      quarterStart: pulse.quarterStartMs,
      rides: pulse.rides,
    })),
  };
}

async function readRecentRides(sql: Sql, municipality: MunicipalityId, endMs: number): Promise<PulseRide[]> {
  return sql.query<PulseRide>(
    `SELECT zone, boarded_at_ms AS "boardedAtMs", known_at_ms AS "knownAtMs", reversed_at_ms AS "reversedAtMs", people
     FROM picture_ride WHERE municipality = $1 AND boarded_at_ms >= $2 AND boarded_at_ms < $3`,
    [municipality, endMs - 4 * QUARTER_MS, endMs],
  );
}

/** Feed `picture`: always sent whole, only when it shows something else than before. */
export function createPictureFeed(given: Omit<PictureDeps, "money">): FeedSource {
  const deps = { ...given, money: createMoneyReader() };
  const read = (sql: Sql, key: FeedKey): Promise<PictureSnapshot> => readPicture(sql, key.municipality, deps);
  return {
    reader: pictureReader.name,
    position: (sql, key) => readCursor(sql, pictureReader.name, key.municipality),
    snapshot: read,
    epoch: () => "",
    canResume: async (_sql, _key, range) => !isTooOld(range),
    async changes(sql, key, range) {
      return { feed: "picture", fromPosition: range.from, toPosition: range.to, picture: await read(sql, key) };
    },
    isIdle: (changes, last) => last !== null && shown(changes) === shown(last),
  };
}

/** Everything but the time it was taken. */
function shown(changes: FeedChanges): string {
  return changes.feed === "picture" ? JSON.stringify({ ...changes.picture, at: 0 }) : "";
}
