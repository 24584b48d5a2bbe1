import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { City } from "#domain/city/city.ts";
import type { Viewer } from "#domain/identity/viewer.ts";
import {
  asId,
  type CompanyId,
  type MunicipalityId,
  type RideId,
  type TerminalId,
  type VehicleId,
} from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import { err, ok } from "#domain/result.ts";
import { createCabDirectory } from "#server/fleet/cab-directory.ts";
import { createFleetVersion } from "#server/fleet/fleet-version.ts";
import type { Verifier } from "#server/registry/verifier-port.ts";
import { createRideService } from "#server/rides/create-ride-service.ts";
import type {
  OpenRide,
  Presented,
  RideOutcome,
  RiderSubmission,
  RideService,
  RideSubmission,
} from "#server/rides/ride-service.ts";
import type { RideServiceDeps } from "#server/rides/ride-service-deps.ts";
import type { Database } from "#server/storage/database.ts";
import { INSIDE, SMALL_VERSION, smallCity } from "./small-city.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export type CabViewer = Extract<Viewer, { kind: "terminal" }>;

/** A ride service over a database, with cabs, people and cards made by name: what a story needs to be told. */
export interface RideDesk {
  readonly service: RideService;
  readonly database: Database;
  readonly city: City;
  readonly receiptKey: KeyObject;
  readonly committed: number[];
  now(): number;
  setNow(atMs: number): void;
  cab(name: string): CabViewer;
  readonly migration: CabViewer;
  readonly officer: Viewer;
  /** Registers a person with one card each name; the first card gives the person's name. */
  register(...cards: string[]): Promise<void>;
  /** Registers many people at once, one card each. */
  registerMany(names: readonly string[]): Promise<void>;
  touch(rideId: string, card: string, more?: Partial<OpenRide>): OpenRide;
  ride(rideId: string, riders: readonly RiderSubmission[], more?: Partial<RideSubmission>): RideSubmission;
  /** The same database served by another process. */
  restart(options?: Partial<RideServiceDeps>): RideService;
}

/** Sealed evidence of a card, as the hand-made verifier of these tests opens it. */
export function evidence(card: string): Uint8Array {
  return Buffer.from(`card ${card}`, "utf8");
}

/** A rider by evidence, hold or credential. */
export function byEvidence(card: string, usesChosen = 1): RiderSubmission {
  return { reference: { kind: "evidence", sealed: evidence(card) }, usesChosen };
}
export function byHold(holdId: string | null, usesChosen = 1): RiderSubmission {
  return { reference: { kind: "hold", holdId: asId(holdId ?? "missing") }, usesChosen };
}
export function byCredential(card: string, usesChosen = 1): RiderSubmission {
  return { reference: { kind: "credential", credentialId: asId(`c-${card}`) }, usesChosen };
}

/** What a passenger was shown. */
export function shown(atMs: number, subsidy: number, pays: number, offline = true): Presented {
  return { shownAtMs: atMs, offline, subsidyMinor: minor(subsidy), riderPaysMinor: minor(pays) };
}

/** Statuses of outcomes, in their order. */
export function statuses(outcomes: readonly RideOutcome[]): readonly string[] {
  return outcomes.map((outcome) => outcome.status);
}

function tokenOf(card: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(card).digest());
}

/** Opens what {@link evidence} seals; everything else is unreadable. A card named `foreign…` is of no trusted authority. */
export const storyVerifier: Verifier = {
  sealingKey: { keyId: "story", publicKeySpki: new Uint8Array() },
  open: async (_municipality, sealed, atMs) => {
    const text = Buffer.from(sealed).toString("utf8");
    if (!text.startsWith("card ")) return err({ code: "UNREADABLE", message: "not sealed by this test" });
    const card = text.slice(5);
    if (card.startsWith("foreign")) return err({ code: "UNTRUSTED_AUTHORITY", message: "of no trusted authority" });
    const read = { readAtMs: atMs, validUntilMs: atMs + HOUR_MS, assurance: "identified", card: "good" } as const;
    return ok({ token: tokenOf(card), keyVersion: 1, ...read });
  },
  tokenOf: () => err({ code: "UNREADABLE", message: "no certificates in these tests" }),
};

const OPENED_AT = Date.UTC(2026, 10, 23, 3, 0); // noon in Tokyo

