import type { MunicipalityId } from "#domain/ids.ts";
import type { Minor } from "#domain/money/money.ts";
import { type Borne, standingOf } from "#domain/settlement/postings.ts";
import type { RideLine } from "#protocol/stream/events.ts";
import type { RideBody } from "#server/rides/ride-events.ts";
import type { Sql } from "#server/storage/database.ts";
import { refusalOf } from "./ledger-projection.ts";

/** An event of a ride with what later events and the registry add to it. */
export interface LineSource {
  readonly position: number;
  readonly atMs: number;
  readonly type: "ride.recorded" | "ride.refused";
  readonly body: RideBody;
  readonly reversed: boolean;
  /** Who bears what was shown beyond the decision; of a reversed ride, as it stood. */
  readonly borne: Borne;
  readonly vehicleLabel: string | null;
}

/** A ride as money roles see it. */
export function rideLineOf(source: LineSource): RideLine {
  const { position, atMs, type, body, reversed, borne, vehicleLabel } = source;
  const { decision } = body;
  return {
    position,
    rideKey: body.rideKey,
    tag: body.tag,
    recordedAt: atMs,
    boardedAt: body.boarding.atMs,
    alightedAt: body.alighting.atMs,
    distanceM: body.distanceM,
    vehicleLabel: vehicleLabel ?? body.vehicleId,
    companyId: body.companyId ?? "",
    status: type === "ride.recorded" ? "RECORDED" : "REFUSED",
    reversed,
    fareMinor: decision.fareMinor,
    subsidyMinor: decision.subsidyMinor,
    riderPaysMinor: decision.riderPaysMinor,
    ...standingOf(decision, borne),
    cityBearsMinor: borne.cityBearsMinor,
    companyBearsMinor: borne.companyBearsMinor,
    fromQuarantine: body.marks.includes("from-quarantine"),
    riderCount: body.riders.length,
    uses: body.uses,
    refusal: type === "ride.refused" ? refusalOf(body) : null,
    schemeVersion: decision.schemeVersion,
    steps: decision.steps.map((step) => ({ ...step, parameters: { ...step.parameters } })),
    components: body.components.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
  };
}

/** A line as the database gives it. */
export interface LineRow extends Omit<LineSource, "borne"> {
  readonly cityBearsMinor: Minor;
  readonly companyBearsMinor: Minor;
}

/** A row of a line as its source. */
export function lineSourceOf({ cityBearsMinor, companyBearsMinor, ...row }: LineRow): LineSource {
  return { ...row, borne: { cityBearsMinor, companyBearsMinor } };
}

/** Which lines of a company's day are wanted, newest first. */
export interface LineRange {
  readonly municipality: MunicipalityId;
  readonly companyId: string;
  readonly day: number;
  /** Lines before this position only. */
  readonly before: number;
  /** Lines changed after this position only. */
  readonly changedAfter: number;
  readonly limit: number;
}

/** Lines of a company's day as the company-day reader knows them. */
export async function readRideLines(sql: Sql, range: LineRange): Promise<RideLine[]> {
  const rows = await sql.query<LineRow>(
    `SELECT l.position, e.at_ms AS "atMs", e.type, e.body, l.reversed, v.label AS "vehicleLabel",
       l.city_bears_minor AS "cityBearsMinor", l.company_bears_minor AS "companyBearsMinor"
     FROM company_day_line l
     JOIN event e ON e.municipality = l.municipality AND e.position = l.position
     LEFT JOIN vehicle v ON v.municipality = l.municipality AND v.vehicle_id = e.body->>'vehicleId'
     WHERE l.municipality = $1 AND l.company_id = $2 AND l.day = $3 AND l.position < $4 AND l.changed_position > $5
     ORDER BY l.position DESC LIMIT $6`,
    [range.municipality, range.companyId, range.day, range.before, range.changedAfter, range.limit],
  );
  return rows.map((row) => rideLineOf(lineSourceOf(row)));
}
