import type { SchemeId } from "#domain/ids.ts";
import { err, ok, type Result } from "#domain/result.ts";
import { formatDay } from "#domain/time/local.ts";
import type { EntitlementEntry } from "./card-registry.ts";
import { type Enrolled, refused } from "./enrolled.ts";
import { type Recorded, type RegistryChange, saysTheSame } from "./registry-change.ts";

/** What may become of entitlements and cards, as functions over what the registry holds. */

/** A card's index row. */
export interface LinkedCard {
  readonly entitlementId: string;
  readonly credentialId: string;
  readonly token: Uint8Array;
  readonly keyVersion: number;
  /** Last local day of its certificate. */
  readonly goodUntilDay: number;
}

/** An entitlement as stored. */
export interface StoredEntitlement {
  readonly schemeId: string;
  readonly validFromDay: number;
  readonly validToDay: number;
}

/** A credential as stored; without a card its last three are null. */
export interface StoredCredential {
  readonly credentialId: string;
  readonly entitlementId: string;
  readonly state: "good" | "stopped";
  readonly token: Uint8Array | null;
  readonly keyVersion: number | null;
  readonly goodUntilDay: number | null;
}

/** A change that is taken: what is to be written, and what the record says of it. */
interface Taken<Written> {
  readonly written: readonly Written[];
  readonly changes: readonly RegistryChange[];
}

/** What a registration changes. A credential never goes over to another entitlement. */
export function judgeEntitlements(
  entries: readonly EntitlementEntry[],
  stored: {
    readonly schemeId: SchemeId;
    readonly entitlements: ReadonlyMap<string, StoredEntitlement>;
    readonly credentials: ReadonlyMap<string, StoredCredential>;
  },
): Result<Taken<EntitlementEntry>, Enrolled> {
  const written: EntitlementEntry[] = [];
  const changes: RegistryChange[] = [];
  for (const [index, entry] of entries.entries()) {
    const credential = stored.credentials.get(entry.credentialId);
    if (credential && credential.entitlementId !== entry.id) return err(credentialTaken(index));
    const was = stored.entitlements.get(entry.id);
    const before = was ? recordOf(was, credential?.credentialId ?? null) : null;
    const after = recordOf({ ...entry, schemeId: stored.schemeId }, entry.credentialId);
    if (saysTheSame(before, after)) continue;
    written.push(entry);
    changes.push({ kind: before ? "entitlement-changed" : "entitlement-created", subjectId: entry.id, before, after });
  }
  return ok({ written, changes });
}

function recordOf(entitlement: StoredEntitlement, credentialId: string | null): Recorded {
  return {
    schemeId: entitlement.schemeId,
    validFrom: formatDay(entitlement.validFromDay),
    validTo: formatDay(entitlement.validToDay),
    credentialId,
  };
}

/** What the registry holds of what a call would link. */
interface AroundCards {
  readonly entitlements: ReadonlyMap<string, StoredEntitlement>;
  readonly credentials: ReadonlyMap<string, StoredCredential>;
  /** Credentials to which the cards are linked now. */
  readonly holders: readonly StoredCredential[];
}

/**
 * What linking cards changes, and from which credentials it takes them. A card goes from one credential of a person to
 * another of theirs; it goes to nobody else, and one that is stopped goes nowhere: linked anew it would be good again.
 */
export function judgeLinks(
  cards: readonly LinkedCard[],
  around: AroundCards,
): Result<Taken<LinkedCard> & { readonly freed: readonly string[] }, Enrolled> {
  const holderOf = new Map(around.holders.map((holder) => [cardKey(holder), holder]));
  const written: LinkedCard[] = [];
  const left = new Map<string, StoredCredential>();
  for (const [index, card] of cards.entries()) {
    const holder = holderOf.get(cardKey(card));
    const no = refuseLink(index, card, { ...around, holder });
    if (no) return err(no);
    if (holder?.credentialId === card.credentialId) continue;
    if (holder) left.set(holder.credentialId, holder);
    written.push(card);
  }
  const changes: RegistryChange[] = [...left.values()].map(unlinking);
  for (const card of written) {
    const credential = left.has(card.credentialId) ? undefined : around.credentials.get(card.credentialId);
    changes.push({
      kind: "card-linked",
      subjectId: card.credentialId,
      before: credential?.token ? cardRecord(credential) : null,
      after: cardRecord(card),
    });
  }
  return ok({ written, changes, freed: [...left.keys()] });
}

function refuseLink(
  index: number,
  card: LinkedCard,
  { entitlements, credentials, holder }: AroundCards & { readonly holder: StoredCredential | undefined },
): Enrolled | null {
  const path = `input.${index}`;
  if (!entitlements.has(card.entitlementId)) {
    return refused("UNKNOWN_ENTITLEMENT", `${path}.entitlementId`, "there is no such entitlement");
  }
  const credential = credentials.get(card.credentialId);
  if (credential && credential.entitlementId !== card.entitlementId) return credentialTaken(index);
  if (holder?.credentialId === card.credentialId) return null;
  if (holder?.state === "stopped") {
    return refused("CARD_STOPPED", `${path}.certificate`, "the card is linked to another credential and stopped there");
  }
  if (holder && holder.entitlementId !== card.entitlementId) {
    return refused("CARD_TAKEN", `${path}.certificate`, "the card is linked to another entitlement; unlink it first");
  }
  // Replaced, the stopped card would be free to be linked elsewhere. Under another key version it is merely re-keyed.
  if (credential?.state === "stopped" && credential.token && credential.keyVersion === card.keyVersion) {
    return refused("CARD_STOPPED", `${path}.credentialId`, "its card is stopped; link the new one to a new credential");
  }
  return null;
}

/** What taking its card from a credential changes; null when it has none. A stopped card must be resumed first. */
export function judgeUnlink(credential: StoredCredential): Result<RegistryChange | null, Enrolled> {
  if (credential.token === null) return ok(null);
  if (credential.state === "stopped") {
    return err(refused("CARD_STOPPED", "input.credentialId", "its card is stopped; resume it first"));
  }
  return ok(unlinking(credential));
}

function unlinking(credential: StoredCredential): RegistryChange {
  const subjectId = credential.credentialId;
  return { kind: "card-unlinked", subjectId, before: cardRecord(credential), after: null };
}

/** What setting the state of a credential changes; null when it is so already. */
export function judgeState(credential: StoredCredential, state: "good" | "stopped"): RegistryChange | null {
  if (credential.state === state) return null;
  return {
    kind: state === "stopped" ? "card-stopped" : "card-resumed",
    subjectId: credential.credentialId,
    before: { entitlementId: credential.entitlementId, state: credential.state },
    after: { entitlementId: credential.entitlementId, state },
  };
}

function cardRecord(card: Pick<StoredCredential, "entitlementId" | "keyVersion" | "goodUntilDay">): Recorded {
  return {
    entitlementId: card.entitlementId,
    keyVersion: card.keyVersion,
    goodUntil: card.goodUntilDay === null ? null : formatDay(card.goodUntilDay),
  };
}

function cardKey({ token, keyVersion }: Pick<StoredCredential, "token" | "keyVersion">): string {
  return `${keyVersion}/${Buffer.from(token ?? []).toString("hex")}`;
}

function credentialTaken(index: number): Enrolled {
  return refused("CREDENTIAL_TAKEN", `input.${index}.credentialId`, "the credential belongs to another entitlement");
}
