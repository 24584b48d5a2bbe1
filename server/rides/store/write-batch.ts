import { assert } from "#domain/assert.ts";
import type { Transaction } from "#server/storage/database.ts";
import { INSERT_USAGE, type WritePart, writeStatement } from "#server/storage/ride-sql.ts";
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

/** Arrays of every part, in the order of its placeholders (server/storage/ride-sql.ts). */
function partsOf(writes: Writes, usage: UsageBook): readonly (readonly [WritePart, Columns])[] {
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
      "people",
      columns(writes.people, [(r) => r.entitlementId, (r) => r.boardedAtMs, (r) => r.rideKey, (r) => r.alightedAtMs]),
    ],
    [
      "erasables",
      columns(writes.erasables, [
        (r) => r.rideKey,
        (r) => r.salt,
        (r) => r.boarding?.latE6,
        (r) => r.boarding?.lngE6,
        (r) => r.alighting?.latE6,
        (r) => r.alighting?.lngE6,
        (r) => r.purpose,
      ]),
    ],
    [
      "postings",
      columns(writes.postings, [(r) => r.event, (r) => r.account, (r) => r.amountMinor, (r) => r.companyId]),
    ],
    ["presented", presentedColumns(writes)],
    ["usage", usageColumns(usage.changed().filter((counter) => !counter.isNew))],
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

function touchParts(writes: Writes): readonly (readonly [WritePart, Columns])[] {
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

function rareParts(writes: Writes): readonly (readonly [WritePart, Columns])[] {
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
  const first = fresh.length > 0 ? [{ text: INSERT_USAGE, parameters: [scope.municipality, ...fresh] }] : [];
  const parts = partsOf(writes, scope.usage).filter(([, arrays]) => arrays.length > 0);
  const last = {
    text: writeStatement(parts.map(([part]) => part)),
    parameters: [scope.municipality, writes.events.length, scope.nowMs, ...parts.flatMap(([, arrays]) => arrays)],
  };
  const [row] = await tx.finish<{ base: number }>([...first, last]);
  assert(row !== undefined, "the municipality has no log head");
  return row.base;
}
