import type { EntitlementId } from "#domain/ids.ts";
import type { LocalMoment } from "#domain/time/local.ts";
import type { Sql } from "#server/storage/database.ts";
import * as sql from "#server/storage/ride-sql.ts";
import type { Loaded, LoadedHold, LoadedQuarantine, LoadedRide } from "../batch/loaded.ts";
import { personSpanKey, tokenKey, vehicleSpanKey } from "../batch/loaded.ts";
import type { Operation, PreparedRider, ReadCard, RecordOperation } from "../batch/operation.ts";
import { endsOf, keyBesideOther, ridersOf as namedRiders } from "../batch/quarantined.ts";
import { countersOf } from "../batch/standings.ts";
import { type Usage, UsageBook, type UsageKey, usageKeyText } from "../batch/usage-book.ts";
import type { RideContext } from "../ride-context.ts";
import { groupBy } from "./group-by.ts";
import {
  type HoldRow,
  holdOf,
  readCredentials,
  readDetails,
  readOpenings,
  readStanding,
  readTouches,
  type Standing,
} from "./read-rows.ts";

/** Where a batch reads. */
export interface LoadScope {
  readonly context: RideContext;
  readonly personKey: Loaded["personKey"];
}

/** Reads and locks everything a batch of operations needs, in the one order of locks. */
export async function loadBatch(tx: Sql, scope: LoadScope, operations: readonly Operation[]): Promise<Loaded> {
  const { context, personKey } = scope;
  const municipality = context.city.id;
  const rideKeys = operations.flatMap((operation) => ("rideKey" in operation ? [operation.rideKey] : []));
  const withHolds = operations.flatMap((operation) =>
    mayHaveHolds(operation) && "rideKey" in operation ? [operation.rideKey] : [],
  );
  const addedTo = keysThatNeedDetails(operations);
  if (addedTo.length > 0) await tx.query(sql.LOCK_RIDES, [municipality, addedTo]);
  const begun = keysOf(operations, "open", "cancel");
  const locking = begun.length > 0 ? tx.query(sql.LOCK_BEGUN, [municipality, begun]) : null;
  // Sent together where nothing read first tells which cards are meant.
  const cards = operations.some((operation) => operation.kind === "resolve") ? null : cardsOf(operations, null);
  const [standingNow, early] = await Promise.all([
    readStanding(tx, municipality, rideKeys, withHolds),
    cards && readCredentials(tx, municipality, cards),
    locking,
  ]);
  let standing = standingNow;
  // A cancellation may have waited for its holds until another process had recorded the ride: now it can be seen.
  if (keysOf(operations, "cancel").length > 0) standing = await readStanding(tx, municipality, rideKeys, withHolds);
  const foreignHolds = await readForeignHolds(tx, municipality, operations, standing);
  standing = await addBesideOthers(tx, municipality, operations, standing);
  const rides = await readDetails(tx, municipality, standing.rides, addedTo);
  const opened = await readOpenings(tx, municipality, keysOf(operations, "cancel"));
  const touches = await readTouches(tx, municipality, touchesOf(operations));
  const credentials = early ?? (await readCredentials(tx, municipality, cardsOf(operations, standing)));
  const holds = await addExpiredHolds(tx, municipality, operations, standing.holds);
  const found = { rides, holds, quarantined: standing.quarantined, ...credentials };
  const { usage, overlapping } = await lockUsage(tx, context, operations, found);
  const holdsOfRide = groupBy(holds.values(), (hold) => hold.rideKey);
  return { ...standing, ...found, opened, touches, holdsOfRide, foreignHolds, usage, overlapping, personKey };
}

function keysOf(operations: readonly Operation[], ...kinds: readonly ("open" | "cancel")[]): readonly string[] {
  return operations.flatMap((operation) =>
    (operation.kind === "open" || operation.kind === "cancel") && kinds.includes(operation.kind)
      ? [operation.rideKey]
      : [],
  );
}

function keysThatNeedDetails(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap((operation) =>
    operation.kind === "reverse" || operation.kind === "present" ? [operation.rideKey] : [],
  );
}

function touchesOf(operations: readonly Operation[]): readonly { terminalId: string; touchId: string }[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== "open") return [];
    const { terminalId, touchId, companions } = operation;
    return [touchId, ...companions].map((id) => ({ terminalId, touchId: id }));
  });
}

/** Riders of the rides that passed validation. */
function ridersOf(operation: RecordOperation): readonly PreparedRider[] {
  return operation.ride.ok ? operation.ride.value.riders : [];
}

/** Quarantined rides that a person now accepts: their riders' uses are counted. */
function acceptedOf(
  operation: Operation,
  { quarantined }: Pick<Standing, "quarantined">,
): LoadedQuarantine | undefined {
  if (operation.kind !== "resolve" || !operation.accept) return undefined;
  const held = quarantined.get(operation.rideKey);
  return held?.resolution === null ? held : undefined;
}

