import { z } from "zod";

/**
 * Events of the live stream between server, web and terminals (socket.io, namespace `/live`). Names and payloads are
 * defined here once and parsed on receipt. Every feed follows one rule: `join` answers with a snapshot and a cursor,
 * later `feed` messages carry contiguous log positions; after a gap the client joins again with its cursor.
 */

const position = z.int().min(0);
const minor = z.int();

/**
 * What stands between riders, city and company where a passenger was shown something else than the decision: what was
 * shown. `paidMinor` + `fromCityMinor` + `companyBearsMinor` are the fare.
 */
const standing = {
  /** What riders paid. */
  paidMinor: minor,
  /** What the company gets from the city: decided subsidy and what the city bears. */
  fromCityMinor: minor,
  /** Shown beyond the decision and borne by the city, by the company; negative where less was shown. */
  cityBearsMinor: minor,
  companyBearsMinor: minor,
};

/** One ride as money roles see it; same shape as GraphQL's LedgerRide, without places. */
export const rideLine = z.object({
  position,
  rideKey: z.string(),
  tag: z.string(),
  recordedAt: z.int(),
  boardedAt: z.int(),
  alightedAt: z.int(),
  distanceM: z.int().nullable(),
  vehicleLabel: z.string(),
  companyId: z.string(),
  status: z.enum(["RECORDED", "REFUSED", "QUARANTINED"]),
  reversed: z.boolean(),
  fareMinor: minor,
  /** Decided. */
  subsidyMinor: minor,
  /** Decided. */
  riderPaysMinor: minor,
  /** Of a reversed ride: as it stood. */
  ...standing,
  /** A person decided about it. */
  fromQuarantine: z.boolean(),
  riderCount: z.int(),
  uses: z.int(),
  refusal: z.string().nullable(),
  schemeVersion: z.string().nullable(),
  steps: z.array(
    z.object({
      code: z.string(),
      rider: z.int().nullable(),
      amountMinor: minor,
      parameters: z.record(z.string(), z.int()),
      refusal: z.string().nullable(),
    }),
  ),
  components: z.array(z.object({ kind: z.string(), amountMinor: minor })),
});
export type RideLine = z.infer<typeof rideLine>;

/** Sums over rides; money in minor units. */
export const totals = z.object({
  rides: z.int(),
  refused: z.int(),
  reversed: z.int(),
  fareMinor: minor,
  subsidyMinor: minor,
  riderPaysMinor: minor,
  ...standing,
});
export type Totals = z.infer<typeof totals>;

/** Feed `company`: today's rides of one company, newest first in the snapshot, in log order afterwards. */
export const companySnapshot = z.object({
  feed: z.literal("company"),
  day: z.string(),
  company: z.object({ id: z.string(), name: z.string() }),
  totals,
  rides: z.array(rideLine),
});
export type CompanySnapshot = z.infer<typeof companySnapshot>;

/** One entry of the ledger as the city sees it. */
export const ledgerLine = z.object({
  position,
  at: z.int(),
  type: z.string(),
  rideKey: z.string().nullable(),
  tag: z.string().nullable(),
  postings: z.array(z.object({ account: z.string(), amountMinor: minor })),
  balanceMinor: minor,
  uses: z.int(),
  usesLeft: z.int().nullable(),
  refusal: z.string().nullable(),
  schemeVersion: z.string().nullable(),
  steps: rideLine.shape.steps,
});
export type LedgerLine = z.infer<typeof ledgerLine>;

/** Feed `ledger`: the newest entries. */
export const ledgerSnapshot = z.object({ feed: z.literal("ledger"), entries: z.array(ledgerLine) });

/** Feed `picture`: what a planner may see live. Sent whole whenever it changes; it never contains a single ride. */
export const pictureSnapshot = z.object({
  feed: z.literal("picture"),
  at: z.int(),
  day: z.string(),
  ridesToday: z.int(),
  refusedToday: z.int(),
  ridesTotal: z.int(),
  /** What the city pays for the first `subsidyToldRides` rides of the day: moves at quarters, by groups of rides. */
  subsidyToldMinor: minor,
  subsidyToldRides: z.int(),
  /** End of the quarter of its last move; null while it waits for the day's first group. */
  subsidyToldUpTo: z.int().nullable(),
  pulses: z.array(z.object({ zoneId: z.string(), quarterStart: z.int(), rides: z.int().nullable() })),
});
export type PictureSnapshot = z.infer<typeof pictureSnapshot>;

