import { createHash } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import { versionOn } from "#domain/scheme/scheme.ts";
import type { Calendar } from "#domain/time/calendar.ts";
import { dayNumber, formatDay, lastDayOfFiscalYear } from "#domain/time/local.ts";
import type { DemoPerson } from "#protocol/demo/control.ts";
import { ApiError } from "../api/api-error.ts";
import type { CityDesk } from "../api/city-desk.ts";
import type { GraphqlClient } from "../api/graphql-client.ts";
import { recordRides } from "../api/ride-sender.ts";
import type { TestCa } from "../card/test-ca.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import { pause } from "../clock.ts";
import type { LinkCardInput, RideInput } from "../generated/graphql.ts";

/**
 * The six people of the first two minutes. Whoever tries the demo all day long would soon meet the scheme's daily
 * limit with the same six; so each of them stands for several alike, and after two rides the next one comes.
 */
interface Role {
  /** Cards of one ride, in the order in which they are laid. */
  readonly riders: readonly Rider[];
  /** How many alike there are. */
  readonly alike: number;
}

interface Rider {
  readonly name: string;
  readonly registered: boolean;
  /** Uses left this fiscal year at the first start, where the scheme counts uses. */
  readonly left: number | null;
  /** The card was renewed: an old certificate and a new one belong to the same entitlement; the new one is laid. */
  readonly renewed?: boolean;
}

const ROLES: Readonly<Record<DemoPerson, Role>> = {
  "all-well": { alike: 12, riders: [{ name: "all-well", registered: true, left: 52 }] },
  "with-friend": {
    alike: 6,
    riders: [
      { name: "with-friend", registered: true, left: 52 },
      { name: "friend", registered: true, left: 23 },
    ],
  },
  "two-left": { alike: 3, riders: [{ name: "two-left", registered: true, left: 2 }] },
  "renewed-card": { alike: 4, riders: [{ name: "renewed-card", registered: true, left: 61, renewed: true }] },
  "not-registered": { alike: 1, riders: [{ name: "not-registered", registered: false, left: null }] },
  evening: { alike: 4, riders: [{ name: "evening", registered: true, left: 52 }] },
};

/** Rides of one person before the next one alike comes. */
const RIDES_EACH = 2;
const RENEWED_SERIAL = "0A11CE";
/** Small enough that a passenger's own ride need not wait long behind them. */
const RIDES_A_CALL = 40;
const FIRST_RIDE_MINUTE = 9 * 60 + 20;
const BETWEEN_RIDES_MINUTES = 200;
const VALID_YEARS = 3;
const LINK_TRIES = 5;
const LINK_PAUSE_MS = 700;

/** Where the six people live and ride. */
export interface DemoPeopleOptions {
  readonly city: City;
  readonly calendar: Calendar;
  readonly now: () => number;
  readonly ca: TestCa;
  readonly desk: CityDesk;
}

/** Who is registered, with the number of their kind. */
function registered(): readonly { readonly rider: Rider; readonly number: number; readonly entitlementId: string }[] {
  return Object.values(ROLES).flatMap(({ alike, riders }) =>
    riders
      .filter((rider) => rider.registered)
      .flatMap((rider) =>
        Array.from({ length: alike }, (_, number) => ({ rider, number, entitlementId: idOf(rider, number) })),
      ),
  );
}

function idOf(rider: Rider, number: number): string {
  return `demo-${rider.name}-${number + 1}`;
}

function credentialOf(entitlementId: string, card: number): string {
  return `${entitlementId}-card-${card + 1}`;
}

/** Registers the people and their cards at the city's desk; may be repeated. */
export async function registerDemoPeople(options: DemoPeopleOptions): Promise<void> {
  const { city, calendar, now, ca, desk } = options;
  const { fiscalYear } = calendar.local(now());
  const start = city.fiscalYearStart;
  const validFrom = formatDay(dayNumber(fiscalYear - 1, start.month, start.day));
  const validTo = formatDay(lastDayOfFiscalYear(fiscalYear + VALID_YEARS, start));
  const people = registered();
  await desk.registerEntitlements(
    people.map(({ entitlementId }) => ({
      id: entitlementId,
      credentialId: credentialOf(entitlementId, 0),
      validFrom,
      validTo,
    })),
  );
  const links: LinkCardInput[] = [];
  for (const { rider, entitlementId } of people) {
    for (const [card, issue] of issuesOf(rider).entries()) {
      const certificate = await ca.certificate(`${city.id}/${entitlementId}`, issue);
      links.push({
        entitlementId,
        credentialId: credentialOf(entitlementId, card),
        certificate: Buffer.from(certificate).toString("base64"),
      });
    }
  }
  await linkPatiently(desk, links);
}

/** A server that started just before the TEST authority was made looks for new authorities once a second. */
async function linkPatiently(desk: CityDesk, links: readonly LinkCardInput[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await desk.linkCards(links);
      return;
    } catch (error) {
      const isForeign = error instanceof ApiError && error.serverCode === "CERTIFICATE_UNREADABLE";
      if (!isForeign || tries === LINK_TRIES) throw error;
      await pause(LINK_PAUSE_MS);
    }
  }
}

