import { createHash } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import { versionOn } from "#domain/scheme/scheme.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { dayNumber, formatDay, lastDayOfFiscalYear } from "#domain/time/local.ts";
import { DEMO_PEOPLE, type DemoPerson } from "#protocol/demo/control.ts";
import type { CityDesk } from "../api/city-desk.ts";
import type { GraphqlClient } from "../api/graphql-client.ts";
import { recordRides } from "../api/ride-sender.ts";
import type { TestCa } from "../card/test-ca.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import type { LinkCardInput, RideInput } from "../generated/graphql.ts";

/** The cards of one person, in the order in which they are laid. */
export type DemoCards = Readonly<Record<DemoPerson, readonly VirtualCard[]>>;

interface HeldCard {
  readonly key: string;
  /** Another serial is another certificate: a renewed card. */
  readonly serial?: string;
}

interface Registered {
  readonly entitlementId: string;
  /** Linked cards, oldest first; the last one is laid. */
  readonly cards: readonly HeldCard[];
}

/** Who is registered with which cards. `not-registered` has a card that the city does not know. */
const REGISTERED: Readonly<Record<Exclude<DemoPerson, "not-registered">, readonly Registered[]>> = {
  "all-well": [{ entitlementId: "demo-all-well", cards: [{ key: "all-well" }] }],
  "with-friend": [
    { entitlementId: "demo-with-friend-1", cards: [{ key: "with-friend-1" }] },
    { entitlementId: "demo-with-friend-2", cards: [{ key: "with-friend-2" }] },
  ],
  "two-left": [{ entitlementId: "demo-two-left", cards: [{ key: "two-left" }] }],
  "renewed-card": [
    { entitlementId: "demo-renewed-card", cards: [{ key: "renewed-card" }, { key: "renewed-card", serial: "0A11CE" }] },
  ],
  evening: [{ entitlementId: "demo-evening", cards: [{ key: "evening" }] }],
};

const LEFT = 2;
const RIDES_A_CALL = 100;
const NOON_MINUTE = 11 * 60;
const VALID_YEARS = 3;

/** Where the six people live and ride. */
export interface DemoPeopleOptions {
  readonly city: City;
  readonly calendar: Calendar;
  readonly now: () => number;
  readonly ca: TestCa;
  readonly desk: CityDesk;
}

/** Registers the six people and their cards at the city's desk; may be repeated. */
export async function registerDemoPeople(options: DemoPeopleOptions): Promise<void> {
  const { city, calendar, now, ca, desk } = options;
  const { fiscalYear } = calendar.local(now());
  const start = city.fiscalYearStart;
  const validFrom = formatDay(dayNumber(fiscalYear - 1, start.month, start.day));
  const validTo = formatDay(lastDayOfFiscalYear(fiscalYear + VALID_YEARS, start));
  const registered = Object.values(REGISTERED).flat();
  await desk.registerEntitlements(
    registered.map(({ entitlementId }) => ({
      id: entitlementId,
      credentialId: credentialOf(entitlementId, 0),
      validFrom,
      validTo,
    })),
  );
  const links: LinkCardInput[] = [];
  for (const { entitlementId, cards } of registered) {
    for (const [index, { key, ...issue }] of cards.entries()) {
      const certificate = await ca.certificate(personKey(city, key), issue);
      links.push({
        entitlementId,
        credentialId: credentialOf(entitlementId, index),
        certificate: Buffer.from(certificate).toString("base64"),
      });
    }
  }
  await desk.linkCards(links);
}

/** The cards in the six people's hands. */
export async function demoCards({ city, ca }: Pick<DemoPeopleOptions, "city" | "ca">): Promise<DemoCards> {
  const inHand = async (person: DemoPerson): Promise<readonly VirtualCard[]> => {
    if (person === "not-registered") return [await ca.card(personKey(city, "not-registered"))];
    const cards = REGISTERED[person].flatMap(({ cards: held }) => held.slice(-1));
    return Promise.all(cards.map(({ key, ...issue }) => ca.card(personKey(city, key), issue)));
  };
  const entries = await Promise.all(DEMO_PEOPLE.map(async (person) => [person, await inHand(person)] as const));
  return Object.fromEntries(entries) as unknown as DemoCards;
}

/**
 * The past rides that leave `two-left` with two uses this fiscal year. The same rides at every start: ids, times and
 * salts follow from the fiscal year alone. Early in the year there are not enough past days; then more are left.
 */
export function pastRidesOfTwoLeft(
  { city, calendar, now }: Pick<DemoPeopleOptions, "city" | "calendar" | "now">,
  vehicleId: string,
): readonly RideInput[] {
  const today = calendar.local(now());
  const scheme = city.schemes.find((candidate) => candidate.id === city.schemeId);
  const version = scheme && versionOn(scheme, today.day);
  const limit = (per: string): number | undefined =>
    version?.limits.find((rule) => rule.unit === "uses" && rule.per === per)?.amount;
  const yearly = limit("fiscal-year");
  if (yearly === undefined) return [];
  const daily = Math.min(2, limit("day") ?? 2);
  const firstDay = dayNumber(today.fiscalYear, city.fiscalYearStart.month, city.fiscalYearStart.day);
  const rides: RideInput[] = [];
  for (let number = 0; number < yearly - LEFT; number += 1) {
    const day = firstDay + Math.floor(number / daily);
    if (day >= today.day) break;
    const boardedAt = calendar.instant(day, NOON_MINUTE + (number % daily) * 180);
    rides.push(pastRide(`two-left-${today.fiscalYear}-${number}`, boardedAt, { vehicleId, number }));
  }
  return rides;
}

function pastRide(rideId: string, boardedAt: number, detail: { vehicleId: string; number: number }): RideInput {
  return {
    rideId,
    vehicleId: detail.vehicleId,
    boardedAt,
    alightedAt: boardedAt + 12 * 60_000,
    distanceM: 2_400,
    components: [{ kind: "METER", amountMinor: 900 + (detail.number % 7) * 100 }],
    riders: [{ credentialId: credentialOf("demo-two-left", 0), usesChosen: 1 }],
    erasable: { salt: createHash("sha256").update(rideId).digest().subarray(0, 16).toString("base64") },
  };
}

/** Records past rides as a migration terminal. Returns how many the book did not take. */
export async function recordPastRides(client: GraphqlClient, rides: readonly RideInput[]): Promise<number> {
  let missing = 0;
  for (let at = 0; at < rides.length; at += RIDES_A_CALL) {
    const outcomes = await recordRides(client, rides.slice(at, at + RIDES_A_CALL));
    missing += outcomes.filter((outcome) => outcome.status !== "RECORDED").length;
  }
  return missing;
}

function credentialOf(entitlementId: string, card: number): string {
  return `${entitlementId}-card-${card + 1}`;
}

function personKey(city: City, key: string): string {
  return `${city.id}/demo/${key}`;
}
