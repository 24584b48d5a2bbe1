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
    const ofKind = <Kind extends Positioned["kind"]>(kind: Kind) =>
      changes.filter((change): change is Extract<Positioned, { kind: Kind }> => change.kind === kind);
    const [added, shown, reversed] = [ofKind("added"), ofKind("shown"), ofKind("reversed")];
    // A line comes before what changes it; nothing shown after a reversal changes it.
    return [
      ...addLines(municipality, added),
      ...addToTotals(municipality, [...added, ...reversed]),
      ...showOnLines(municipality, shown),
      ...reverseLines(municipality, reversed),
    ];
  },
  async clear(tx, municipality) {
    await tx.query("DELETE FROM company_day_line WHERE municipality = $1", [municipality]);
    await tx.query("DELETE FROM company_day_total WHERE municipality = $1", [municipality]);
  },
};

/** A change with the position of the event that makes it. */
type Positioned = CompanyDayChange & { readonly position: RideEvent["position"] };
type OnDay = Exclude<Positioned, { kind: "shown" }>;
type Shown = Extract<Positioned, { kind: "shown" }>;

function addLines(municipality: MunicipalityId, changes: readonly OnDay[]): readonly Statement[] {
  if (changes.length === 0) return [];
  return [
    {
      text: `INSERT INTO company_day_line
       (municipality, company_id, day, position, changed_position, city_bears_minor, company_bears_minor)
     SELECT $1, company_id, day, position, position, city_bears_minor, company_bears_minor
     FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
       AS line (company_id, day, position, city_bears_minor, company_bears_minor)`,
      parameters: [
        municipality,
        changes.map((change) => change.companyId),
        changes.map((change) => change.day),
        changes.map((change) => change.position),
        changes.map((change) => change.delta.cityBearsMinor),
        changes.map((change) => change.delta.companyBearsMinor),
      ],
    },
  ];
}

/** Adds what was shown later to lines and totals; the day is the one in the ride's own event. */
function showOnLines(municipality: MunicipalityId, changes: readonly Shown[]): readonly Statement[] {
  // One row a line: a ride may have been shown twice in one batch.
  const byLine = new Map<number, Shown>();
  for (const change of changes) {
    const earlier = byLine.get(change.linePosition);
    const delta = earlier ? addTotals(earlier.delta, change.delta) : change.delta;
    byLine.set(change.linePosition, { ...change, delta });
  }
  if (byLine.size === 0) return [];
  const rows = [...byLine.values()];
  return [
    {
      text: `WITH showing AS (
       SELECT s.*, (e.body->'boarding'->'local'->>'day')::int AS day
       FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
         AS s (company_id, position, changed_position, city_bears_minor, company_bears_minor)
       JOIN event e ON e.municipality = $1 AND e.position = s.position
     ), line AS (
       UPDATE company_day_line line SET changed_position = showing.changed_position,
         city_bears_minor = line.city_bears_minor + showing.city_bears_minor,
         company_bears_minor = line.company_bears_minor + showing.company_bears_minor
       FROM showing
       WHERE line.municipality = $1 AND line.company_id = showing.company_id AND line.day = showing.day
         AND line.position = showing.position
     )
     UPDATE company_day_total total SET
       city_bears_minor = total.city_bears_minor + sum.city_bears_minor,
       company_bears_minor = total.company_bears_minor + sum.company_bears_minor
     FROM (SELECT company_id, day, sum(city_bears_minor)::bigint AS city_bears_minor,
             sum(company_bears_minor)::bigint AS company_bears_minor
           FROM showing GROUP BY company_id, day) sum
     WHERE total.municipality = $1 AND total.company_id = sum.company_id AND total.day = sum.day`,
      parameters: [
        municipality,
        rows.map((change) => change.companyId),
        rows.map((change) => change.linePosition),
        rows.map((change) => change.position),
        rows.map((change) => change.delta.cityBearsMinor),
        rows.map((change) => change.delta.companyBearsMinor),
      ],
    },
  ];
}

function reverseLines(municipality: MunicipalityId, changes: readonly OnDay[]): readonly Statement[] {
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

function addToTotals(municipality: MunicipalityId, changes: readonly OnDay[]): readonly Statement[] {
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
       (municipality, company_id, day, rides, refused, reversed, fare_minor, subsidy_minor, rider_pays_minor,
        city_bears_minor, company_bears_minor)
     SELECT $1, sum.company_id, sum.day, sum.rides, sum.refused, sum.reversed, sum.fare_minor, sum.subsidy_minor,
       sum.rider_pays_minor, sum.city_bears_minor, sum.company_bears_minor
     FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[],
       $10::bigint[], $11::bigint[]) AS sum (company_id, day, rides, refused, reversed, fare_minor, subsidy_minor,
       rider_pays_minor, city_bears_minor, company_bears_minor)
     ON CONFLICT (municipality, company_id, day) DO UPDATE SET
       rides = total.rides + excluded.rides, refused = total.refused + excluded.refused,
       reversed = total.reversed + excluded.reversed, fare_minor = total.fare_minor + excluded.fare_minor,
       subsidy_minor = total.subsidy_minor + excluded.subsidy_minor,
       rider_pays_minor = total.rider_pays_minor + excluded.rider_pays_minor,
       city_bears_minor = total.city_bears_minor + excluded.city_bears_minor,
       company_bears_minor = total.company_bears_minor + excluded.company_bears_minor`,
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
        column("cityBearsMinor"),
        column("companyBearsMinor"),
      ],
    },
  ];
}
