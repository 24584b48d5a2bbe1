import { randomBytes } from "node:crypto";
import { asId, type HoldId } from "#domain/ids.ts";
import { minor } from "#domain/money/money.ts";
import type { RideSubmission } from "#server/rides/ride-service.ts";
import type { Database } from "#server/storage/database.ts";
import { type BenchServer, benchEvidence, CABS, PEOPLE, startBenchServer } from "./bench-server.ts";
import type { LoadRequest, LoadResult } from "./load-client.ts";
import { type LoadProcess, startLoadProcess } from "./load-process.ts";
import { alternate, type Bench, type BenchRow, summarize } from "./measure.ts";

const CALLERS = 32;
const PAIRS = 11;
const RIDES_PER_SLICE = 1_200;
const HISTORY_CALLS = 30;
const BATCH = 500;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TARGET = { postgres: 0.5, pglite: 0.4 } as const;
const HISTORY_TARGET_PER_S = 2_500;

/** What the kiosk's agent asks for: everything it shows. */
const RECORD = `mutation ($input: [RideInput!]!) { recordRides(input: $input) {
  outcomes { rideId status replayed rideKey position
    decision { schemeVersion fareMinor eligibleFareMinor subsidyMinor riderPaysMinor
      riders { granted refusal uses subsidyMinor limits { unit per amount left } }
      steps { code rider amountMinor parameters { name value } refusal } }
    error { code message path } }
  receipt { keyId digest leafIndex treeSize path signature signedAt firstPosition lastPosition } } }`;

/** What a bulk sender asks for: what became of each ride. */
const RECORD_MANY = `mutation ($input: [RideInput!]!) { recordRides(input: $input) { outcomes {
  rideId status replayed rideKey error { code message }
  decision { fareMinor subsidyMinor riders { granted refusal } } } } }`;

/** The write path on one kind of database: history in batches, then one ride a call against an empty mutation. */
export function recordRidesBench(kind: Database["kind"]): Bench {
  return {
    name: `record-rides-${kind}`,
    async run() {
      const server = await startBenchServer(kind);
      const load = startLoadProcess();
      try {
        const stage = new Stage(server, load);
        const history = await stage.history();
        return [history, await stage.oneRideACall()];
      } finally {
        load.stop();
        await server.stop();
      }
    },
  };
}

/** A ride as GraphQL takes it. */
interface WireRide {
  readonly rideId: string;
  readonly [field: string]: unknown;
}

class Stage {
  readonly #server: BenchServer;
  readonly #load: LoadProcess;
  #rides = 0;
  #people = 0;

  constructor(server: BenchServer, load: LoadProcess) {
    this.#server = server;
    this.#load = load;
  }

  /** Rides of the past in batches, as a migration terminal brings them. */
  async history(): Promise<BenchRow> {
    const rates: number[] = [];
    for (let call = 0; call < HISTORY_CALLS; call++) {
      const body = bodyOf(
        Array.from({ length: BATCH }, (_, i) => this.#pastRide(call * BATCH + i)),
        RECORD_MANY,
      );
      const authorization = await this.#server.authorization("migration");
      const result = await this.#run(1, [{ authorization, body }], BATCH);
      rates.push((BATCH / result.elapsedMs) * 1000);
      // Statistics and reopened connections, as after any seeding.
      if (call === 5) await this.#refreshPlans();
    }
    return {
      name: `batches of ${BATCH}, ${this.#server.kind}`,
      sizes: `${HISTORY_CALLS} calls of ${BATCH} rides over HTTP, one caller, ${PEOPLE} people, ${CABS} cabs`,
      unit: "rides/s",
      measured: summarize(rates.slice(HISTORY_CALLS / 3)),
      baseline: null,
      ratio: null,
      target: this.#server.kind === "pglite" ? { atLeast: HISTORY_TARGET_PER_S } : null,
    };
  }

  /** The main row: holds placed before, one ride a call, against the path that does nothing. */
  async oneRideACall(): Promise<BenchRow> {
    await this.#warmUp();
    const compared = await alternate({
      pairs: PAIRS,
      baseline: async () =>
        this.#slice(
          "empty",
          Array.from({ length: RIDES_PER_SLICE }, () => this.#rideOf("empty-0", "none")),
        ),
      measured: async () => this.#slice("cab", await this.#heldRides(RIDES_PER_SLICE)),
    });
    return {
      name: `recordRides, ${this.#server.kind}`,
      sizes: `${PAIRS} pairs of ${RIDES_PER_SLICE} calls of one ride with its hold, ${CALLERS} callers, ${HISTORY_CALLS * BATCH} rides before`,
      unit: "rides/s",
      ...compared,
      target: { atLeast: TARGET[this.#server.kind] },
    };
  }

  /** First calls of both paths; the answer of the real one becomes the answer of the empty one. */
  async #warmUp(): Promise<void> {
    const [ride] = await this.#heldRides(1);
    if (!ride) throw new Error("no ride");
    const real = await this.#server.opener.record(this.#server.viewer(ride.terminalId), [submissionOf(ride.wire)]);
    this.#server.setEmptyAnswer(1, real);
    await this.#slice("cab", await this.#heldRides(RIDES_PER_SLICE));
    await this.#slice(
      "empty",
      Array.from({ length: RIDES_PER_SLICE }, () => this.#rideOf("empty-0", "none")),
    );
    await this.#refreshPlans();
  }

  async #refreshPlans(): Promise<void> {
    await this.#server.database.query("ANALYZE");
    await this.#server.database.reopen();
  }

  /** Rides per second of one slice of calls. */
  async #slice(path: "cab" | "empty", rides: readonly HeldRide[]): Promise<number> {
    const requests = await Promise.all(
      rides.map(async ({ terminalId, wire }, index): Promise<LoadRequest> => {
        const terminal = path === "empty" ? `empty-${index % CABS}` : terminalId;
        return { authorization: await this.#server.authorization(terminal), body: bodyOf([wire]) };
      }),
    );
    const result = await this.#run(CALLERS, requests, requests.length);
    return (requests.length / result.elapsedMs) * 1000;
  }

  async #run(callers: number, requests: readonly LoadRequest[], rides: number): Promise<LoadResult> {
    const result = await this.#load.run({ port: this.#server.port, callers, requests });
    const done = (result.statuses.RECORDED ?? 0) + (result.statuses.REFUSED ?? 0);
    if (result.notOk > 0 || done !== rides) {
      throw new Error(`the load went wrong: ${JSON.stringify(result.statuses)} ${result.lastBody.slice(0, 500)}`);
    }
    return result;
  }

