import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { City } from "#domain/city/city.ts";
import { minor } from "#domain/money/money.ts";
import { createCalendar } from "#domain/time/calendar.ts";
import { dayNumber } from "#domain/time/local.ts";
import { type DocumentSource, parseCity } from "#protocol/documents/city-document.ts";
import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import { zoneOffsetMinutes } from "#protocol/zone-offset.ts";
import type { MeterState } from "#terminal/devices/meter.ts";
import type { OpenAnswer, RecordAnswer, SessionEffect, SessionEvent } from "#terminal/session/events.ts";
import { decideLocally } from "#terminal/session/local-decision.ts";
import {
  type CardKnowledge,
  initialSession,
  type LimitBalance,
  type Ride,
  type SessionRules,
  type SessionState,
  type Standing,
} from "#terminal/session/state.ts";
import { viewOf } from "#terminal/session/view.ts";
import { resume, step } from "#terminal/session-machine.ts";

/** A city of `cities/`, read from its documents. */
export function cityOf(id: string): City {
  const folder = join("cities", id);
  const read = (name: string): DocumentSource => {
    const source = join(folder, name);
    return { source, text: readFileSync(source, "utf8") };
  };
  const schemes = readdirSync(join(folder, "schemes")).map((name) => read(join("schemes", name)));
  return parseCity({ city: read("city.json"), area: read("area.json"), schemes });
}

/** Rules of a session in a city. */
export function rulesOf(city: City): SessionRules {
  const calendar = createCalendar(city.zone, city.fiscalYearStart, zoneOffsetMinutes);
  return { city, calendar, vehicleLabel: "12-34" };
}

/** A weekday in the scheme's present version. */
export const STORY_DAY = dayNumber(2026, 11, 24);

/** Balances of a person: today's and this year's uses left. */
export function usesLeft(year: number, day = 2): readonly LimitBalance[] {
  return [
    { unit: "uses", per: "day", amount: 2, left: day },
    { unit: "uses", per: "fiscal-year", amount: 70, left: year },
  ];
}

/** What the server says about a card that is all right. */
export function covered(year = 52, change: Partial<Standing> = {}): OpenAnswer {
  const standing: Standing = {
    source: "server",
    asOfMs: 0,
    usable: true,
    refusal: null,
    holdId: "hold-1",
    limits: usesLeft(year),
    usableUntil: "2027-03-31",
    capMinor: 1000,
    ...change,
  };
  return { standing, inputError: null };
}

/** A session told as a story: events in, and what the agent would have done kept for looking at. */
export class SessionStory {
  readonly rules: SessionRules;
  readonly effects: SessionEffect[] = [];
  /** The journal as it stands: rides by id, and whether their amounts are confirmed. */
  readonly journal = new Map<string, { ride: Ride; confirmed: boolean; ended: boolean }>();
  state: SessionState;
  nowMs: number;
  #ids = 0;
  #cardNumber = 0;
  /** False: the journal refuses the next confirmation. */
  journalWorks = true;

  constructor(options: { city?: City; minute?: number; online?: boolean } = {}) {
    this.rules = rulesOf(options.city ?? cityOf("maebashi"));
    this.nowMs = this.rules.calendar.instant(STORY_DAY, options.minute ?? 600);
    this.state = initialSession(this.nowMs, { reader: "simulator", meter: "simulator", note: null });
    this.feed({ kind: "reader-ready", name: "reader" });
    this.feed({ kind: "meter-connected" });
    this.meter("vacant");
    this.feed({ kind: "signal", online: options.online ?? true, waiting: 0 });
  }

  get view(): KioskView {
    return viewOf(this.rules, this.state, 1);
  }

  get ride(): Ride {
    if (!this.state.ride) throw new Error("no ride is under way");
    return this.state.ride;
  }

