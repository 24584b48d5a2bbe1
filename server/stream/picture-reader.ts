import type { MunicipalityId } from "#domain/ids.ts";
import type { Statement } from "#server/storage/database.ts";
import type { LogReader } from "./log-reader.ts";
import { moneyStatements } from "./picture-money.ts";
import { type PictureChange, pictureChange } from "./picture-projection.ts";

/** Rides that began longer ago are of no pulse any more. */
const KEPT_MS = 3 * 3_600_000;

/** A change with the newest instant in the events up to it. */
type PositionedChange = PictureChange & {
  readonly position: number;
  readonly atMs: number;
  readonly newestMs: number;
};

/** Keeps the counters of the city and what the pulses are made of. */
export const pictureReader: LogReader = {
  name: "picture",
  statements(municipality, events) {
    let newestMs = 0;
    const changes = events.flatMap((event): PositionedChange[] => {
      newestMs = Math.max(newestMs, event.atMs);
      const change = pictureChange(event);
      return change ? [{ ...change, position: event.position, atMs: event.atMs, newestMs }] : [];
    });
    const money = moneyStatements(municipality, changes, newestMs);
    if (changes.length === 0) return money;
    return [
      ...addToDays(municipality, changes),
      ...addRides(municipality, changes),
      ...reverseRides(municipality, changes),
      ...forgetOldRides(municipality, changes.at(-1)?.atMs ?? 0),
      ...money,
    ];
  },
  async clear(tx, municipality) {
    await tx.query("DELETE FROM picture_day WHERE municipality = $1", [municipality]);
    await tx.query("DELETE FROM picture_ride WHERE municipality = $1", [municipality]);
    await tx.query("DELETE FROM picture_paid WHERE municipality = $1", [municipality]);
    await tx.query("DELETE FROM picture_clock WHERE municipality = $1", [municipality]);
  },
};

function addToDays(municipality: MunicipalityId, changes: readonly PictureChange[]): readonly Statement[] {
  const days = new Map<number, { rides: number; refused: number; subsidyMinor: number }>();
  for (const change of changes) {
    const sum = days.get(change.day) ?? { rides: 0, refused: 0, subsidyMinor: 0 };
    days.set(change.day, sum);
    sum.rides += change.rides;
    sum.refused += change.refused;
    sum.subsidyMinor += change.subsidyMinor;
  }
  const sums = [...days.values()];
  return [
    {
      text: `INSERT INTO picture_day AS total (municipality, day, rides, refused, subsidy_minor)
     SELECT $1, sum.day, sum.rides, sum.refused, sum.subsidy_minor
     FROM unnest($2::int[], $3::int[], $4::int[], $5::bigint[]) AS sum (day, rides, refused, subsidy_minor)
     ON CONFLICT (municipality, day) DO UPDATE SET rides = total.rides + excluded.rides,
       refused = total.refused + excluded.refused, subsidy_minor = total.subsidy_minor + excluded.subsidy_minor`,
      parameters: [
        municipality,
        [...days.keys()],
        sums.map((sum) => sum.rides),
        sums.map((sum) => sum.refused),
        sums.map((sum) => sum.subsidyMinor),
      ],
    },
  ];
}

/** Only rides that can still be part of a pulse are kept; which those are follows from the log's own times. */
function addRides(municipality: MunicipalityId, changes: readonly PositionedChange[]): readonly Statement[] {
  const recent = changes.flatMap(({ began, position, atMs }) =>
    began && began.boardedAtMs > atMs - KEPT_MS ? [{ ...began, position, atMs }] : [],
  );
  if (recent.length === 0) return [];
  return [
    {
      text: `INSERT INTO picture_ride (municipality, position, boarded_at_ms, known_at_ms, zone, people)
     SELECT $1, position, boarded, known, zone, people::jsonb
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
       AS ride (position, boarded, known, zone, people)`,
      parameters: [
        municipality,
        recent.map((ride) => ride.position),
        recent.map((ride) => ride.boardedAtMs),
        recent.map((ride) => ride.atMs),
        recent.map((ride) => ride.zone),
        recent.map((ride) => JSON.stringify(ride.people)),
      ],
    },
  ];
}

function reverseRides(municipality: MunicipalityId, changes: readonly PositionedChange[]): readonly Statement[] {
  const reversed = changes.filter((change) => change.reversedPosition !== null);
  if (reversed.length === 0) return [];
  return [
    {
      text: `UPDATE picture_ride SET reversed_at_ms = change.at
     FROM unnest($2::bigint[], $3::bigint[]) AS change (position, at)
     WHERE picture_ride.municipality = $1 AND picture_ride.position = change.position`,
      parameters: [
        municipality,
        reversed.map((change) => change.reversedPosition),
        reversed.map((change) => change.atMs),
      ],
    },
  ];
}

function forgetOldRides(municipality: MunicipalityId, newestMs: number): readonly Statement[] {
  return [
    {
      text: "DELETE FROM picture_ride WHERE municipality = $1 AND boarded_at_ms <= $2",
      parameters: [municipality, newestMs - KEPT_MS],
    },
  ];
}
