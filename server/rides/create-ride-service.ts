import type { Viewer } from "#domain/identity/viewer.ts";
import { may, type Permission } from "#domain/identity/viewer.ts";
import type { MunicipalityId, VehicleId } from "#domain/ids.ts";
import { asId, isId } from "#domain/ids.ts";
import { ZERO } from "#domain/money/money.ts";
import { err, ok } from "#domain/result.ts";
import type { Cab } from "#server/fleet/cab-directory.ts";
import { touchNotTaken } from "./batch/decide-open.ts";
import type { PreparedRider, ReadCard, RecordOperation } from "./batch/operation.ts";
import { BatchRunner, EXPIRE_BATCH } from "./batch-runner.ts";
import { spacedHints } from "./commit-hints.ts";
import { Lane } from "./lane.ts";
import { maintainStatistics } from "./maintain-statistics.ts";
import { commitmentOf, factsHashOf, identityOf, prepareOpen, prepareRide, receivedOf } from "./prepare-ride.ts";
import { ReceiptSigner } from "./receipts.ts";
import { createRideContext, type RideContext, rideKeyOf } from "./ride-context.ts";
import {
  AccessError,
  type InputError,
  type RecordedBatch,
  type ReversedRide,
  type RideOutcome,
  type RideService,
  type RideSubmission,
} from "./ride-service.ts";
import { defaultOptions, type RideServiceDeps } from "./ride-service-deps.ts";
import { inputError, instantError, MAX_BATCH, MAX_RIDERS, validateRide, validateTouch } from "./validate-ride.ts";

type TerminalViewer = Extract<Viewer, { kind: "terminal" }>;
/** Who may hand in rides: a stopped terminal too, for a person to judge. */
type SenderViewer = Extract<Viewer, { kind: "terminal" | "stopped-terminal" }>;

/** One municipality at work. */
interface Desk {
  readonly context: RideContext;
  readonly lane: Lane;
  readonly runner: BatchRunner;
}

const MAX_REASON_LENGTH = 500;
const STOPPED = inputError("TERMINAL_STOPPED", "the terminal is stopped; only what a passenger was shown is kept");