  feed(event: SessionEvent): this {
    const result = step(this.rules, this.state, { atMs: this.nowMs, fresh: this.#fresh(), event });
    this.state = result.state;
    for (const effect of result.effects) this.#perform(effect);
    return this;
  }

  /** The process dies and starts again with what the journal holds. */
  powerCut(): this {
    const open = [...this.journal.values()].filter((entry) => !entry.ended).at(-1)?.ride ?? null;
    const { reader, meter } = { reader: this.state.reader, meter: this.state.meter };
    this.state = initialSession(this.nowMs, { reader: "simulator", meter: "simulator", note: null });
    const result = resume(this.rules, this.state, { ride: open, closed: null, fresh: this.#fresh() });
    this.state = { ...result.state, reader, meter, signal: { online: true, waiting: 0 } };
    for (const effect of result.effects) this.#perform(effect);
    return this;
  }

  #fresh() {
    this.#ids += 1;
    return { rideId: `ride-${this.#ids}`, tag: "7K3", salt: "c2FsdA==", touchId: `touch-${this.#ids}` };
  }

  #perform(effect: SessionEffect): void {
    this.effects.push(effect);
    if (effect.kind === "save")
      this.journal.set(effect.ride.rideId, { ride: effect.ride, confirmed: false, ended: false });
    if (effect.kind === "drop") this.journal.delete(effect.rideId);
    if (effect.kind === "close" || effect.kind === "cancel" || effect.kind === "reverse") {
      const entry = this.journal.get(effect.ride.rideId);
      if (entry) entry.ended = true;
    }
    if (effect.kind !== "confirm") return;
    if (!this.journalWorks) {
      this.feed({ kind: "journal-failed", code: "DISK_FULL" });
      return;
    }
    this.journal.set(effect.ride.rideId, { ride: effect.ride, confirmed: true, ended: false });
    this.feed({ kind: "journalled", rideId: effect.ride.rideId });
  }

  lay(): this {
    this.#cardNumber += 1;
    return this.feed({ kind: "card-laid", cardNumber: this.#cardNumber });
  }

  lift(): this {
    return this.feed({ kind: "card-lifted", cardNumber: this.#cardNumber });
  }

  read(cardTag = "tag-1", known: CardKnowledge = { entry: null, offlineUses: 0 }): this {
    const cardNumber = this.#cardNumber;
    return this.feed({ kind: "card-read", cardNumber, cardTag, sealed: "c2VhbGVk", known });
  }

  unreadable(why: "failed" | "foreign" | "several"): this {
    return this.feed({ kind: "card-unreadable", cardNumber: this.#cardNumber, why });
  }

  opened(answer: OpenAnswer, touch = this.ride.touches.at(-1)): this {
    return this.feed({ kind: "opened", rideId: this.ride.rideId, touchId: touch?.touchId ?? "", answer });
  }

  openFailed(): this {
    const touchId = this.ride.touches.at(-1)?.touchId ?? "";
    return this.feed({ kind: "open-failed", rideId: this.ride.rideId, touchId, failure: "transient" });
  }

  /** Lays, reads and is answered. */
  board(cardTag = "tag-1", answer: OpenAnswer = covered()): this {
    return this.lay().read(cardTag).opened(answer);
  }

  meter(state: MeterState, fareMinor = 0): this {
    const components = fareMinor > 0 ? [{ kind: "meter" as const, amountMinor: minor(fareMinor) }] : [];
    return this.feed({ kind: "meter", reading: { state, components, distanceM: fareMinor > 0 ? 2400 : null } });
  }

  /** The server decides with the same function. */
  recorded(change: Partial<RecordAnswer> = {}): this {
    const decision = decideLocally(this.rules, this.ride, this.ride.usesChosen ?? 1);
    const riderLimits = this.ride.touches.map((touch, index) =>
      (touch.standing?.limits ?? []).map((limit) => ({
        ...limit,
        left: limit.left - (decision.riders[index]?.uses ?? 0),
      })),
    );
    return this.feed({
      kind: "recorded",
      answer: {
        rideId: this.ride.rideId,
        status: decision.riders.some((rider) => rider.granted) ? "RECORDED" : "REFUSED",
        replayed: false,
        rideKey: "key",
        position: 1,
        decision,
        riderLimits,
        errorCode: null,
        ...change,
      },
    });
  }

  intent(intent: KioskIntent): this {
    return this.feed({ kind: "intent", intent });
  }

  act(act: Extract<KioskIntent, { kind: "act" }>["act"]): this {
    return this.intent({ kind: "act", act });
  }

  pass(ms: number): this {
    this.nowMs += ms;
    return this.feed({ kind: "time" });
  }

  network(online: boolean): this {
    return this.feed({ kind: "signal", online, waiting: 0 });
  }

  /** Effects of one kind, in order. */
  done<Kind extends SessionEffect["kind"]>(kind: Kind): readonly Extract<SessionEffect, { kind: Kind }>[] {
    return this.effects.filter((effect): effect is Extract<SessionEffect, { kind: Kind }> => effect.kind === kind);
  }
}
