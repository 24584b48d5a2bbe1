import type { CityDesk } from "../api/city-desk.ts";
import type { TestCa } from "../card/test-ca.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import type { EntitlementInput, LinkCardInput } from "../generated/graphql.ts";

/** Who a card belongs to at the server. */
export interface CardHolder {
  readonly entitlementId: string;
  readonly credentialId: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** Simulated cards of many people, issued and linked when a person first rides. */
export interface CardHolders {
  /** The registrant's card; registered and linked at the city's desk before it is first handed out. */
  cardOf(holder: CardHolder): Promise<VirtualCard>;
  /** A card nobody registered. */
  strangersCard(number: number): Promise<VirtualCard>;
  /** Registers and links many at once. */
  linkAll(holders: readonly CardHolder[]): Promise<void>;
}

/** Cards kept in memory; others are issued again when they are needed, with the same certificate. */
const MOST_IN_MEMORY = 500;
const ISSUED_AT_ONCE = 16;

/** Cards of one municipality from the TEST CA. */
export function createCardHolders(options: {
  readonly municipality: string;
  readonly ca: TestCa;
  readonly desk: Pick<CityDesk, "registerEntitlements" | "linkCards">;
  /** Which of the CA's authorities issues the cards. */
  readonly generation?: 1 | 2 | "past";
}): CardHolders {
  const { municipality, ca, desk } = options;
  const issue = options.generation === undefined ? {} : { generation: options.generation };
  const cards = new Map<string, VirtualCard>();
  const linked = new Set<string>();
  const card = async (personKey: string): Promise<VirtualCard> => {
    let found = cards.get(personKey);
    if (!found) {
      found = await ca.card(personKey, issue);
      if (cards.size >= MOST_IN_MEMORY) cards.delete(cards.keys().next().value as string);
      cards.set(personKey, found);
    }
    return found;
  };
  const keyOf = (holder: CardHolder): string => `${municipality}/${holder.entitlementId}`;
  const linkAll = async (holders: readonly CardHolder[]): Promise<void> => {
    const missing = holders.filter((holder) => !linked.has(holder.entitlementId));
    const links: LinkCardInput[] = [];
    for (let at = 0; at < missing.length; at += ISSUED_AT_ONCE) {
      links.push(...(await Promise.all(missing.slice(at, at + ISSUED_AT_ONCE).map(link))));
    }
    await desk.registerEntitlements(missing.map(entitlement));
    await desk.linkCards(links);
    for (const holder of missing) linked.add(holder.entitlementId);
  };
  const link = async (holder: CardHolder): Promise<LinkCardInput> => ({
    entitlementId: holder.entitlementId,
    credentialId: holder.credentialId,
    certificate: Buffer.from(await ca.certificate(keyOf(holder), issue)).toString("base64"),
  });
  return {
    linkAll,
    async cardOf(holder) {
      if (!linked.has(holder.entitlementId)) await linkAll([holder]);
      return card(keyOf(holder));
    },
    strangersCard: (number) => card(`${municipality}/stranger/${number}`),
  };
}

function entitlement(holder: CardHolder): EntitlementInput {
  return {
    id: holder.entitlementId,
    credentialId: holder.credentialId,
    validFrom: holder.validFrom,
    validTo: holder.validTo,
  };
}