/** The write path. One instance serves every municipality of this process. */
export function createRideService(deps: RideServiceDeps): RideService {
  const options = { ...defaultOptions(deps.database.kind), ...deps.options };
  const signer = new ReceiptSigner(deps);
  const onWritten = maintainStatistics(deps.database, deps.log);
  const onCommitted = spacedHints(deps.onCommitted);
  const desks = new Map<MunicipalityId, Desk>();
  for (const [municipality, city] of deps.cities) {
    const context = createRideContext(city);
    const runner = new BatchRunner({ ...deps, options, onCommitted }, context, onWritten);
    desks.set(municipality, { context, runner, lane: new Lane(options, (jobs) => runner.run(jobs)) });
  }
  const deskOf = (municipality: MunicipalityId): Desk => {
    const desk = desks.get(municipality);
    if (!desk) throw new AccessError("UNKNOWN_MUNICIPALITY", "this server does not serve that municipality");
    return desk;
  };
  const recorder = new Recorder(deps);

  return {
    async open(viewer, input) {
      const terminal = requireTerminal(viewer);
      const { context, lane } = deskOf(terminal.municipality);
      const wrong = validateTouch(input, validationContext(deps, context, terminal, new Map()));
      const vehicleId = terminal.vehicleId;
      if (wrong || vehicleId === null) {
        return touchNotTaken(input.touchId, wrong ?? inputError("UNKNOWN_VEHICLE", "the terminal has no vehicle"));
      }
      const card = await recorder.read(terminal.municipality, input.sealedEvidence, input.boardedAtMs);
      if ("code" in card) return touchNotTaken(input.touchId, { ...card, path: "sealedEvidence" });
      const { terminalId, companyId } = terminal;
      const more = { terminalId, companyId, vehicleId, card, newHoldId: asId<PreparedHoldId>(deps.newId()) };
      return submitOne(lane.submit<"open">([prepareOpen(context, input, more)]));
    },

    async record(viewer, rides, onQueued) {
      const terminal = requireSender(viewer);
      const desk = deskOf(terminal.municipality);
      if (rides.length === 0) return notTaken(inputError("EMPTY_BATCH", "a call has at least one ride", "input"));
      if (rides.length > MAX_BATCH) {
        return notTaken(inputError("BATCH_TOO_LARGE", `a call has at most ${MAX_BATCH} rides`, "input"));
      }
      const prepared = await recorder.prepare(desk.context, terminal, rides);
      const answers = desk.lane.submit<"record">(prepared.flatMap((one) => ("kind" in one ? [one] : [])));
      onQueued?.();
      let next = 0;
      const outcomes = await Promise.all(
        prepared.map((one) => ("kind" in one ? (answers[next++] as Promise<RideOutcome>) : one)),
      );
      return {
        outcomes,
        receipt: await signer.receipt(terminal.municipality, terminal.terminalId, outcomes),
        error: null,
      };
    },

    async quote(viewer, ride) {
      const terminal = requireTerminal(viewer);
      const { context, runner } = deskOf(terminal.municipality);
      const [one] = await recorder.prepare(context, terminal, [{ ...ride, presented: null }]);
      if (!one) throw new Error("a ride was neither prepared nor rejected");
      const { decision, error, riderLimits, status } = "kind" in one ? await runner.tryOut(one) : one;
      const taken = inputError("ALREADY_RECORDED", "the id is taken by a ride with other facts", "rideId");
      return { decision, riderLimits, error: status === "CONFLICT" ? taken : error };
    },

    async cancel(viewer, { rideId, reason }) {
      const terminal = requireTerminal(viewer);
      const { context, lane } = deskOf(terminal.municipality);
      if (!isId(rideId)) {
        return { rideId, ok: false, replayed: false, releasedHolds: 0, error: badId("rideId") };
      }
      const identity = identityOf(context, terminal.terminalId, rideId);
      const { vehicleId, companyId } = terminal;
      const cab = vehicleId === null ? null : { vehicleId, companyId };
      return submitOne(lane.submit<"cancel">([{ kind: "cancel", ...identity, cab, reason: shortened(reason) }]));
    },

    async reverse(viewer, { municipality, rideKey, rideId, reason, undoneAtMs: told }) {
      requirePermission(viewer, "ride:reverse", municipality);
      const { context, lane } = deskOf(municipality);
      const key = viewer.kind === "terminal" && rideId !== null ? rideKeyOf(viewer.terminalId, rideId) : rideKey;
      if (key === null || (rideId !== null && !isId(rideId))) return notReversed(badId("rideKey"));
      const nowMs = deps.clock();
      const wrong = told == null ? null : instantError(told, "undoneAt", { ...context, nowMs });
      if (wrong) return notReversed(wrong);
      if (viewer.kind === "terminal" && !key.startsWith(rideKeyOf(viewer.terminalId, ""))) {
        throw new AccessError("FORBIDDEN", "a terminal takes back its own rides only");
      }
      const by = viewer.kind === "staff" ? viewer.staffId : viewer.kind === "terminal" ? viewer.terminalId : "";
      const undoneAtMs = viewer.kind === "terminal" ? (told ?? nowMs) : null;
      const operation = { kind: "reverse", rideKey: key, reason: shortened(reason), by, undoneAtMs } as const;
      return submitOne(lane.submit<"reverse">([operation]));
    },

    async present(viewer, { rideId, presented }) {
      const terminal = requireTerminal(viewer);
      const { context, lane } = deskOf(terminal.municipality);
      if (!isId(rideId)) return { ok: false, replayed: false, differenceMinor: ZERO, error: badId("rideId") };
      const identity = identityOf(context, terminal.terminalId, rideId);
      return submitOne(lane.submit<"present">([{ kind: "present", ...identity, presented }]));
    },

    async resolveQuarantine(viewer, { municipality, rideKey, accept, reason }) {
      requirePermission(viewer, "quarantine:resolve", municipality);
      const { lane } = deskOf(municipality);
      const by = viewer.kind === "staff" ? viewer.staffId : "";
      return submitOne(lane.submit<"resolve">([{ kind: "resolve", rideKey, accept, reason: shortened(reason), by }]));
    },

    async expireHolds(municipality, nowMs) {
      const { runner } = deskOf(municipality);
      let total = 0;
      for (;;) {
        const released = await runner.expire(nowMs);
        total += released;
        if (released < EXPIRE_BATCH) return total;
      }
    },

    async drain() {
      await Promise.all([...desks.values()].map(({ lane }) => lane.drain()));
    },
  };
}