function cardsOf(
  operations: readonly Operation[],
  standing: Standing | null,
): { cards: readonly ReadCard[]; credentialIds: readonly string[] } {
  const cards: ReadCard[] = [];
  const credentialIds: string[] = [];
  for (const operation of operations) {
    if (operation.kind === "open") cards.push(operation.card);
    for (const rider of (standing && acceptedOf(operation, standing))?.submission.riders ?? []) {
      if (rider.credentialId !== null) credentialIds.push(rider.credentialId);
    }
    if (operation.kind !== "record") continue;
    for (const rider of operation.named) {
      if (rider.kind === "card") cards.push(rider.card);
      else if (rider.kind === "credential") credentialIds.push(rider.credentialId);
    }
  }
  return { cards, credentialIds };
}

/** Rides that can have holds: those of migration terminals never do. */
function mayHaveHolds(operation: Operation): boolean {
  if (operation.kind === "record") return operation.named.some((rider) => rider.kind !== "credential");
  return ["open", "cancel", "resolve", "reverse"].includes(operation.kind);
}

async function addExpiredHolds(
  tx: Sql,
  municipality: string,
  operations: readonly Operation[],
  holds: Map<string, LoadedHold>,
): Promise<Map<string, LoadedHold>> {
  for (const operation of operations) {
    if (operation.kind !== "expire") continue;
    const rows = await tx.query<HoldRow>(sql.LOCK_EXPIRED_HOLDS, [municipality, operation.beforeMs, operation.limit]);
    for (const row of rows) if (!holds.has(row.hold_id)) holds.set(row.hold_id, holdOf(row));
  }
  return holds;
}

/** Where a ride that was shown meets its id with other facts: whether it has been kept beside the other before. */
async function addBesideOthers(
  tx: Sql,
  municipality: string,
  operations: readonly Operation[],
  standing: Standing,
): Promise<Standing> {
  const keys = operations.flatMap((operation) => {
    if (operation.kind !== "record" || !operation.presented) return [];
    const other = standing.rides.get(operation.rideKey) ?? standing.quarantined.get(operation.rideKey);
    const isOther = other !== undefined && Buffer.compare(other.factsHash, operation.factsHash) !== 0;
    return isOther ? [keyBesideOther(operation)] : [];
  });
  if (keys.length === 0) return standing;
  const beside = await readStanding(tx, municipality, keys, []);
  return { ...standing, quarantined: new Map([...standing.quarantined, ...beside.quarantined]) };
}

/**
 * Holds that rides of the batch name and that belong to others. A hold that is nowhere may just have been consumed by
 * the same ride, sent to another process at the same moment: such rides are looked up once more.
 */
async function readForeignHolds(
  tx: Sql,
  municipality: string,
  operations: readonly Operation[],
  standing: Standing,
): Promise<ReadonlySet<string>> {
  const named: string[] = [];
  const rideKeys: string[] = [];
  for (const operation of operations) {
    if (operation.kind !== "record" || standing.rides.has(operation.rideKey)) continue;
    for (const rider of ridersOf(operation)) {
      if (rider.kind !== "hold" || standing.holds.get(rider.holdId)?.rideKey === operation.rideKey) continue;
      named.push(rider.holdId);
      rideKeys.push(operation.rideKey);
    }
  }
  if (named.length === 0) return new Set();
  const rows = await tx.query<{ hold_id: string }>(sql.READ_HOLD_IDS, [municipality, named]);
  const again = await readStanding(tx, municipality, rideKeys, []);
  for (const [key, ride] of again.rides) standing.rides.set(key, ride);
  return new Set(rows.map((row) => row.hold_id));
}

type Found = Pick<Loaded, "rides" | "holds" | "quarantined" | "credentialsById" | "credentialsByToken">;
type Moment = Pick<LocalMoment, "day" | "month" | "fiscalYear">;

/** The person a card or credential of the batch belongs to. */
function personOf(found: Found, rider: PreparedRider | { kind: "card"; card: ReadCard }): EntitlementId | undefined {
  switch (rider.kind) {
    case "hold":
      return found.holds.get(rider.holdId)?.entitlementId;
    case "credential":
      return found.credentialsById.get(rider.credentialId)?.entitlementId;
    case "card":
      return rider.card.token ? found.credentialsByToken.get(tokenKeyOf(rider.card.token))?.entitlementId : undefined;
    default:
      return rider satisfies never;
  }
}

function tokenKeyOf({ bytes, keyVersion }: NonNullable<ReadCard["token"]>): string {
  return tokenKey(keyVersion, bytes);
}

