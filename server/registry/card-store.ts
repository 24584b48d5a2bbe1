import type { MunicipalityId, SchemeId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import type { EntitlementEntry } from "./card-registry.ts";

/** A card's index row. */
export interface LinkedCard {
  readonly entitlementId: string;
  readonly credentialId: string;
  readonly token: Uint8Array;
  readonly keyVersion: number;
  /** Last local day of its certificate. */
  readonly goodUntilDay: number;
}

/** Writes entitlements and their credentials, replacing those of the same id; card and state of a credential stay. */
export async function putEntitlements(
  sql: Sql,
  batch: {
    readonly municipality: MunicipalityId;
    readonly schemeId: SchemeId;
    readonly entries: readonly EntitlementEntry[];
  },
): Promise<void> {
  const { municipality, schemeId, entries } = batch;
  if (entries.length === 0) return;
  const ids = entries.map((entry) => entry.id);
  await sql.query(
    `INSERT INTO entitlement (municipality, entitlement_id, scheme_id, valid_from_day, valid_to_day)
     SELECT $1, id, $2, valid_from, valid_to FROM unnest($3::text[], $4::int[], $5::int[]) AS entry (id, valid_from, valid_to)
     ON CONFLICT (municipality, entitlement_id) DO UPDATE
       SET scheme_id = excluded.scheme_id, valid_from_day = excluded.valid_from_day, valid_to_day = excluded.valid_to_day`,
    [municipality, schemeId, ids, entries.map((entry) => entry.validFromDay), entries.map((entry) => entry.validToDay)],
  );
  await sql.query(
    `INSERT INTO credential (municipality, credential_id, entitlement_id)
     SELECT $1, id, entitlement_id FROM unnest($2::text[], $3::text[]) AS entry (id, entitlement_id)
     ON CONFLICT (municipality, credential_id) DO UPDATE SET entitlement_id = excluded.entitlement_id`,
    [municipality, entries.map((entry) => entry.credentialId), ids],
  );
}

/** Those of `ids` that are entitlements of the municipality. */
export async function findEntitlements(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    "SELECT entitlement_id AS id FROM entitlement WHERE municipality = $1 AND entitlement_id = ANY($2::text[])",
    [municipality, ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** Takes the cards' tokens away from other credentials: one card speaks for one person. */
export async function freeTokens(sql: Sql, municipality: MunicipalityId, cards: readonly LinkedCard[]): Promise<void> {
  await sql.query(
    `UPDATE credential SET token = NULL, key_version = NULL, good_until_day = NULL
     FROM unnest($2::text[], $3::bytea[], $4::int[]) AS card (credential_id, token, key_version)
     WHERE credential.municipality = $1 AND credential.token = card.token AND credential.key_version = card.key_version
       AND credential.credential_id <> card.credential_id`,
    [
      municipality,
      cards.map((card) => card.credentialId),
      cards.map((card) => card.token),
      cards.map((card) => card.keyVersion),
    ],
  );
}

/** Writes index rows of cards, replacing the card of a credential; its state stays. */
export async function putLinkedCards(
  sql: Sql,
  municipality: MunicipalityId,
  cards: readonly LinkedCard[],
): Promise<void> {
  await sql.query(
    `INSERT INTO credential (municipality, credential_id, entitlement_id, good_until_day, token, key_version)
     SELECT $1, credential_id, entitlement_id, good_until_day, token, key_version
     FROM unnest($2::text[], $3::text[], $4::int[], $5::bytea[], $6::int[])
       AS card (credential_id, entitlement_id, good_until_day, token, key_version)
     ON CONFLICT (municipality, credential_id) DO UPDATE
       SET entitlement_id = excluded.entitlement_id, good_until_day = excluded.good_until_day,
           token = excluded.token, key_version = excluded.key_version`,
    [
      municipality,
      cards.map((card) => card.credentialId),
      cards.map((card) => card.entitlementId),
      cards.map((card) => card.goodUntilDay),
      cards.map((card) => card.token),
      cards.map((card) => card.keyVersion),
    ],
  );
}

/** Sets a credential's state; false when there is none. */
export async function setCredential(
  sql: Sql,
  change: { readonly municipality: MunicipalityId; readonly credentialId: string; readonly state: "good" | "stopped" },
): Promise<boolean> {
  const rows = await sql.query(
    "UPDATE credential SET state = $3 WHERE municipality = $1 AND credential_id = $2 RETURNING credential_id",
    [change.municipality, change.credentialId, change.state],
  );
  return rows.length > 0;
}
