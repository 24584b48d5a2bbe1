import { assert } from "#domain/assert.ts";
import type { Transaction } from "#server/storage/database.ts";
import { aheadStatement, INSERT_USAGE, type WritePart, writeStatement } from "#server/storage/ride-sql.ts";
import type { Loaded, LoadedHold } from "../batch/loaded.ts";
import type { Usage, UsageBook } from "../batch/usage-book.ts";
import type { Writes } from "../batch/writes.ts";

/** Parameters of a part: one array a column, or JSON text. */
type Columns = readonly (readonly unknown[] | string)[];
type Cell<Row> = (row: Row, index: number) => unknown;

/** One array per column, or nothing when there are no rows. */
function columns<Row>(rows: readonly Row[], cells: readonly Cell<Row>[]): Columns {
  return rows.length === 0 ? [] : cells.map((cell) => rows.map(cell));
}

type Part = readonly [WritePart, Columns];

/**
 * Arrays of the parts that need no position, in the order of their placeholders (server/storage/ride-sql.ts). Rows with a
 * key of their own are sorted by it: of two processes that write the same ride at once one waits, and neither for the other.
 */
function partsAhead(writes: Writes, usage: UsageBook): readonly Part[] {
  const people = writes.people.toSorted(
    (a, b) => compare(a.entitlementId, b.entitlementId) || compare(a.rideKey, b.rideKey),
  );
  const erasables = writes.erasables.toSorted((a, b) => compare(a.rideKey, b.rideKey));
  return [
    ["usage", usageColumns(usage.changed().filter((counter) => !counter.isNew))],
    [
      "people",
      columns(people, [(r) => r.entitlementId, (r) => r.boardedAtMs, (r) => r.rideKey, (r) => r.alightedAtMs]),
    ],
    [
      "erasables",
      columns(erasables, [
        (r) => r.rideKey,
        (r) => r.salt,
        (r) => r.boarding?.latE6,
        (r) => r.boarding?.lngE6,
        (r) => r.alighting?.latE6,
        (r) => r.alighting?.lngE6,
        (r) => r.purpose,
      ]),
    ],
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Arrays of the other parts. */
function partsOf(writes: Writes): readonly Part[] {
  const ended = [...new Set(writes.endedHolds)];
  const isConsumed = (hold: LoadedHold): boolean => hold.state === "consumed";
  return [
    ["events", eventColumns(writes)],
    [
      "rides",
      columns(writes.rides, [
        (r) => r.event,
        (r) => r.rideKey,
        (r) => r.factsHash,
        (r) => r.status,
        (r) => r.vehicleId,
        (r) => r.companyId,
        (r) => r.boardedAtMs,
        (r) => r.alightedAtMs,
        (r) => r.boardingDay,
        (r) => r.fareMinor,
        (r) => r.subsidyMinor,
        (r) => r.riderPaysMinor,
        (r) => r.uses,
        (r) => r.schemeVersion,
        (r) => JSON.stringify(r.riders),
      ]),
    ],
    [
      "postings",
      columns(writes.postings, [(r) => r.event, (r) => r.account, (r) => r.amountMinor, (r) => r.companyId]),
    ],
    ["presented", presentedColumns(writes)],
    ["consumedHolds", columns(ended.filter(isConsumed), [(r) => r.holdId])],
    [
      "releasedHolds",
      columns(
        ended.filter((hold) => !isConsumed(hold)),
        [(r) => r.holdId, (r) => r.state],
      ),
    ],
    ...touchParts(writes),
    ...rareParts(writes),
  ];
}

function eventColumns({ events }: Writes): Columns {
  if (events.length === 0) return [];
  const bodies = `[${events.map((r) => JSON.stringify(r.body)).join(",")}]`;
  return [...columns(events, [(r) => r.type, (r) => r.rideKey]), bodies];
}

function usageColumns(counters: readonly Usage[]): Columns {
  return columns(counters, [
    (r) => r.entitlementId,
    (r) => r.kind,
    (r) => r.key,
    (r) => r.uses,
    (r) => r.heldUses,
    (r) => r.moneyMinor,
  ]);
}

function presentedColumns(writes: Writes): Columns {
  return columns(writes.presented, [
    (r) => r.event,
    (r) => r.rideKey,
    (r) => r.seq,
    (r) => r.shownAtMs,
    (r) => r.offline,
    (r) => r.subsidyMinor,
    (r) => r.riderPaysMinor,
  ]);
}

function touchParts(writes: Writes): readonly Part[] {
  return [
    [
      "openings",
      columns(writes.openings, [(r) => r.rideKey, (r) => r.boardedAtMs, (r) => r.vehicleId, (r) => r.companyId]),
    ],
    [
      "newHolds",
      columns(writes.newHolds, [
        (r) => r.holdId,
        (r) => r.rideKey,
        (r) => r.entitlementId,
        (r) => r.credentialId,
        (r) => r.validFromDay,
        (r) => r.validToDay,
        (r) => r.assurance,
        (r) => r.uses,
        (r) => r.expiresAtMs,
        (r) => r.at.day,
        (r) => r.at.month,
        (r) => r.at.fiscalYear,
      ]),
    ],
    [
      "touches",
      columns(writes.touches, [
        (r) => r.event,
        (r) => r.terminalId,
        (r) => r.touchId,
        (r) => r.rideKey,
        (r) => r.factsHash,
        (r) => r.entitlementId,
      ]),
    ],
  ];
}

function rareParts(writes: Writes): readonly Part[] {
  return [
    [
      "cancellations",
      columns(writes.cancellations, [(r) => r.event, (r) => r.rideKey, (r) => r.reason, (r) => r.releasedHolds]),
    ],
    ["reversals", columns(writes.reversals, [(r) => r.event, (r) => r.rideKey, (r) => r.by, (r) => r.reason])],
    [
      "quarantines",
      columns(writes.quarantines, [
        (r) => r.event,
        (r) => r.rideKey,
        (r) => r.factsHash,
        (r) => r.reason,
        (r) => r.vehicleId,
        (r) => r.companyId,
        (r) => r.fareMinor,
        (r) => r.shownSubsidyMinor,
        (r) => JSON.stringify(r.submission),
      ]),
    ],
    [
      "resolutions",
      columns(writes.resolutions, [(r) => r.event, (r) => r.rideKey, (r) => r.accepted, (r) => r.by, (r) => r.reason]),
    ],
  ];
}

/**
 * Writes a batch, takes its log positions in the last statement, and commits.
 * @returns the position before the batch's first event
 */
export async function writeBatch(
  tx: Transaction,
  scope: { readonly municipality: string; readonly nowMs: number; readonly usage: Loaded["usage"] },
  writes: Writes,
): Promise<number> {
  const fresh = usageColumns(scope.usage.changed().filter((counter) => counter.isNew));
  if (fresh.length > 0) await tx.ahead({ text: INSERT_USAGE, parameters: [scope.municipality, ...fresh] });
  const ahead = filled(partsAhead(writes, scope.usage));
  if (ahead.length > 0) {
    await tx.ahead({ text: aheadStatement(namesOf(ahead)), parameters: [scope.municipality, ...arraysOf(ahead)] });
  }
  const parts = filled(partsOf(writes));
  const [row] = await tx.finish<{ base: number }>([
    {
      text: writeStatement(namesOf(parts)),
      parameters: [scope.municipality, writes.events.length, scope.nowMs, ...arraysOf(parts)],
    },
  ]);
  assert(row !== undefined, "the municipality has no log head");
  return row.base;
}

const filled = (parts: readonly Part[]): readonly Part[] => parts.filter(([, arrays]) => arrays.length > 0);
const namesOf = (parts: readonly Part[]): readonly WritePart[] => parts.map(([name]) => name);
const arraysOf = (parts: readonly Part[]): readonly unknown[] => parts.flatMap(([, arrays]) => arrays);