/** Certificates of a rider, the oldest first; the last one is on the card in hand. */
function issuesOf(rider: Rider): readonly { readonly serial?: string }[] {
  return rider.renewed ? [{}, { serial: RENEWED_SERIAL }] : [{}];
}

/** Hands out the cards of the six people. */
export interface DemoCards {
  /** Cards of one ride of a person. */
  count(person: DemoPerson): number;
  /** The card laid as number `card` of the person's ride; `ride` counts the rides of this person. */
  card(person: DemoPerson, card: number, ride: number): Promise<VirtualCard>;
}

/** Cards are issued when they are first laid. */
export function createDemoCards({ city, ca }: Pick<DemoPeopleOptions, "city" | "ca">): DemoCards {
  const inHand = new Map<string, Promise<VirtualCard>>();
  return {
    count: (person) => ROLES[person].riders.length,
    card(person, card, ride) {
      const { riders } = ROLES[person];
      const rider = riders[Math.min(card, riders.length - 1)] as Rider;
      const id = idOf(rider, kindNumber(person, ride));
      const issue = issuesOf(rider).at(-1) ?? {};
      const found = inHand.get(id) ?? ca.card(`${city.id}/${id}`, issue);
      inHand.set(id, found);
      return found;
    },
  };
}

/**
 * Past rides that leave everybody with the uses they should have, by the number of their kind: the first of each kind
 * first. The same rides at every start: ids, times and salts
 * follow from the fiscal year alone. Early in the year there are not enough past days; then more are left.
 */
export function pastRides(
  { city, calendar, now }: Pick<DemoPeopleOptions, "city" | "calendar" | "now">,
  vehicleId: string,
): readonly (readonly RideInput[])[] {
  const today = calendar.local(now());
  const scheme = city.schemes.find((candidate) => candidate.id === city.schemeId);
  const version = scheme && versionOn(scheme, today.day);
  const limit = (per: string): number | undefined =>
    version?.limits.find((rule) => rule.unit === "uses" && rule.per === per)?.amount;
  const yearly = limit("fiscal-year");
  if (yearly === undefined) return [];
  const daily = Math.min(2, limit("day") ?? 2);
  const firstDay = dayNumber(today.fiscalYear, city.fiscalYearStart.month, city.fiscalYearStart.day);
  const ridesOf = ({ rider, entitlementId, number }: ReturnType<typeof registered>[number]): readonly RideInput[] => {
    const used = rider.left === null ? 0 : Math.max(0, yearly - rider.left);
    return Array.from({ length: used }, (_, ride) => ({
      day: firstDay + Math.floor(ride / daily),
      minute: FIRST_RIDE_MINUTE + (ride % daily) * BETWEEN_RIDES_MINUTES + number,
      ride,
    }))
      .filter(({ day }) => day < today.day)
      .map(({ day, minute, ride }) =>
        pastRide(`${entitlementId}-${today.fiscalYear}-${ride}`, calendar.instant(day, minute), {
          vehicleId,
          entitlementId,
          fareMinor: 900 + ((ride + number) % 7) * 100,
        }),
      );
  };
  const most = Math.max(...Object.values(ROLES).map(({ alike }) => alike));
  return Array.from({ length: most }, (_, number) =>
    registered()
      .filter((person) => person.number === number)
      .flatMap(ridesOf),
  );
}

function pastRide(
  rideId: string,
  boardedAt: number,
  detail: { readonly vehicleId: string; readonly entitlementId: string; readonly fareMinor: number },
): RideInput {
  return {
    rideId,
    vehicleId: detail.vehicleId,
    boardedAt,
    alightedAt: boardedAt + 12 * 60_000,
    distanceM: 2_400,
    components: [{ kind: "METER", amountMinor: detail.fareMinor }],
    riders: [{ credentialId: credentialOf(detail.entitlementId, 0), usesChosen: 1 }],
    erasable: { salt: createHash("sha256").update(rideId).digest().subarray(0, 16).toString("base64") },
  };
}

/** The number of their kind of whoever comes to a person's ride number `ride`. */
export function kindNumber(person: DemoPerson, ride: number): number {
  return Math.floor(ride / RIDES_EACH) % ROLES[person].alike;
}

/** Past rides while they are being recorded. */
export interface PastRides {
  /** Resolves when those of one number of each kind stand in the book, or cannot be recorded. */
  ready(number: number): Promise<void>;
  /** Resolves with how many rides the book did not take. */
  readonly finished: Promise<number>;
}

/** Records past rides as a migration terminal, one number after another. */
export function recordPastRides(client: GraphqlClient, rides: readonly (readonly RideInput[])[]): PastRides {
  let last: Promise<number> = Promise.resolve(0);
  const parts = rides.map((part) => {
    last = last.then(async (missing) => missing + (await recordPart(client, part)));
    return last;
  });
  // Without them the people merely have more uses left.
  const finished = last.catch(() => rides.flat().length);
  return { ready: async (number) => void (await parts[number]?.catch(() => 0)), finished };
}

async function recordPart(client: GraphqlClient, rides: readonly RideInput[]): Promise<number> {
  let missing = 0;
  for (let at = 0; at < rides.length; at += RIDES_A_CALL) {
    const outcomes = await recordRides(client, rides.slice(at, at + RIDES_A_CALL));
    missing += outcomes.filter((outcome) => outcome.status !== "RECORDED").length;
  }
  return missing;
}
