import type { Assurance } from "#domain/card/assurance.ts";
import type { CompanyId, CredentialId, EntitlementId, HoldId, VehicleId } from "#domain/ids.ts";
import { type Minor, minor } from "#domain/money/money.ts";
import type { Account, Posting } from "#domain/settlement/postings.ts";
import type { Sql } from "#server/storage/database.ts";
import * as sql from "#server/storage/ride-sql.ts";
import {
  type CountedRider,
  type Loaded,
  type LoadedCredential,
  type LoadedHold,
  type LoadedOpening,
  type LoadedQuarantine,
  type LoadedRide,
  type LoadedTouch,
  type QuarantinedSubmission,
  tokenKey,
  touchKey,
} from "../batch/loaded.ts";
import type { ReadCard } from "../batch/operation.ts";
import type { RideBody, TouchBody } from "../ride-events.ts";
import type { Presented } from "../ride-service.ts";
import { groupBy } from "./group-by.ts";

interface StandingRow {
  readonly kind: "ride" | "quarantine" | "cancelled" | "hold";
  readonly ride_key: string;
  readonly facts_hash: Uint8Array;
  readonly position: number;
  readonly word: string;
  readonly detail: unknown;
  readonly body: unknown;
  readonly later_position: number | null;
  readonly at_ms: number;
}

/** What stands under some ride keys, and locked holds. */
export interface Standing extends Pick<Loaded, "quarantined" | "cancelled"> {
  readonly rides: Map<string, LoadedRide>;
  readonly holds: Map<string, LoadedHold>;
}

/** Reads what stands under ride keys, and locks the holds of some of them. */
export async function readStanding(
  tx: Sql,
  municipality: string,
  rideKeys: readonly string[],
  keysWithHolds: readonly string[],
): Promise<Standing> {
  const rides = new Map<string, LoadedRide>();
  const quarantined = new Map<string, LoadedQuarantine>();
  const cancelled = new Map<string, { releasedHolds: number }>();
  const holds = new Map<string, LoadedHold>();
  if (rideKeys.length === 0) return { rides, quarantined, cancelled, holds };
  for (const row of await tx.query<StandingRow>(sql.READ_STANDING, [municipality, rideKeys, keysWithHolds])) {
    switch (row.kind) {
      case "ride":
        rides.set(row.ride_key, rideOf(row));
        break;
      case "quarantine":
        quarantined.set(row.ride_key, quarantineOf(row));
        break;
      case "cancelled":
        cancelled.set(row.ride_key, { releasedHolds: row.detail as number });
        break;
      case "hold": {
        const hold = holdOf(row.detail as HoldRow);
        holds.set(hold.holdId, hold);
        break;
      }
      default:
        row.kind satisfies never;
    }
  }
  return { rides, quarantined, cancelled, holds };
}

function quarantineOf(row: StandingRow): LoadedQuarantine {
  const { ride_key: rideKey, facts_hash: factsHash, position, at_ms: receivedAtMs, later_position: later } = row;
  const resolution = later === null ? null : { accepted: row.detail as boolean, position: later };
  // The first ones were kept without their riders.
  const kept = row.body as Omit<QuarantinedSubmission, "riders"> & Partial<QuarantinedSubmission>;
  const submission = { ...kept, riders: kept.riders ?? [] };
  return { rideKey, factsHash, position, receivedAtMs, reason: row.word, submission, resolution };
}

function rideOf(row: StandingRow): LoadedRide {
  return {
    rideKey: row.ride_key,
    factsHash: row.facts_hash,
    position: row.position,
    receivedAtMs: row.at_ms,
    status: row.word as LoadedRide["status"],
    riders: row.detail as readonly CountedRider[],
    body: row.body as RideBody,
    presented: [],
    postings: [],
    reversedAt: row.later_position,
  };
}

interface PresentedRow {
  readonly ride_key: string;
  readonly shown_at_ms: number;
  readonly offline: boolean;
  readonly subsidy_minor: Minor;
  readonly rider_pays_minor: Minor;
}

/** Adds showings and net postings to the rides that need them. */
export async function readDetails(
  tx: Sql,
  municipality: string,
  rides: Map<string, LoadedRide>,
  rideKeys: readonly string[],
): Promise<Map<string, LoadedRide>> {
  const keys = rideKeys.filter((key) => rides.has(key));
  if (keys.length === 0) return rides;
  const shown = groupBy(await tx.query<PresentedRow>(sql.READ_PRESENTED, [municipality, keys]), (row) => row.ride_key);
  const net = groupBy(
    await tx.query<{ ride_key: string; account: Account; amount_minor: number }>(sql.READ_NET_POSTINGS, [
      municipality,
      keys,
    ]),
    (row) => row.ride_key,
  );
  for (const key of keys) {
    const ride = rides.get(key);
    if (!ride) continue;
    const postings: Posting[] = (net.get(key) ?? [])
      .filter((row) => row.amount_minor !== 0)
      .map((row) => ({ account: row.account, amountMinor: minor(row.amount_minor) }));
    rides.set(key, { ...ride, postings, presented: (shown.get(key) ?? []).map(presentedOf) });
  }
  return rides;
}