/** Sets the stage in an empty, migrated database. */
export async function createRideDesk(
  database: Database,
  overrides: Partial<RideServiceDeps> & { city?: City } = {},
): Promise<RideDesk> {
  const city = overrides.city ?? smallCity();
  let nowMs = OPENED_AT;
  let ids = 0;
  const keys = generateKeyPairSync("ed25519");
  const committed: number[] = [];
  const deps: RideServiceDeps = {
    database,
    cities: new Map([[city.id, city]]),
    cabs: createCabDirectory(
      database,
      createFleetVersion(database, () => performance.now()),
    ),
    verifier: storyVerifier,
    clock: () => nowMs,
    newId: () => `id-${++ids}`,
    randomBytes: (count) => new Uint8Array(count).fill(7),
    signing: { keyId: "test-key", privateKey: keys.privateKey },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    onCommitted: (_municipality, lastPosition) => committed.push(lastPosition),
    ...overrides,
  };
  await seedFleet(database, city.id);
  const registerMany = (names: readonly string[]): Promise<void> =>
    register(
      database,
      city.id,
      names.map((name) => [name]),
    );

  return {
    service: createRideService(deps),
    database,
    city,
    receiptKey: keys.publicKey,
    committed,
    now: () => nowMs,
    setNow(atMs) {
      nowMs = atMs;
    },
    cab: (name) => cabViewer(city.id, name),
    migration: { ...cabViewer(city.id, "migration"), terminalKind: "migration", vehicleId: null, companyId: null },
    officer: {
      kind: "staff",
      staffId: "s1",
      name: "officer",
      municipality: city.id,
      roles: ["city-officer"],
      companyId: null,
    },
    register: (...cards) => register(database, city.id, [cards]),
    registerMany,
    touch: (rideId, card, more) => ({
      rideId: asId(rideId),
      touchId: asId(`t-${rideId}-${card}`),
      touchedAtMs: nowMs,
      boardedAtMs: nowMs,
      sealedEvidence: evidence(card),
      place: INSIDE,
      companions: [],
      usesChosen: 1,
      ...more,
    }),
    ride: (rideId, riders, more) => rideOf(asId(rideId), riders, nowMs, more),
    restart: (more) => createRideService({ ...deps, ...more }),
  };
}

function rideOf(
  rideId: RideId,
  riders: readonly RiderSubmission[],
  nowMs: number,
  more: Partial<RideSubmission> = {},
): RideSubmission {
  return {
    rideId,
    vehicleId: null,
    boardedAtMs: nowMs - 15 * MINUTE_MS,
    alightedAtMs: nowMs,
    distanceM: 4_200,
    components: [{ kind: "meter", amountMinor: minor(1_500) }],
    riders,
    erasable: {
      salt: new Uint8Array(createHash("sha256").update(rideId).digest()).slice(0, 16),
      boarding: INSIDE,
      alighting: null,
      purpose: null,
    },
    presented: null,
    ...more,
  };
}

/** Cabs are `cab1` … `cab9`; the vehicle has the cab's name with a `v-`. */
function cabViewer(municipality: MunicipalityId, name: string): CabViewer {
  return {
    kind: "terminal",
    terminalId: name as TerminalId,
    municipality,
    terminalKind: "cab",
    companyId: "company" as CompanyId,
    vehicleId: `v-${name}` as VehicleId,
  };
}

async function seedFleet(database: Database, municipality: MunicipalityId): Promise<void> {
  const names = Array.from({ length: 9 }, (_, index) => `v-cab${index + 1}`);
  await database.query("INSERT INTO company VALUES ($1, 'company', 'Company')", [municipality]);
  await database.query(
    "INSERT INTO vehicle (municipality, vehicle_id, company_id, label) SELECT $1, v, 'company', v FROM unnest($2::text[]) v",
    [municipality, names],
  );
}

async function register(
  database: Database,
  municipality: MunicipalityId,
  people: readonly (readonly string[])[],
): Promise<void> {
  await database.query(
    `INSERT INTO entitlement (municipality, entitlement_id, scheme_id, valid_from_day, valid_to_day)
     SELECT $1, e, $3, 0, 40000 FROM unnest($2::text[]) e`,
    [municipality, people.map(([first]) => `e-${first}`), SMALL_VERSION.scheme],
  );
  const cards = people.flatMap((owned) => owned.map((card) => ({ card, owner: `e-${owned[0]}` })));
  await database.query(
    `INSERT INTO credential (municipality, credential_id, entitlement_id, token, key_version)
     SELECT $1, c, e, t, 1 FROM unnest($2::text[], $3::text[], $4::bytea[]) AS x(c, e, t)`,
    [
      municipality,
      cards.map(({ card }) => `c-${card}`),
      cards.map(({ owner }) => owner),
      cards.map(({ card }) => tokenOf(card)),
    ],
  );
}
