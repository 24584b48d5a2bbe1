import type { MunicipalityId } from "#domain/ids.ts";
import { otherRideOf } from "#server/rides/batch/quarantined.ts";
import type { Sql } from "#server/storage/database.ts";
import { readCursor } from "#server/stream/log-reader.ts";
import { pictureReader } from "#server/stream/picture-reader.ts";
import { type LineRow, type LineSource, lineSourceOf } from "#server/stream/ride-line.ts";

/** What rides, postings and events add up to, all up to the same position. */
export interface BookTotals {
  readonly lastPosition: number;
  readonly eventCount: number;
  readonly rides: number;
  readonly decidedSubsidyMinor: number;
  readonly postedSubsidyMinor: number;
  readonly eventSubsidyMinor: number;
  readonly quarantined: number;
  readonly openHolds: number;
}

/** Adds the whole book up, up to where the readers of the log stand. `sql` must be one consistent view. */
export async function readBookTotals(sql: Sql, municipality: MunicipalityId): Promise<BookTotals> {
  const lastPosition = await readCursor(sql, pictureReader.name, municipality);
  const [totals] = await sql.query<Omit<BookTotals, "lastPosition">>(
    `SELECT
       (SELECT count(*) FROM event WHERE municipality = $1 AND position <= $2) AS "eventCount",
       (SELECT count(*) FROM ride WHERE municipality = $1 AND position <= $2) AS "rides",
       (SELECT coalesce(sum(subsidy_minor), 0)::bigint FROM ride WHERE municipality = $1 AND position <= $2)
       - (SELECT coalesce(sum(r.subsidy_minor), 0)::bigint FROM reversal x
          JOIN ride r ON r.municipality = x.municipality AND r.ride_key = x.ride_key
          WHERE x.municipality = $1 AND x.position <= $2) AS "decidedSubsidyMinor",
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM posting
        WHERE municipality = $1 AND position <= $2 AND account = 'city-subsidy') AS "postedSubsidyMinor",
       (SELECT coalesce(sum(subsidy_minor), 0)::bigint FROM picture_day WHERE municipality = $1) AS "eventSubsidyMinor",
       (SELECT count(*) FROM quarantine q WHERE q.municipality = $1 AND NOT EXISTS (
          SELECT FROM quarantine_resolution r WHERE r.municipality = $1 AND r.ride_key = q.ride_key)) AS "quarantined",
       (SELECT count(*) FROM hold WHERE municipality = $1 AND state = 'placed') AS "openHolds"`,
    [municipality, lastPosition],
  );
  return {
    lastPosition,
    eventCount: 0,
    rides: 0,
    decidedSubsidyMinor: 0,
    postedSubsidyMinor: 0,
    eventSubsidyMinor: 0,
    quarantined: 0,
    openHolds: 0,
    ...totals,
  };
}

/** A ride held back, as the city decides about it. */
export interface QuarantinedRide {
  readonly rideKey: string;
  readonly receivedAt: number;
  readonly reason: string;
  readonly companyId: string | null;
  readonly shownSubsidyMinor: number;
  readonly fareMinor: number;
  /** Riders whose uses are counted when the ride is accepted. */
  readonly knownRiders: number;
  /** The ride that has the id of this one with other facts. */
  readonly otherRideKey: string | null;
}

/** Rides held back that nobody has decided about, oldest first. */
export async function readQuarantine(sql: Sql, municipality: MunicipalityId): Promise<QuarantinedRide[]> {
  const rows = await sql.query<Omit<QuarantinedRide, "otherRideKey">>(
    `SELECT q.ride_key AS "rideKey", q.received_at_ms AS "receivedAt", q.reason, q.company_id AS "companyId",
       q.shown_subsidy_minor AS "shownSubsidyMinor", q.fare_minor AS "fareMinor",
       (SELECT count(*) FROM json_array_elements(q.submission->'riders') rider
        WHERE rider->>'credentialId' IS NOT NULL) AS "knownRiders"
     FROM quarantine q
     WHERE q.municipality = $1 AND NOT EXISTS (
       SELECT FROM quarantine_resolution r WHERE r.municipality = $1 AND r.ride_key = q.ride_key)
     ORDER BY q.position LIMIT 1000`,
    [municipality],
  );
  return rows.map((row) => ({ ...row, otherRideKey: otherRideOf(row.rideKey) }));
}

/** One ride of the ledger with whether it was taken back, or undefined. */
export async function findRide(
  sql: Sql,
  municipality: MunicipalityId,
  rideKey: string,
): Promise<LineSource | undefined> {
  const [row] = await sql.query<LineRow>(
    `SELECT r.position, e.at_ms AS "atMs", e.type, e.body, x.ride_key IS NOT NULL AS reversed, v.label AS "vehicleLabel",
       coalesce(borne.by_city, 0)::bigint AS "cityBearsMinor", coalesce(borne.by_company, 0)::bigint AS "companyBearsMinor"
     FROM ride r
     JOIN event e ON e.municipality = r.municipality AND e.position = r.position
     LEFT JOIN reversal x ON x.municipality = r.municipality AND x.ride_key = r.ride_key
     LEFT JOIN vehicle v ON v.municipality = r.municipality AND v.vehicle_id = r.vehicle_id
     LEFT JOIN LATERAL (
       SELECT sum(p.amount_minor) FILTER (WHERE p.account = 'difference-city') AS by_city,
         sum(p.amount_minor) FILTER (WHERE p.account = 'difference-company') AS by_company
       FROM presented s JOIN posting p ON p.municipality = s.municipality AND p.position = s.position
       WHERE s.municipality = r.municipality AND s.ride_key = r.ride_key) borne ON true
     WHERE r.municipality = $1 AND r.ride_key = $2`,
    [municipality, rideKey],
  );
  return row && lineSourceOf(row);
}