/** Free taxis: telemetry, lossy, latest value only, no vehicle number. `taxiKey` is random per day, for smooth drawing. */
export const freeTaxis = z.object({
  at: z.int(),
  taxis: z.array(z.object({ taxiKey: z.string(), latE6: z.int(), lngE6: z.int() })),
});
export type FreeTaxis = z.infer<typeof freeTaxis>;

/**
 * What screens keep of a feed, newest first: a snapshot and one message of changes hold at most this many entries, of
 * a longer range the newest. Counters and totals are always exact.
 */
export const LEDGER_FEED_KEEPS = 200;
/** Rides of the day that the company's feed holds. */
export const COMPANY_FEED_KEEPS = 2_000;

/** The feeds there are. */
export const FEEDS = ["company", "ledger", "picture"] as const;
export type Feed = (typeof FEEDS)[number];

/** Asks for a feed, from a cursor or from the beginning. */
export const joinRequest = z.object({
  feed: z.enum(FEEDS),
  municipality: z.string().max(64),
  companyId: z.string().max(64).nullable().default(null),
  /** Last position the client has; null asks for a snapshot. */
  cursor: position.nullable().default(null),
});
export type JoinRequest = z.input<typeof joinRequest>;

/** Contiguous changes after a snapshot: everything in (fromPosition, toPosition] that the viewer may see. */
export const feedChanges = z.discriminatedUnion("feed", [
  z.object({
    feed: z.literal("company"),
    fromPosition: position,
    toPosition: position,
    rides: z.array(rideLine),
    totals,
  }),
  z.object({ feed: z.literal("ledger"), fromPosition: position, toPosition: position, entries: z.array(ledgerLine) }),
  z.object({ feed: z.literal("picture"), fromPosition: position, toPosition: position, picture: pictureSnapshot }),
]);
export type FeedChanges = z.infer<typeof feedChanges>;

/** The answer to a join: a snapshot, or what was missed since the cursor. */
export const joinReply = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    cursor: position,
    /** Null when the cursor could be resumed; then `changes` holds what was missed. */
    snapshot: z.discriminatedUnion("feed", [companySnapshot, ledgerSnapshot, pictureSnapshot]).nullable(),
    changes: feedChanges.nullable(),
  }),
  z.object({ ok: z.literal(false), code: z.enum(["NOT_ALLOWED", "BAD_REQUEST", "UNKNOWN_MUNICIPALITY", "BUSY"]) }),
]);
export type JoinReply = z.infer<typeof joinReply>;

/** Vehicle states of MDS 2.0 passenger-services that a cab reports. */
export const VEHICLE_STATES = ["available", "reserved", "on_trip", "stopped", "non_operational"] as const;

/** Position of a cab, sent by its terminal: telemetry, lossy. */
export const vehiclePosition = z.object({
  at: z.int(),
  latE6: z.int().min(-90_000_000).max(90_000_000),
  lngE6: z.int().min(-180_000_000).max(180_000_000),
  state: z.enum(VEHICLE_STATES),
  /** The vehicle, for terminals that report for several (simulated fleets); default: the terminal's own. */
  vehicleId: z.string().max(64).optional(),
});
export type VehiclePosition = z.infer<typeof vehiclePosition>;

/** Sent by screens and terminals. */
export interface ClientToServerEvents {
  join(request: JoinRequest, reply: (reply: JoinReply) => void): void;
  leave(feed: Feed): void;
  /** Accepted from terminals only; several positions at once. */
  positions(batch: readonly VehiclePosition[]): void;
}

/** Sent to screens. */
export interface ServerToClientEvents {
  feed(changes: FeedChanges): void;
  taxis(message: FreeTaxis): void;
  /** The server cannot continue this feed from the client's cursor: join again with null. */
  rejoin(feed: Feed): void;
}

/** The namespace of the live stream. */
export const LIVE_NAMESPACE = "/live";
