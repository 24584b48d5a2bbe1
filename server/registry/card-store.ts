import type { MunicipalityId, SchemeId } from "#domain/ids.ts";
import type { Sql } from "#server/storage/database.ts";
import type { LinkedCard, StoredCredential, StoredEntitlement } from "./card-changes.ts";
import type { EntitlementEntry } from "./card-registry.ts";

/** Those of `ids` that are entitlements of the municipality, by id. */
export async function readEntitlements(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredEntitlement>> {
  const rows = await sql.query<StoredEntitlement & { id: string }>(
    `SELECT entitlement_id AS id, scheme_id AS "schemeId", valid_from_day AS "validFromDay", valid_to_day AS "validToDay"
     FROM entitlement WHERE municipality = $1 AND entitlement_id = ANY($2::text[])`,
    [municipality, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const CREDENTIAL = `c.credential_id AS "credentialId", c.entitlement_id AS "entitlementId", c.state, c.token,
  c.key_version AS "keyVersion", c.good_until_day AS "goodUntilDay"`;

/** Those of `ids` that are credentials of the municipality, by id. */
export async function readCredentials(
  sql: Sql,
  municipality: MunicipalityId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredCredential>> {
  const rows = await sql.query<StoredCredential>(
    `SELECT ${CREDENTIAL} FROM credential c WHERE c.municipality = $1 AND c.credential_id = ANY($2::text[])`,
    [municipality, ids],
  );
  return new Map(rows.map((row) => [row.credentialId, row]));
}

/** The credentials to which the cards are linked now. */
export async function readHolders(
  sql: Sql,
  municipality: MunicipalityId,
  cards: readonly LinkedCard[],
): Promise<readonly StoredCredential[]> {
  return sql.query<StoredCredential>(
    `SELECT ${CREDENTIAL} FROM credential c, unnest($2::bytea[], $3::int[]) AS card (token, key_version)
     WHERE c.municipality = $1 AND c.token = card.token AND c.key_version = card.key_version`,
    [municipality, cards.map((card) => card.token), cards.map((card) => card.keyVersion)],
  );
}

/** Writes entitlements, replacing those of the same id, and the credentials of theirs that are new. */
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
     ON CONFLICT (municipality, credential_id) DO NOTHING`,
    [municipality, entries.map((entry) => entry.credentialId), ids],
  );
}

/** Takes the cards of credentials away, so that they can be linked elsewhere. */
export async function freeCards(
  sql: Sql,
  municipality: MunicipalityId,
  credentialIds: readonly string[],
): Promise<void> {
  if (credentialIds.length === 0) return;
  await sql.query(
    `UPDATE credential SET token = NULL, key_version = NULL, good_until_day = NULL
     WHERE municipality = $1 AND credential_id = ANY($2::text[])`,
    [municipality, credentialIds],
  );
}

/** Writes index rows of cards, replacing the card of a credential; its person and its state stay. */
export async function putLinkedCards(
  sql: Sql,
  municipality: MunicipalityId,
  cards: readonly LinkedCard[],
): Promise<void> {
  if (cards.length === 0) return;
  await sql.query(
    `INSERT INTO credential (municipality, credential_id, entitlement_id, good_until_day, token, key_version)
     SELECT $1, credential_id, entitlement_id, good_until_day, token, key_version
     FROM unnest($2::text[], $3::text[], $4::int[], $5::bytea[], $6::int[])
       AS card (credential_id, entitlement_id, good_until_day, token, key_version)
     ON CONFLICT (municipality, credential_id) DO UPDATE
       SET good_until_day = excluded.good_until_day, token = excluded.token, key_version = excluded.key_version`,
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

/** Sets the state of a credential. */
export async function setCredential(
  sql: Sql,
  change: { readonly municipality: MunicipalityId; readonly credentialId: string; readonly state: "good" | "stopped" },
): Promise<void> {
  await sql.query("UPDATE credential SET state = $3 WHERE municipality = $1 AND credential_id = $2", [
    change.municipality,
    change.credentialId,
    change.state,
  ]);
}