/** Locks the counters of a batch and finds the rides that overlap earlier ones. */
async function lockUsage(
  tx: Sql,
  context: RideContext,
  operations: readonly Operation[],
  found: Found,
): Promise<Pick<Loaded, "usage" | "overlapping">> {
  const wanted = wantedCounters(context, operations, found);
  const spans = spansOf(operations, found);
  const overlapping = new Set<string>();
  if (wanted.size === 0 && spans.vehicles.length === 0) return { usage: new UsageBook([]), overlapping };
  const keys = [...wanted.values()].sort(byName);
  const counters: Usage[] = [];
  const parameters = [...usageArrays(context, keys), ...spanArrays(context, spans)];
  for (const row of await tx.query<UsageRow | OverlapRow>(sql.LOCK_USAGE, parameters)) {
    if (row.kind === "overlap") overlapping.add(row.name);
    else {
      const usage = usageOf(row);
      counters.push(usage);
      wanted.delete(usageKeyText(usage));
    }
  }
  const fresh = keys.filter((key) => wanted.has(usageKeyText(key))).map(newUsage);
  return { usage: new UsageBook([...counters, ...fresh]), overlapping };
}

/** Every counter the batch may change. */
function wantedCounters(context: RideContext, operations: readonly Operation[], found: Found): Map<string, UsageKey> {
  const wanted = new Map<string, UsageKey>();
  const want = (entitlement: EntitlementId | undefined, at: Moment): void => {
    if (entitlement === undefined) return;
    for (const key of countersOf({ context }, entitlement, at)) wanted.set(usageKeyText(key), key);
  };
  for (const hold of found.holds.values()) want(hold.entitlementId, hold.at);
  for (const operation of operations) {
    if (operation.kind === "record" && operation.ride.ok && !found.rides.has(operation.rideKey)) {
      const { riders, boarding } = operation.ride.value;
      for (const rider of riders) want(personOf(found, rider), boarding.local);
    } else if (operation.kind === "open") {
      want(personOf(found, { kind: "card", card: operation.card }), operation.boarding.local);
    } else if (operation.kind === "reverse") wantCounted(found.rides.get(operation.rideKey), wanted);
    const accepted = acceptedOf(operation, found);
    if (accepted) {
      const { boarding } = endsOf(context, accepted);
      for (const { entitlement } of namedRiders(context, accepted, found.credentialsById)) {
        want(entitlement ?? undefined, boarding.local);
      }
    }
  }
  return wanted;
}

function newUsage(key: UsageKey): Usage {
  return { ...key, uses: 0, heldUses: 0, moneyMinor: 0, isChanged: false, isNew: true };
}

function wantCounted(ride: LoadedRide | undefined, wanted: Map<string, UsageKey>): void {
  for (const { entitlementId, periods } of ride?.riders ?? []) {
    for (const [kind, key] of periods) {
      const name = { entitlementId, kind, key };
      wanted.set(usageKeyText(name), name);
    }
  }
}

function byName(a: UsageKey, b: UsageKey): number {
  if (a.entitlementId !== b.entitlementId) return a.entitlementId < b.entitlementId ? -1 : 1;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.key - b.key;
}

function usageArrays({ city }: RideContext, keys: readonly UsageKey[]): readonly unknown[] {
  return [city.id, keys.map((key) => key.entitlementId), keys.map((key) => key.kind), keys.map((key) => key.key)];
}

interface UsageRow {
  readonly kind: "usage";
  readonly name: EntitlementId;
  readonly period_kind: UsageKey["kind"];
  readonly period_key: number;
  readonly uses: number;
  readonly held_uses: number;
  readonly money_minor: number;
}

interface OverlapRow {
  readonly kind: "overlap";
  readonly name: string;
}

function usageOf(row: UsageRow): Usage {
  return {
    entitlementId: row.name,
    kind: row.period_kind,
    key: row.period_key,
    uses: row.uses,
    heldUses: row.held_uses,
    moneyMinor: row.money_minor,
    isChanged: false,
    isNew: false,
  };
}

/** Name, vehicle or person, from, to. */
type Span = readonly [string, string, number, number];

interface Spans {
  readonly vehicles: readonly Span[];
  readonly people: readonly Span[];
}

/** Spans of the new rides. */
function spansOf(operations: readonly Operation[], found: Found): Spans {
  const vehicles: Span[] = [];
  const people: Span[] = [];
  for (const operation of operations) {
    if (operation.kind !== "record" || !operation.ride.ok || found.rides.has(operation.rideKey)) continue;
    const { rideKey } = operation;
    const { boarding, alighting, vehicleId, riders } = operation.ride.value;
    vehicles.push([vehicleSpanKey(rideKey), vehicleId, boarding.atMs, alighting.atMs]);
    for (const person of new Set(riders.map((rider) => personOf(found, rider)))) {
      if (person) people.push([personSpanKey(rideKey, person), person, boarding.atMs, alighting.atMs]);
    }
  }
  return { vehicles, people };
}

const MS_PER_MINUTE = 60_000;

function spanArrays({ city }: RideContext, { vehicles, people }: Spans): readonly unknown[] {
  const columns = (spans: readonly Span[]): readonly unknown[] =>
    ([0, 1, 2, 3] as const).map((column) => spans.map((span) => span[column]));
  return [...columns(vehicles), city.absurdRideMinutes * MS_PER_MINUTE, ...columns(people)];
}