  /** Rides whose uses are held by a touch of a person who has not ridden yet. */
  async #heldRides(count: number): Promise<readonly HeldRide[]> {
    const made: Promise<HeldRide>[] = [];
    for (let i = 0; i < count; i++) made.push(this.#heldRide());
    return Promise.all(made);
  }

  async #heldRide(): Promise<HeldRide> {
    const person = this.#people++ % PEOPLE;
    const number = this.#rides;
    const { terminalId, wire } = this.#rideOf(`cab-${number % CABS}`, "pending");
    const opened = await this.#server.opener.open(this.#server.viewer(terminalId), {
      rideId: asId(wire.rideId),
      touchId: asId(`t-${wire.rideId}`),
      touchedAtMs: wire.boardedAt as number,
      boardedAtMs: wire.boardedAt as number,
      sealedEvidence: benchEvidence(person),
      place: null,
      companions: [],
      usesChosen: 1,
    });
    if (!opened.holdId) throw new Error(`no hold: ${JSON.stringify(opened)}`);
    return { terminalId, wire: { ...wire, riders: [{ holdId: opened.holdId }] } };
  }

  /** The next ride: cabs take turns, each drives three rides an hour in the hours of the scheme. */
  #rideOf(terminalId: string, holdId: string): HeldRide {
    const number = this.#rides++;
    const ofCab = Math.floor(number / CABS);
    const day = Math.floor(ofCab / 27);
    const boardedAt = this.#server.now() - 9 * 60 * MINUTE_MS - day * DAY_MS + (ofCab % 27) * 20 * MINUTE_MS;
    return { terminalId, wire: wireRide(`r-${number}`, boardedAt, { riders: [{ holdId }] }) };
  }

  #pastRide(number: number): WireRide {
    const ofCab = Math.floor(number / CABS);
    const daysAgo = 30 + Math.floor(ofCab / 27);
    const boardedAt = this.#server.now() - 9 * 60 * MINUTE_MS - daysAgo * DAY_MS + (ofCab % 27) * 20 * MINUTE_MS;
    const riders = [{ credentialId: `c-${(number * 7) % PEOPLE}` }];
    return wireRide(`h-${number}`, boardedAt, { riders, vehicleId: `v-cab-${number % CABS}` });
  }
}

interface HeldRide {
  readonly terminalId: string;
  readonly wire: WireRide;
}

function wireRide(rideId: string, boardedAt: number, more: Readonly<Record<string, unknown>>): WireRide {
  const components = [{ kind: "METER", amountMinor: 600 + (boardedAt % 30) * 100 }];
  const places = {
    boarding: { latE6: 36_389_500, lngE6: 139_063_400 },
    alighting: { latE6: 36_383_000, lngE6: 139_073_000 },
  };
  const erasable = { salt: randomBytes(16).toString("base64"), ...places, purpose: "CARE" };
  return { rideId, boardedAt, alightedAt: boardedAt + 12 * MINUTE_MS, distanceM: 3_400, components, erasable, ...more };
}

function bodyOf(rides: readonly WireRide[], query = RECORD): string {
  return JSON.stringify({ query, variables: { input: rides } });
}

/** The same ride as the use-case takes it. */
function submissionOf(wire: WireRide): RideSubmission {
  const [rider] = wire.riders as readonly { holdId: string }[];
  const [component] = wire.components as readonly { amountMinor: number }[];
  return {
    rideId: asId(wire.rideId),
    vehicleId: null,
    boardedAtMs: wire.boardedAt as number,
    alightedAtMs: wire.alightedAt as number,
    distanceM: wire.distanceM as number,
    components: [{ kind: "meter", amountMinor: minor(component?.amountMinor ?? 0) }],
    riders: [{ reference: { kind: "hold", holdId: asId<HoldId>(rider?.holdId ?? "") }, usesChosen: 1 }],
    erasable: { salt: randomBytes(16), boarding: null, alighting: null, purpose: null },
    presented: null,
  };
}