type PreparedHoldId = import("#domain/ids.ts").HoldId;

async function submitOne<T>(answers: readonly Promise<T>[]): Promise<T> {
  return (await answers[0]) as T;
}

function requireTerminal(viewer: Viewer): TerminalViewer {
  if (viewer.kind === "anonymous") throw new AccessError("UNAUTHENTICATED", "rides come from enrolled terminals");
  if (viewer.kind === "stopped-terminal") throw new AccessError("FORBIDDEN", "the terminal is stopped");
  if (viewer.kind !== "terminal" || !may(viewer, "ride:write", viewer.municipality)) {
    throw new AccessError("FORBIDDEN", "rides come from terminals only");
  }
  return viewer;
}

function requireSender(viewer: Viewer): SenderViewer {
  if (viewer.kind !== "stopped-terminal") return requireTerminal(viewer);
  requirePermission(viewer, "ride:hand-in", viewer.municipality);
  return viewer;
}

function requirePermission(viewer: Viewer, permission: Permission, municipality: MunicipalityId): void {
  if (viewer.kind === "anonymous") throw new AccessError("UNAUTHENTICATED", "sign in first");
  if (!may(viewer, permission, municipality)) throw new AccessError("FORBIDDEN", `this needs the right ${permission}`);
}

function badId(path: string): InputError {
  return inputError("BAD_ID", "an id has 1-64 letters, digits or ._:-", path);
}

/** Bounded, and without the one character PostgreSQL's text cannot hold. */
function shortened(reason: string): string {
  return reason.replaceAll("\0", "").slice(0, MAX_REASON_LENGTH);
}

function notTaken(error: InputError): RecordedBatch {
  return { outcomes: [], receipt: null, error };
}

function notReversed(error: InputError): ReversedRide {
  return { ok: false, replayed: false, rideKey: null, position: null, error };
}

function validationContext(
  deps: RideServiceDeps,
  { city, calendar }: RideContext,
  terminal: SenderViewer,
  vehicles: ReadonlyMap<VehicleId, Cab>,
): Parameters<typeof validateRide>[1] {
  return {
    city,
    calendar,
    nowMs: deps.clock(),
    terminalKind: terminal.terminalKind,
    ownVehicleId: terminal.vehicleId,
    isKnownVehicle: (vehicleId) => vehicles.has(vehicleId),
  };
}

/** Turns submissions into operations: validation, cabs, cards, hashes. */
class Recorder {
  readonly #deps: RideServiceDeps;

  constructor(deps: RideServiceDeps) {
    this.#deps = deps;
  }