function presentedOf(row: PresentedRow): Presented {
  return {
    shownAtMs: row.shown_at_ms,
    offline: row.offline,
    subsidyMinor: row.subsidy_minor,
    riderPaysMinor: row.rider_pays_minor,
  };
}

/** Rides somebody has begun. */
export async function readOpenings(
  tx: Sql,
  municipality: string,
  rideKeys: readonly string[],
): Promise<Map<string, LoadedOpening>> {
  if (rideKeys.length === 0) return new Map();
  const rows = await tx.query<{ ride_key: string; vehicle_id: VehicleId; company_id: CompanyId | null }>(
    sql.READ_OPENINGS,
    [municipality, rideKeys],
  );
  return new Map(rows.map((row) => [row.ride_key, { vehicleId: row.vehicle_id, companyId: row.company_id }]));
}

interface TouchRow {
  readonly terminal_id: string;
  readonly touch_id: string;
  readonly ride_key: string;
  readonly facts_hash: Uint8Array;
  readonly entitlement_id: EntitlementId | null;
  readonly body: TouchBody;
}

/** Touches by terminal and id. */
export async function readTouches(
  tx: Sql,
  municipality: string,
  touches: readonly { readonly terminalId: string; readonly touchId: string }[],
): Promise<Map<string, LoadedTouch>> {
  if (touches.length === 0) return new Map();
  const rows = await tx.query<TouchRow>(sql.READ_TOUCHES, [
    municipality,
    touches.map((touch) => touch.terminalId),
    touches.map((touch) => touch.touchId),
  ]);
  return new Map(
    rows.map((row) => [
      touchKey(row.terminal_id, row.touch_id),
      { rideKey: row.ride_key, factsHash: row.facts_hash, entitlementId: row.entitlement_id, body: row.body },
    ]),
  );
}

interface CredentialRow {
  readonly credential_id: CredentialId;
  readonly state: LoadedCredential["state"];
  readonly good_until_day: number | null;
  readonly key_version: number | null;
  readonly token: Uint8Array | null;
  readonly entitlement_id: EntitlementId;
  readonly scheme_id: string;
  readonly valid_from_day: number;
  readonly valid_to_day: number;
}

/** Credentials by id and by the token of a card, each with its entitlement. */
export async function readCredentials(
  tx: Sql,
  municipality: string,
  wanted: { readonly cards: readonly ReadCard[]; readonly credentialIds: readonly string[] },
): Promise<Pick<Loaded, "credentialsById" | "credentialsByToken">> {
  const credentialsById = new Map<string, LoadedCredential>();
  const credentialsByToken = new Map<string, LoadedCredential>();
  if (wanted.credentialIds.length > 0) {
    const rows = await tx.query<CredentialRow>(sql.READ_CREDENTIALS_BY_ID, [municipality, wanted.credentialIds]);
    for (const row of rows) credentialsById.set(row.credential_id, credentialOf(row));
  }
  const tokens = wanted.cards.flatMap((card) => (card.token ? [card.token] : []));
  if (tokens.length > 0) {
    const rows = await tx.query<CredentialRow>(sql.READ_CREDENTIALS_BY_TOKEN, [
      municipality,
      tokens.map((token) => token.keyVersion),
      tokens.map((token) => token.bytes),
    ]);
    for (const row of rows) {
      if (row.token && row.key_version !== null) {
        credentialsByToken.set(tokenKey(row.key_version, row.token), credentialOf(row));
      }
    }
  }
  return { credentialsById, credentialsByToken };
}

function credentialOf(row: CredentialRow): LoadedCredential {
  return {
    credentialId: row.credential_id,
    state: row.state,
    goodUntilDay: row.good_until_day,
    entitlementId: row.entitlement_id,
    schemeId: row.scheme_id,
    validFromDay: row.valid_from_day,
    validToDay: row.valid_to_day,
  };
}

export interface HoldRow {
  readonly hold_id: HoldId;
  readonly ride_key: string;
  readonly entitlement_id: EntitlementId;
  readonly credential_id: CredentialId;
  readonly valid_from_day: number;
  readonly valid_to_day: number;
  readonly assurance: Assurance;
  readonly uses: number;
  readonly expires_at_ms: number;
  readonly day: number;
  readonly month: number;
  readonly fiscal_year: number;
  readonly state: "placed" | "cancelled" | "expired";
}

/** A hold as the batch keeps it. */
export function holdOf(row: HoldRow): LoadedHold {
  return {
    holdId: row.hold_id,
    rideKey: row.ride_key,
    entitlementId: row.entitlement_id,
    credentialId: row.credential_id,
    validFromDay: row.valid_from_day,
    validToDay: row.valid_to_day,
    assurance: row.assurance,
    uses: row.uses,
    expiresAtMs: row.expires_at_ms,
    at: { day: row.day, month: row.month, fiscalYear: row.fiscal_year },
    state: row.state,
  };
}
