import type { Point } from "#domain/geo/point.ts";
import type { DemoCommand, DemoPerson, DemoState } from "#protocol/demo/control.ts";
import type { VehiclePosition } from "#protocol/stream/events.ts";
import type { Agent } from "#terminal/agent.ts";
import type { Journal } from "#terminal/journal/journal.ts";
import type { VirtualCard } from "../card/virtual-card.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import type { CabClock } from "./cab-clock.ts";
import type { CabDoor } from "./cab-door.ts";
import type { CabNetwork } from "./cab-network.ts";
import { type DemoCards, kindNumber, type PastRides } from "./cab-people.ts";
import { createCabRoute } from "./cab-route.ts";
import { type CabHands, playRide, type ScriptPace } from "./cab-script.ts";

/** What the simulated world around the agent is made of. */
export interface CabSimulationParts {
  readonly agent: Agent;
  readonly door: CabDoor;
  readonly meter: VirtualMeter;
  readonly network: CabNetwork;
  readonly clock: CabClock;
  readonly journal: Journal;
  readonly cards: DemoCards;
  readonly past: PastRides;
  /** Places the cab drives between. */
  readonly places: readonly Point[];
  readonly pace: ScriptPace;
  readonly reportPosition: (position: VehiclePosition) => void;
  /** The demo's time, which the evening does not change. */
  readonly baseClock: () => number;
  readonly onChange: () => void;
  readonly observe?: LayObserver;
}

/** Watches cards being laid. */
export interface LayObserver {
  /** The card that is laid now, or one around it. */
  onLay(card: VirtualCard): VirtualCard;
}

/** Passengers, driver and street of the simulated cab. */
export interface CabSimulation {
  state(): DemoState;
  command(command: DemoCommand): Promise<{ ok: boolean; message: string | null }>;
  history(progress: DemoState["history"]): void;
  stop(): void;
}

const POSITION_EVERY_MS = 1_000;
const TIDY_MS = 300;
const PAST_PATIENCE_MS = 8_000;
/** Fares of scripted rides, one after another; multiples of ten as on the meter. */
const FARES_MINOR = [1070, 980, 1340, 760, 1520, 1160, 890] as const;

const DONE = { ok: true, message: null } as const;