  /** One operation a ride, or the outcome of a ride that is rejected at once. */
  async prepare(
    context: RideContext,
    terminal: SenderViewer,
    rides: readonly RideSubmission[],
  ): Promise<readonly (RecordOperation | RideOutcome)[]> {
    const vehicles = await this.#vehicles(terminal, rides);
    const validation = validationContext(this.#deps, context, terminal, vehicles);
    return Promise.all(
      rides.map(async (ride) => {
        const wrong = terminal.kind === "stopped-terminal" ? STOPPED : validateRide(ride, validation);
        if (wrong && !ride.presented) return rejected(ride, wrong);
        const vehicleId = ride.vehicleId ?? terminal.vehicleId;
        const cab = vehicleId === null ? null : (vehicles.get(vehicleId) ?? null);
        // Also a ride that cannot be taken keeps who rode, as far as it can be read: a person will have to decide about it.
        const riders = await this.#riders(context, ride.riders.slice(0, MAX_RIDERS), ride.boardedAtMs);
        const unreadable = "code" in riders ? riders : null;
        const error = wrong ?? unreadable ?? (cab ? null : inputError("UNKNOWN_VEHICLE", "unknown", "vehicleId"));
        if (error && !ride.presented) return rejected(ride, error);
        const commitment = commitmentOf(ride.erasable);
        const factsHash = factsHashOf(ride, commitment);
        const operation: RecordOperation = {
          kind: "record",
          ...identityOf(context, terminal.terminalId, ride.rideId, factsHash),
          factsHash,
          commitment,
          erasable: ride.erasable,
          presented: ride.presented,
          ride:
            error || !cab || "code" in riders
              ? err(error ?? inputError("UNKNOWN_VEHICLE", "unknown", "vehicleId"))
              : ok(prepareRide(context, ride, cab, riders)),
          named: "code" in riders ? [] : riders,
          received: receivedOf(ride, cab),
        };
        return operation;
      }),
    );
  }

  /** Cabs by vehicle. A cab's terminal knows its own; a migration terminal's are looked up. */
  async #vehicles(terminal: SenderViewer, rides: readonly RideSubmission[]): Promise<ReadonlyMap<VehicleId, Cab>> {
    const { vehicleId, companyId, municipality } = terminal;
    const own: [VehicleId, Cab][] = vehicleId === null ? [] : [[vehicleId, { vehicleId, companyId }]];
    if (terminal.terminalKind === "cab") return new Map(own);
    const ids = new Set(rides.flatMap((ride) => (ride.vehicleId === null ? [] : [ride.vehicleId])));
    return new Map([...own, ...(await this.#deps.cabs.find(municipality, ids))]);
  }

  async #riders(
    context: RideContext,
    submitted: RideSubmission["riders"],
    atMs: number,
  ): Promise<readonly PreparedRider[] | InputError> {
    const riders: PreparedRider[] = [];
    for (const [index, { reference, usesChosen }] of submitted.entries()) {
      switch (reference.kind) {
        case "hold":
          riders.push({ kind: "hold", holdId: reference.holdId, usesChosen });
          break;
        case "credential":
          riders.push({ kind: "credential", credentialId: reference.credentialId, usesChosen });
          break;
        case "evidence": {
          const card = await this.read(context.city.id, reference.sealed, atMs);
          if ("code" in card) return { ...card, path: `riders.${index}.sealedEvidence` };
          riders.push({ kind: "card", card, usesChosen });
          break;
        }
        case "invalid":
          return inputError("RIDER_REFERENCE", "give exactly one reference", `riders.${index}`);
        default:
          reference satisfies never;
      }
    }
    return riders;
  }

  /** Opens sealed evidence. A card of no trusted authority is a card nobody registered; the rest is unreadable. */
  async read(municipality: MunicipalityId, sealed: Uint8Array, atMs: number): Promise<ReadCard | InputError> {
    const opened = await this.#deps.verifier.open(municipality, sealed, atMs);
    if (opened.ok) {
      const { token, keyVersion, assurance, card } = opened.value;
      return { token: { bytes: token, keyVersion }, assurance, state: card };
    }
    if (opened.error.code === "UNTRUSTED_AUTHORITY" || opened.error.code === "NOT_A_CARD_CERTIFICATE") {
      return { token: null, assurance: "presented", state: "good" };
    }
    return inputError("EVIDENCE_UNREADABLE", opened.error.message);
  }
}

function rejected({ rideId }: RideSubmission, error: InputError): RideOutcome {
  const nothing = { rideKey: null, position: null, decision: null, riderLimits: [] };
  return { rideId, status: "REJECTED", replayed: false, ...nothing, error };
}
