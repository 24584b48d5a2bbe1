import type { MunicipalityId } from "#domain/ids.ts";
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
  readonly vehicleLabel: string | null;
}

/** A ride as money roles see it. */
export function rideLineOf({ position, atMs, type, body, reversed, vehicleLabel }: LineSource): RideLine {
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
    riderCount: body.riders.length,
    uses: body.uses,
    refusal: type === "ride.refused" ? refusalOf(body) : null,
    schemeVersion: decision.schemeVersion,
    steps: decision.steps.map((step) => ({ ...step, parameters: { ...step.parameters } })),
    components: body.components.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
  };
}

interface LineRow {
  position: number;
  at_ms: number;
  type: LineSource["type"];
  body: RideBody;
  reversed: boolean;
  label: string | null;
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
    `SELECT l.position, e.at_ms, e.type, e.body, l.reversed, v.label
     FROM company_day_line l
     JOIN event e ON e.municipality = l.municipality AND e.position = l.position
     LEFT JOIN vehicle v ON v.municipality = l.municipality AND v.vehicle_id = e.body->>'vehicleId'
     WHERE l.municipality = $1 AND l.company_id = $2 AND l.day = $3 AND l.position < $4 AND l.changed_position > $5
     ORDER BY l.position DESC LIMIT $6`,
    [range.municipality, range.companyId, range.day, range.before, range.changedAfter, range.limit],
  );
  return rows.map(({ label, at_ms: atMs, ...row }) => rideLineOf({ ...row, atMs, vehicleLabel: label }));
}
