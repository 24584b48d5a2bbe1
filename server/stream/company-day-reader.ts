import type { MunicipalityId } from "#domain/ids.ts";
import type { RideEvent } from "#server/rides/ride-events.ts";
import type { Statement } from "#server/storage/database.ts";
import {
  addTotals,
  type CompanyDayChange,
  companyDayChange,
  type DayTotals,
  NO_TOTALS,
} from "./company-day-projection.ts";
import type { LogReader } from "./log-reader.ts";

/** Keeps the lines and totals of every company's day. */
export const companyDayReader: LogReader = {
  name: "company-day",
  statements(municipality, events) {
    const changes = events.flatMap((event) => {
      const change = companyDayChange(event);
      return change ? [{ ...change, position: event.position }] : [];
    });
    const added = changes.filter((change) => change.kind === "added");
    const reversed = changes.filter((change) => change.kind === "reversed");
    return [
      ...addLines(municipality, added),
      ...reverseLines(municipality, reversed),
      ...addToTotals(municipality, changes),
    ];
  },
  async clear(tx, municipality) {
    await tx.query("DELETE FROM company_day_line WHERE municipality = $1", [municipality]);
    await tx.query("DELETE FROM company_day_total WHERE municipality = $1", [municipality]);
  },
};

interface PositionedChange extends CompanyDayChange {
  /** Of the event that makes the change. */
  readonly position: RideEvent["position"];
}

function addLines(municipality: MunicipalityId, changes: readonly PositionedChange[]): readonly Statement[] {
  if (changes.length === 0) return [];
  return [
    {
      text: `INSERT INTO company_day_line (municipality, company_id, day, position, changed_position)
     SELECT $1, company_id, day, position, position
     FROM unnest($2::text[], $3::int[], $4::bigint[]) AS line (company_id, day, position)`,
      parameters: [
        municipality,
        changes.map((change) => change.companyId),
        changes.map((change) => change.day),
        changes.map((change) => change.position),
      ],
    },
  ];
}

function reverseLines(municipality: MunicipalityId, changes: readonly PositionedChange[]): readonly Statement[] {
  if (changes.length === 0) return [];
  return [
    {
      text: `UPDATE company_day_line SET reversed = true, changed_position = change.changed_position
     FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS change (company_id, day, position, changed_position)
     WHERE company_day_line.municipality = $1 AND company_day_line.company_id = change.company_id
       AND company_day_line.day = change.day AND company_day_line.position = change.position`,
      parameters: [
        municipality,
        changes.map((change) => change.companyId),
        changes.map((change) => change.day),
        changes.map((change) => change.linePosition),
        changes.map((change) => change.position),
      ],
    },
  ];
}

function addToTotals(municipality: MunicipalityId, changes: readonly CompanyDayChange[]): readonly Statement[] {
  const sums = new Map<string, { companyId: string; day: number; totals: DayTotals }>();
  for (const { companyId, day, delta } of changes) {
    const key = `${day}/${companyId}`;
    sums.set(key, { companyId, day, totals: addTotals(sums.get(key)?.totals ?? NO_TOTALS, delta) });
  }
  if (sums.size === 0) return [];
  const rows = [...sums.values()];
  const column = (name: keyof DayTotals): number[] => rows.map((row) => row.totals[name]);
  return [
    {
      text: `INSERT INTO company_day_total AS total
       (municipality, company_id, day, rides, refused, reversed, fare_minor, subsidy_minor, rider_pays_minor)
     SELECT $1, sum.company_id, sum.day, sum.rides, sum.refused, sum.reversed, sum.fare_minor, sum.subsidy_minor,
       sum.rider_pays_minor
     FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bigint[],
       $9::bigint[]) AS sum (company_id, day, rides, refused, reversed, fare_minor, subsidy_minor, rider_pays_minor)
     ON CONFLICT (municipality, company_id, day) DO UPDATE SET
       rides = total.rides + excluded.rides, refused = total.refused + excluded.refused,
       reversed = total.reversed + excluded.reversed, fare_minor = total.fare_minor + excluded.fare_minor,
       subsidy_minor = total.subsidy_minor + excluded.subsidy_minor,
       rider_pays_minor = total.rider_pays_minor + excluded.rider_pays_minor`,
      parameters: [
        municipality,
        rows.map((row) => row.companyId),
        rows.map((row) => row.day),
        column("rides"),
        column("refused"),
        column("reversed"),
        column("fareMinor"),
        column("subsidyMinor"),
        column("riderPaysMinor"),
      ],
    },
  ];
}