/** Starts the world around the agent. */
export function createCabSimulation(parts: CabSimulationParts): CabSimulation {
  const { agent, door, meter, network, clock, journal, cards, onChange } = parts;
  const route = createCabRoute(parts.places, () => performance.now());
  const ending = new AbortController();
  let laid: { readonly person: DemoPerson; readonly card: number } | null = null;
  let script: DemoState["script"] = null;
  let history: DemoState["history"] = { done: 0, total: 0, finished: false };
  let rides = 0;
  const rideOf: Partial<Record<DemoPerson, number>> = {};

  /** Rides of each person are counted over restarts, so that the same one does not come too often a day. */
  function countRide(person: DemoPerson): number {
    const name = `demo-rides/${person}`;
    const count = Number(journal.setting(name) ?? 0);
    journal.set(name, String(count + 1));
    return count;
  }

  const tellPlace = (): void => agent.place(route.place, route.moving);

  async function lay(person: DemoPerson, card: number): Promise<void> {
    if (person === "evening") clock.toEvening();
    else if (!agent.view.rideTag) clock.toPresent();
    if (!agent.view.rideTag) rideOf[person] = countRide(person);
    laid = { person, card };
    onChange();
    const ride = rideOf[person] ?? 0;
    // Early after a first start the earlier rides of this person may still be on their way.
    await withinPatience(parts.past.ready(kindNumber(person, ride)));
    const chosen = await cards.card(person, card, ride);
    await door.lay(parts.observe?.onLay(chosen) ?? chosen);
  }

  async function lift(): Promise<void> {
    laid = null;
    await door.lift();
    onChange();
  }

  const hands: CabHands = {
    view: () => agent.view,
    lay,
    lift,
    press: (intent) => agent.intent(intent),
    async drive(fareMinor, durationMs) {
      const metres = route.depart(durationMs);
      tellPlace();
      await meter.runTo(fareMinor, durationMs, metres);
      route.arrive();
      tellPlace();
    },
    meterPaying: () => meter.setState("paying"),
    meterVacant() {
      meter.setState("vacant");
      agent.intent({ kind: "act", act: "next-passenger" });
    },
    cardsOf: (person) => cards.count(person),
  };

  /** Whatever lies about from earlier goes, so that a scripted ride begins in an empty cab. */
  async function tidy(): Promise<void> {
    route.arrive();
    tellPlace();
    if (laid) await lift();
    const { nextAct, amounts } = agent.view;
    if (amounts && nextAct === "paid") agent.intent({ kind: "act", act: "paid" });
    else agent.intent({ kind: "cancel-ride" });
    meter.setState("vacant");
    agent.intent({ kind: "act", act: "next-passenger" });
    await new Promise((resolve) => setTimeout(resolve, TIDY_MS));
  }

  async function ride(person: DemoPerson, fareMinor: number | undefined) {
    if (script) return { ok: false, message: "A ride is already under way." };
    script = { person, step: "laying" };
    onChange();
    try {
      await tidy();
      const fare = fareMinor ?? FARES_MINOR[rides % FARES_MINOR.length] ?? FARES_MINOR[0];
      rides += 1;
      const stuck = await playRide(hands, {
        person,
        fareMinor: fare,
        pace: parts.pace,
        signal: ending.signal,
        onStep(step) {
          script = { person, step };
          onChange();
        },
      });
      return stuck === null ? DONE : { ok: false, message: stuck };
    } finally {
      script = null;
      if (person === "evening") clock.toPresent();
      onChange();
    }
  }

  /** The next card of a person: the friend's, when the first one is already counted. */
  function nextCard(person: DemoPerson): number {
    const aboard = agent.view.rideTag ? agent.view.riders.length : 0;
    return Math.min(aboard, cards.count(person) - 1);
  }

  function turnMeter(state: DemoState["meter"]["state"], fareMinor: number): void {
    const runs = state === "hired" || state === "premium";
    if (runs && !route.moving) route.depart(60_000);
    if (!runs) route.arrive();
    tellPlace();
    if (state === "off") meter.setState("vacant");
    // The fare stands before the key 支払 is pressed: what is shown then is recorded at once.
    if (state === "paying" && meter.state !== "premium") meter.setState("hired");
    if (state === "paying" && fareMinor > 0) meter.setFare(fareMinor);
    meter.setState(state);
    if (runs && fareMinor > 0) meter.setFare(fareMinor);
  }

  async function command(given: DemoCommand): Promise<{ ok: boolean; message: string | null }> {
    if (given.kind === "network") {
      network.set(given.network === "up");
      // Noticed at once, as a real radio would report it.
      agent.wake();
      return DONE;
    }
    if (given.kind === "ride") return ride(given.person, given.fareMinor);
    if (script) return { ok: false, message: "A scripted ride is under way." };
    if (given.kind === "lay") await lay(given.person, nextCard(given.person));
    else if (given.kind === "lift") await lift();
    else turnMeter(given.state, given.fareMinor);
    return DONE;
  }

  const positions = setInterval(() => {
    tellPlace();
    const free = meter.state === "vacant" && !agent.view.rideTag;
    parts.reportPosition({ at: Math.round(parts.baseClock()), ...route.place, state: free ? "available" : "on_trip" });
  }, POSITION_EVERY_MS);

  return {
    state() {
      const { confirmed, answered, waiting, subsidyMinor } = journal.counts();
      const last = journal.last();
      return {
        laid: laid?.person ?? null,
        meter: { state: meter.state, fareMinor: meter.fareMinor },
        network: network.up ? "up" : "cut",
        script,
        journal: { confirmed, answered, waiting, subsidyMinor },
        lastRide: last ? { tag: last.ride.tag, rideId: last.ride.rideId, synced: last.answeredAtMs !== null } : null,
        history,
        door: { technology: door.reader.technology, reason: door.reason },
        now: Math.round(clock.now()),
      };
    },
    command,
    history(progress) {
      history = progress;
      onChange();
    },
    stop() {
      ending.abort();
      clearInterval(positions);
    },
  };
}

/** Waits for a promise, but not for ever. */
async function withinPatience(promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PAST_PATIENCE_MS);
  });
  await Promise.race([promise, patience]);
  clearTimeout(timer);
}
