import type { City } from "#domain/city/city.ts";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import { err, ok, type Result } from "#domain/result.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { requirePermission } from "#server/identity/require.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { Database, Sql } from "#server/storage/database.ts";
import { judgeEntitlements, judgeLinks, judgeState, judgeUnlink, type LinkedCard } from "./card-changes.ts";
import {
  freeCards,
  putEntitlements,
  putLinkedCards,
  readCredentials,
  readEntitlements,
  readHolders,
  setCredential,
} from "./card-store.ts";
import { appendChanges, type ChangeAuthor, lockRegistry } from "./change-store.ts";
import { type Enrolled, enrolled, refused, refuseIds } from "./enrolled.ts";
import { nameInRecord } from "./registry-change.ts";
import type { Verifier } from "./verifier-port.ts";

/** A pseudonymous person × scheme with the lasting link of their card. Days are local day numbers. */
export interface EntitlementEntry {
  readonly id: string;
  readonly credentialId: string;
  readonly validFromDay: number;
  readonly validToDay: number;
}

/** A card to be linked. */
export interface CardEntry {
  readonly entitlementId: string;
  readonly credentialId: string;
  /** DER of the user-authentication certificate. */
  readonly certificate: Uint8Array;
}

const MOST_ENTITLEMENTS = 5_000;
const MOST_CARDS = 500;
const REASON_MAX = 500;

/** What the card registry needs. */
export interface CardRegistryDeps {
  readonly database: Database;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly calendars: ReadonlyMap<MunicipalityId, Calendar>;
  readonly verifier: Pick<Verifier, "tokenOf">;
  readonly now: () => number;
}

/**
 * Use-cases of entitlements and cards. Upserts by id; all or nothing; every change stands in the record, what changes
 * nothing does not.
 */
export function createCardRegistry({ database, cities, calendars, verifier, now }: CardRegistryDeps) {
  /** One change of a municipality's registry after another: what was read is still true when it is written. */
  const change = (
    viewer: Viewer,
    { municipality, reason = null }: { readonly municipality: MunicipalityId; readonly reason?: string | null },
    work: (tx: Sql, author: ChangeAuthor) => Promise<Enrolled>,
  ): Promise<Enrolled> =>
    database.transaction(async (tx) => {
      await lockRegistry(tx, municipality);
      return work(tx, { municipality, atMs: now(), by: nameInRecord(viewer), reason });
    });

  return {
    /** @throws AccessError */
    async registerEntitlements(
      viewer: Viewer,
      municipality: MunicipalityId,
      entries: readonly EntitlementEntry[],
    ): Promise<Enrolled> {
      requirePermission(viewer, "registry:write", municipality);
      const city = cities.get(municipality);
      if (!city) throw new AccessError("UNKNOWN_MUNICIPALITY", "This server does not serve that municipality.");
      const faulty = refuseEntries(entries);
      if (faulty) return faulty;
      const { schemeId } = city;
      return change(viewer, { municipality }, async (tx, author) => {
        const taken = judgeEntitlements(entries, {
          schemeId,
          entitlements: await readEntitlements(tx, municipality, idsOf(entries)),
          credentials: await readCredentials(tx, municipality, credentialsOf(entries)),
        });
        if (!taken.ok) return taken.error;
        await putEntitlements(tx, { municipality, schemeId, entries: taken.value.written });
        await appendChanges(tx, author, taken.value.changes);
        return enrolled(entries.length);
      });
    },

    /** A card that is linked to somebody else, or stopped, is refused. @throws AccessError */
    async linkCards(viewer: Viewer, municipality: MunicipalityId, entries: readonly CardEntry[]): Promise<Enrolled> {
      requirePermission(viewer, "registry:write", municipality);
      const calendar = calendars.get(municipality);
      if (!calendar) throw new AccessError("UNKNOWN_MUNICIPALITY", "This server does not serve that municipality.");
      const faulty = refuseIds("input", credentialsOf(entries), MOST_CARDS);
      if (faulty) return faulty;
      const read = readCards(entries, (certificate) => verifier.tokenOf(municipality, certificate), calendar);
      if (!read.ok) return read.error;
      const cards = read.value;
      return change(viewer, { municipality }, async (tx, author) => {
        const entitlementIds = [...new Set(cards.map((card) => card.entitlementId))];
        const taken = judgeLinks(cards, {
          entitlements: await readEntitlements(tx, municipality, entitlementIds),
          credentials: await readCredentials(tx, municipality, credentialsOf(cards)),
          holders: await readHolders(tx, municipality, cards),
        });
        if (!taken.ok) return taken.error;
        await freeCards(tx, municipality, taken.value.freed);
        await putLinkedCards(tx, municipality, taken.value.written);
        await appendChanges(tx, author, taken.value.changes);
        return enrolled(cards.length);
      });
    },

    /** Takes a mistaken link back: the card can be linked anew. @throws AccessError */
    async unlinkCard(
      viewer: Viewer,
      input: { readonly municipality: MunicipalityId; readonly credentialId: string; readonly reason: string },
    ): Promise<Enrolled> {
      const { municipality, credentialId } = input;
      requirePermission(viewer, "registry:write", municipality);
      const reason = input.reason.trim().slice(0, REASON_MAX);
      if (reason === "") return refused("REASON_MISSING", "input.reason", "the record needs a reason");
      return change(viewer, { municipality, reason }, async (tx, author) => {
        const credential = (await readCredentials(tx, municipality, [credentialId])).get(credentialId);
        if (!credential) return refused("UNKNOWN_CREDENTIAL", "input.credentialId", "there is no such credential");
        const unlinking = judgeUnlink(credential);
        if (!unlinking.ok) return unlinking.error;
        if (!unlinking.value) return enrolled(0);
        await freeCards(tx, municipality, [credentialId]);
        await appendChanges(tx, author, [unlinking.value]);
        return enrolled(1);
      });
    },

    /** @throws AccessError */
    async setCredentialState(
      viewer: Viewer,
      wanted: {
        readonly municipality: MunicipalityId;
        readonly credentialId: string;
        readonly state: "good" | "stopped";
      },
    ): Promise<Enrolled> {
      const { municipality, credentialId, state } = wanted;
      requirePermission(viewer, "registry:write", municipality);
      return change(viewer, { municipality }, async (tx, author) => {
        const credential = (await readCredentials(tx, municipality, [credentialId])).get(credentialId);
        if (!credential) return refused("UNKNOWN_CREDENTIAL", "credentialId", "there is no such credential");
        const changed = judgeState(credential, state);
        if (changed) {
          await setCredential(tx, wanted);
          await appendChanges(tx, author, [changed]);
        }
        return enrolled(1);
      });
    },
  };
}

