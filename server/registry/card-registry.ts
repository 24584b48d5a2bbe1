import type { City } from "#domain/city/city.ts";
import type { Viewer } from "#domain/identity/viewer.ts";
import type { MunicipalityId } from "#domain/ids.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { requirePermission } from "#server/identity/require.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import {
  findEntitlements,
  freeTokens,
  type LinkedCard,
  putEntitlements,
  putLinkedCards,
  setCredential,
} from "./card-store.ts";
import { type Enrolled, enrolled, refused, refuseIds } from "./enrolled.ts";
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

/** What the card registry needs. */
export interface CardRegistryDeps {
  readonly database: Database;
  readonly cities: ReadonlyMap<MunicipalityId, City>;
  readonly calendars: ReadonlyMap<MunicipalityId, Calendar>;
  readonly verifier: Verifier;
}

/** Use-cases of entitlements and cards. Upserts by id; all or nothing. */
export function createCardRegistry({ database, cities, calendars, verifier }: CardRegistryDeps) {
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
      const faulty =
        refuseIds(
          "input",
          entries.map((entry) => entry.id),
          MOST_ENTITLEMENTS,
        ) ??
        refuseIds(
          "input",
          entries.map((entry) => entry.credentialId),
          MOST_ENTITLEMENTS,
        );
      if (faulty) return faulty;
      const reversed = entries.findIndex((entry) => entry.validFromDay > entry.validToDay);
      if (reversed >= 0) return refused("TIME_ORDER", `input.${reversed}.validTo`, "valid to a day before it begins");
      await database.transaction((tx) => putEntitlements(tx, { municipality, schemeId: city.schemeId, entries }));
      return enrolled(entries.length);
    },

    /** A certificate that was linked to another credential moves here. @throws AccessError */
    async linkCards(viewer: Viewer, municipality: MunicipalityId, entries: readonly CardEntry[]): Promise<Enrolled> {
      requirePermission(viewer, "registry:write", municipality);
      const calendar = calendars.get(municipality);
      if (!calendar) throw new AccessError("UNKNOWN_MUNICIPALITY", "This server does not serve that municipality.");
      const faulty = refuseIds(
        "input",
        entries.map((entry) => entry.credentialId),
        MOST_CARDS,
      );
      if (faulty) return faulty;
      const cards: LinkedCard[] = [];
      const tokens = new Set<string>();
      for (const [index, entry] of entries.entries()) {
        const token = verifier.tokenOf(municipality, entry.certificate);
        const path = `input.${index}.certificate`;
        if (!token.ok) return refused("CERTIFICATE_UNREADABLE", path, token.error.message);
        const text = Buffer.from(token.value.token).toString("hex");
        if (tokens.has(text)) return refused("BAD_ID", path, "the certificate stands twice in the call");
        tokens.add(text);
        const { entitlementId, credentialId } = entry;
        const goodUntilDay = calendar.local(token.value.validUntilMs).day;
        cards.push({
          entitlementId,
          credentialId,
          goodUntilDay,
          token: token.value.token,
          keyVersion: token.value.keyVersion,
        });
      }
      return database.transaction(async (tx) => {
        const known = await findEntitlements(tx, municipality, [...new Set(cards.map((card) => card.entitlementId))]);
        const missing = cards.findIndex((card) => !known.has(card.entitlementId));
        if (missing >= 0) {
          return refused("UNKNOWN_ENTITLEMENT", `input.${missing}.entitlementId`, "there is no such entitlement");
        }
        await freeTokens(tx, municipality, cards);
        await putLinkedCards(tx, municipality, cards);
        return enrolled(cards.length);
      });
    },

    /** @throws AccessError */
    async setCredentialState(
      viewer: Viewer,
      change: {
        readonly municipality: MunicipalityId;
        readonly credentialId: string;
        readonly state: "good" | "stopped";
      },
    ): Promise<Enrolled> {
      requirePermission(viewer, "registry:write", change.municipality);
      const found = await setCredential(database, change);
      return found ? enrolled(1) : refused("UNKNOWN_CREDENTIAL", "credentialId", "there is no such credential");
    },
  };
}

/** The registry of entitlements and cards. */
export type CardRegistry = ReturnType<typeof createCardRegistry>;
