import { lastQuarterEnd } from "#domain/disclosure/pulse.ts";
import { type PaidRide, type ToldMoney, toldMoney } from "#domain/disclosure/told-money.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Sql, Statement } from "#server/storage/database.ts";
import type { PictureChange } from "./picture-projection.ts";

/** Rides that began longer before they were known are of no day that is still shown. */
const KEPT_MS = 36 * 3_600_000;

interface MoneyChange extends PictureChange {
  readonly position: number;
  readonly atMs: number;
  /** Newest instant in the events up to this one. */
  readonly newestMs: number;
}

/**
 * What events change in the rides the sum is made of. Each belongs to the quarter of the newest instant in the log up to
 * it: a quarter is over when an event of a later one is in the log, and then nothing can come to it any more.
 */
export function moneyStatements(
  municipality: MunicipalityId,
  changes: readonly MoneyChange[],
  newestMs: number,
): readonly Statement[] {
  return [
    ...addPaid(municipality, changes),
    ...takeBack(municipality, changes),
    {
      text: `INSERT INTO picture_clock AS clock (municipality, quarter_ms) VALUES ($1, $2)
     ON CONFLICT (municipality) DO UPDATE SET quarter_ms = GREATEST(clock.quarter_ms, excluded.quarter_ms)`,
      parameters: [municipality, lastQuarterEnd(newestMs)],
    },
    {
      text: `DELETE FROM picture_paid WHERE municipality = $1
       AND known_quarter_ms < (SELECT quarter_ms FROM picture_clock WHERE municipality = $1) - $2::bigint`,
      parameters: [municipality, KEPT_MS],
    },
  ];
}

function addPaid(municipality: MunicipalityId, changes: readonly MoneyChange[]): readonly Statement[] {
  const added = changes.flatMap(({ paid, ...change }) =>
    paid && paid.boardedAtMs > change.atMs - KEPT_MS ? [{ ...change, people: paid.people }] : [],
  );
  if (added.length === 0) return [];
  return [
    {
      text: `INSERT INTO picture_paid (municipality, position, day, known_quarter_ms, subsidy_minor, people)
     SELECT $1, position, day, GREATEST(quarter, (SELECT quarter_ms FROM picture_clock WHERE municipality = $1)),
       subsidy, people::jsonb
     FROM unnest($2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::text[])
       AS ride (position, day, quarter, subsidy, people)`,
      parameters: [
        municipality,
        added.map((ride) => ride.position),
        added.map((ride) => ride.day),
        added.map((ride) => lastQuarterEnd(ride.newestMs)),
        added.map((ride) => ride.subsidyMinor),
        added.map((ride) => JSON.stringify(ride.people)),
      ],
    },
  ];
}

function takeBack(municipality: MunicipalityId, changes: readonly MoneyChange[]): readonly Statement[] {
  const reversed = changes.filter((change) => change.reversedPosition !== null);
  if (reversed.length === 0) return [];
  return [
    {
      text: `UPDATE picture_paid SET reversed_quarter_ms =
       GREATEST(change.quarter, (SELECT quarter_ms FROM picture_clock WHERE municipality = $1))
     FROM unnest($2::bigint[], $3::bigint[]) AS change (position, quarter)
     WHERE picture_paid.municipality = $1 AND picture_paid.position = change.position`,
      parameters: [
        municipality,
        reversed.map((change) => change.reversedPosition),
        reversed.map((change) => lastQuarterEnd(change.newestMs)),
      ],
    },
  ];
}

/** Reads what may be told of a local day's money. */
export type MoneyReader = (sql: Sql, municipality: MunicipalityId, day: number) => Promise<ToldMoney>;

/** A reader with a memory: what was found stays true for as long as the log's clock stands in the same quarter. */
export function createMoneyReader(): MoneyReader {
  const known = new Map<
    MunicipalityId,
    { readonly day: number; readonly quarterMs: number; readonly told: ToldMoney }
  >();
  return async (sql, municipality, day) => {
    const [clock] = await sql.query<{ quarter_ms: number }>(
      "SELECT quarter_ms FROM picture_clock WHERE municipality = $1",
      [municipality],
    );
    const quarterMs = clock?.quarter_ms ?? 0;
    const before = known.get(municipality);
    if (before?.day === day && before.quarterMs === quarterMs) return before.told;
    const told = toldMoney(await readPaid(sql, municipality, day), quarterMs);
    known.set(municipality, { day, quarterMs, told });
    return told;
  };
}

async function readPaid(sql: Sql, municipality: MunicipalityId, day: number): Promise<readonly PaidRide[]> {
  return sql.query<PaidRide>(
    `SELECT known_quarter_ms AS "knownQuarterMs", reversed_quarter_ms AS "reversedQuarterMs",
       subsidy_minor AS "subsidyMinor", people
     FROM picture_paid WHERE municipality = $1 AND day = $2 ORDER BY position`,
    [municipality, day],
  );
}