/** The registry of entitlements and cards. */
export type CardRegistry = ReturnType<typeof createCardRegistry>;

const idsOf = (entries: readonly { readonly id: string }[]): string[] => entries.map((entry) => entry.id);
const credentialsOf = (entries: readonly { readonly credentialId: string }[]): string[] =>
  entries.map((entry) => entry.credentialId);

function refuseEntries(entries: readonly EntitlementEntry[]): Enrolled | undefined {
  const faulty =
    refuseIds("input", idsOf(entries), MOST_ENTITLEMENTS) ??
    refuseIds("input", credentialsOf(entries), MOST_ENTITLEMENTS);
  if (faulty) return faulty;
  const reversed = entries.findIndex((entry) => entry.validFromDay > entry.validToDay);
  if (reversed < 0) return undefined;
  return refused("TIME_ORDER", `input.${reversed}.validTo`, "valid to a day before it begins");
}

function readCards(
  entries: readonly CardEntry[],
  tokenOf: (certificate: Uint8Array) => ReturnType<Verifier["tokenOf"]>,
  calendar: Calendar,
): Result<readonly LinkedCard[], Enrolled> {
  const cards: LinkedCard[] = [];
  const tokens = new Set<string>();
  for (const [index, { entitlementId, credentialId, certificate }] of entries.entries()) {
    const read = tokenOf(certificate);
    const path = `input.${index}.certificate`;
    if (!read.ok) return err(refused("CERTIFICATE_UNREADABLE", path, read.error.message));
    const { token, keyVersion, validUntilMs } = read.value;
    const text = Buffer.from(token).toString("hex");
    if (tokens.has(text)) return err(refused("BAD_ID", path, "the certificate stands twice in the call"));
    tokens.add(text);
    cards.push({ entitlementId, credentialId, token, keyVersion, goodUntilDay: calendar.local(validUntilMs).day });
  }
  return ok(cards);
}
