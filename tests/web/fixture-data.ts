import { decideRide } from "#domain/decision/decide.ts";
import type { RideDecision } from "#domain/decision/decision.ts";
import { asId, type EntitlementId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { SchemeVersion } from "#domain/scheme/scheme.ts";
import { postingsOf } from "#domain/settlement/postings.ts";
import { localMoment } from "#domain/time/local.ts";
import type { DemoState } from "#protocol/demo/control.ts";
import type { FreeTaxis, LedgerLine, RideLine } from "#protocol/stream/events.ts";
import type { CityInfo } from "#web/api/queries.ts";
import type { FeedSnapshot } from "#web/live/feed-state.ts";

/** Everything a {@link startFixtureServer} shows. */
export interface Fixture {
  readonly citiesDir: string;
  readonly webRoot: string;
  readonly cities: readonly CityInfo[];
  readonly addresses: { readonly municipality: string; readonly companyId: string };
  readonly position: number;
  readonly snapshots: Readonly<Record<"company" | "ledger" | "picture", FeedSnapshot>>;
  readonly taxis: FreeTaxis;
  readonly demoState: DemoState;
  readonly bookTotals: Readonly<Record<string, number>>;
  readonly quarantine: readonly unknown[];
  readonly companyDay: unknown;
}

/** A small generator of numbers, the same at every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const TAG = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

interface RideOptions {
  readonly version: SchemeVersion;
  readonly position: number;
  readonly boardedAt: number;
  readonly next: (below: number) => number;
}

/** One decided ride as the stream would carry it, with its ledger entry. */
function rideOf({ version, position, boardedAt, next }: RideOptions): { line: RideLine; entry: LedgerLine } {
  const fare = 600 + 100 * next(24);
  const shared = next(9) === 0;
  const late = next(14) === 0;
  const discount = next(7) === 0 ? Math.round(fare / 100) * 10 : 0;
  const at = localMoment(20_781, late ? 1085 : 600, { month: 4, day: 1 });
  const components = [
    { kind: "meter" as const, amountMinor: minor(fare) },
    ...(discount > 0 ? [{ kind: "company-discount" as const, amountMinor: minor(discount) }] : []),
  ];
  const rider = (name: string) => ({
    entitlement: asId<EntitlementId>(name),
    validFromDay: 0,
    validToDay: 99_999,
    card: "good" as const,
    assurance: "identified" as const,
    used: version.limits.map(() => 0),
    usesChosen: next(12) === 0 ? 2 : 1,
  });
  const decision: RideDecision = decideRide(version, {
    boarding: at,
    alighting: at,
    boardingInArea: true,
    alightingInArea: true,
    components,
    riders: shared ? [rider("a"), rider("b")] : [rider("a")],
  });
  const refusal = decision.riders.every((each) => !each.granted) ? (decision.riders[0]?.refusal ?? null) : null;
  const uses = decision.riders.reduce((sum, each) => sum + each.uses, 0);
  const steps = decision.steps.map((step) => ({ ...step, parameters: { ...step.parameters } }));
  const tag = [0, 1, 2].map(() => TAG[next(32)]).join("");
  const key = `cab-${next(80)}:${position}`;
  const postings = postingsOf(decision, components).map((posting) => ({ ...posting }));
  return {
    line: {
      position,
      rideKey: key,
      tag,
      recordedAt: boardedAt + 900_000,
      boardedAt,
      alightedAt: boardedAt + 880_000,
      distanceM: 1200 + next(9000),
      vehicleLabel: String(101 + next(40)),
      companyId: "company-3",
      status: refusal === null ? "RECORDED" : "REFUSED",
      reversed: next(40) === 0,
      fareMinor: decision.fareMinor,
      subsidyMinor: decision.subsidyMinor,
      riderPaysMinor: decision.riderPaysMinor,
      riderCount: decision.riders.length,
      uses,
      refusal,
      schemeVersion: decision.schemeVersion,
      steps,
      components,
    },
    entry: {
      position,
      at: boardedAt + 900_000,
      type: refusal === null ? "ride.recorded" : "ride.refused",
      rideKey: key,
      tag,
      postings,
      balanceMinor: postings.reduce((sum, posting) => sum + posting.amountMinor, 0),
      uses,
      usesLeft: 30 + next(39),
      refusal,
      schemeVersion: decision.schemeVersion,
      steps,
    },
  };
}

/** A day of one company, the ledger's end, and a picture, made from the city's own scheme. */
export function makeFixture(options: {
  readonly citiesDir: string;
  readonly webRoot: string;
  readonly cities: readonly CityInfo[];
  readonly version: SchemeVersion;
  readonly zoneIds: readonly string[];
  readonly center: { readonly latE6: number; readonly lngE6: number };
  readonly rides: number;
  readonly now: number;
}): Fixture {
  const next = numbers(7);
  const { version, now } = options;
  const made = Array.from({ length: options.rides }, (_, index) =>
    rideOf({
      version,
      position: 104_219 - options.rides + index,
      boardedAt: now - 900_000 - Math.round(((options.rides - index) * 16_000_000) / options.rides),
      next,
    }),
  );
  const lines = made.map(({ line }) => line).reverse();
  const sum = (pick: (line: RideLine) => number): number => lines.reduce((total, line) => total + pick(line), 0);
  const totals = {
    rides: lines.filter((line) => line.status === "RECORDED" && !line.reversed).length,
    refused: lines.filter((line) => line.status === "REFUSED").length,
    reversed: lines.filter((line) => line.reversed).length,
    fareMinor: sum((line) => line.fareMinor),
    subsidyMinor: sum((line) => line.subsidyMinor),
    riderPaysMinor: sum((line) => line.riderPaysMinor),
  };
  const entries = made.map(({ entry }) => entry).slice(-60);
  const last = lines[0];
  return {
    citiesDir: options.citiesDir,
    webRoot: options.webRoot,
    cities: options.cities,
    addresses: { municipality: options.cities[0]?.id ?? "", companyId: "company-3" },
    position: 104_218,
    snapshots: {
      company: {
        feed: "company",
        day: "2026-11-24",
        company: { id: "company-3", name: "C交通" },
        totals,
        rides: lines,
      },
      ledger: { feed: "ledger", entries },
      picture: {
        feed: "picture",
        at: now,
        day: "2026-11-24",
        ridesToday: 613,
        refusedToday: 29,
        subsidyTodayMinor: 308_450,
        ridesTotal: 104_218,
        pulses: options.zoneIds.map((zoneId, index) => ({
          zoneId,
          quarterStart: now - (now % 900_000) - 900_000,
          rides: [55, 40, 35, 20, 15, 10, 0][index] ?? null,
        })),
      },
    },
    taxis: {
      at: now,
      taxis: Array.from({ length: 62 }, (_, index) => ({
        taxiKey: `k${index}`,
        latE6: options.center.latE6 + next(90_000) - 45_000,
        lngE6: options.center.lngE6 + next(120_000) - 50_000,
      })),
    },
    demoState: {
      laid: null,
      meter: { state: "vacant", fareMinor: 0 },
      network: "up",
      script: null,
      journal: { confirmed: 4, answered: 4, waiting: 0, subsidyMinor: 2140 },
      lastRide: last ? { tag: last.tag, rideId: String(last.position), synced: true } : null,
      history: { done: 41_250, total: 100_000, finished: false },
      door: { technology: "simulator", note: null },
      now,
    },
    bookTotals: {
      lastPosition: 104_218,
      eventCount: 104_218,
      rides: 101_982,
      decidedSubsidyMinor: 51_240_385,
      postedSubsidyMinor: 51_240_385,
      eventSubsidyMinor: 51_240_385,
      quarantined: 2,
      openHolds: 3,
    },
    quarantine: [
      {
        rideKey: "cab-12:88",
        receivedAt: now - 5_400_000,
        reason: "CARD_STOPPED",
        companyId: "company-3",
        shownSubsidyMinor: 700,
        fareMinor: 1400,
      },
      {
        rideKey: "cab-7:41",
        receivedAt: now - 900_000,
        reason: "TIME_OUT_OF_RANGE",
        companyId: "company-3",
        shownSubsidyMinor: 535,
        fareMinor: 1070,
      },
    ],
    companyDay: {
      day: "2026-11-23",
      company: { id: "company-3", name: "C交通" },
      totals: { ...totals, rides: 0, refused: 0, reversed: 0 },
      rides: [],
    },
  };
}
