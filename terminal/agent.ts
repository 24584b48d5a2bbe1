import { createHash } from "node:crypto";
import type { Point } from "#domain/geo/point.ts";
import { rideTag, rideTagText } from "#domain/ride/ride-tag.ts";
import type { CardChannel } from "#protocol/apdu/card-channel.ts";
import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import { type CardDriver, isReaderGone, readCard } from "./devices/card-driver.ts";
import type { MeterPort } from "./devices/meter.ts";
import type { ReaderEvent, ReaderPort } from "./devices/reader.ts";
import { type CardKeys, cardKeys, ENTRY_LIFE_MS, sealEntry } from "./journal/card-entries.ts";
import { cardSalt } from "./journal/card-salt.ts";
import type { Journal } from "./journal/journal.ts";
import { JournalError } from "./journal/journal-error.ts";
import { type SealingTarget, sealEvidence } from "./seal-evidence.ts";
import type { Fresh, RecordAnswer, SessionEffect, SessionEvent } from "./session/events.ts";
import { nextWakeMs } from "./session/passing-time.ts";
import { initialSession, type SessionRules, type SessionState, type Standing } from "./session/state.ts";
import { viewOf } from "./session/view.ts";
import { resume, step } from "./session-machine.ts";
import type { Uplink } from "./uplink/uplink.ts";
import { UplinkError } from "./uplink/uplink-error.ts";
import { createUploader, type Uploader } from "./uplink/uploader.ts";

/** Longest a ride waits for older things to be said to the server first. */
const FLUSH_MS = 600;
const MEND_EVERY_MS = 5_000;
const SALT_BYTES = 16;
const MAX_TIMER_MS = 60_000;

/** Randomness of the agent. */
export interface AgentIds {
  uuid(): string;
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). */
  fraction(): number;
}

/** What an agent runs on. It reads no environment and no clock but these. */
export interface AgentOptions {
  readonly rules: SessionRules;
  readonly terminalId: string;
  readonly sealing: SealingTarget;
  readonly reader: ReaderPort;
  /** Why this reader is used, e.g. that there is no PC/SC here; shown on the kiosk. */
  readonly readerNote: string | null;
  readonly drivers: readonly CardDriver[];
  readonly meter: MeterPort;
  readonly journal: Journal;
  readonly uplink: Uplink;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly ids: AgentIds;
  readonly onView: (view: KioskView) => void;
  readonly log: (level: "info" | "warn" | "error", message: string, fields?: object) => void;
}

/** The terminal at work: runs the session machine, performs its effects, feeds it one event at a time. */
export interface Agent {
  start(): void;
  readonly view: KioskView;
  intent(intent: KioskIntent): void;
  /** The kiosk painted a view. */
  painted(revision: number): void;
  /** Where the cab is and whether it moves. */
  place(place: Point | null, moving: boolean): void;
  /** The network may be back: no more waiting. */
  wake(): void;
  /** A newer pack: rules and keys from now on. */
  renew(pack: Pick<AgentOptions, "rules" | "sealing">): void;
  stop(): Promise<void>;
}

/** An agent over its devices, journal and uplink. A ride found in the journal is taken up where it was. */
export function createAgent(options: AgentOptions): Agent {
  const { journal, uplink, clock, log } = options;
  let { rules, sealing } = options;
  const salt = cardSalt(journal, options.ids.bytes);
  const queue: SessionEvent[] = [];
  const channels = new Map<number, CardChannel>();
  const keys = new Map<string, CardKeys>();
  const answers = new Map<string, RecordAnswer>();
  /** Entries to be written once the passenger has the answer: nothing that is shown waits for them. */
  const entries: (() => void)[] = [];
  let state: SessionState = initialSession(clock(), {
    reader: options.reader.technology,
    meter: options.meter.technology,
    note: options.readerNote,
  });
  let view = viewOf(rules, state, 1);
  let shown = "";
  let told: { readonly rideId: string; readonly revision: number; readonly done: boolean } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let mending: NodeJS.Timeout | null = null;
  let running = false;
  let stopped = false;
  const uploader: Uploader = createUploader({
    journal,
    uplink,
    clock,
    jitter: options.ids.fraction,
    onState({ online, stopped: refused, waiting }) {
      feed({ kind: "signal", online, waiting });
      feed({ kind: "stopped", stopped: refused });
    },
    onFault: (error) => journalFailed(error),
  });

  function fresh(): Fresh {
    const rideId = options.ids.uuid();
    const digest = createHash("sha256")
      .update(rideTagText(rules.city.id, options.terminalId, rideId))
      .digest();
    const bytes = Buffer.from(options.ids.bytes(SALT_BYTES));
    return { rideId, tag: rideTag(digest), salt: bytes.toString("base64"), touchId: options.ids.uuid() };
  }

  function feed(event: SessionEvent): void {
    if (stopped) return;
    queue.push(event);
    if (running) return;
    running = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const result = step(rules, state, { atMs: clock(), fresh: fresh(), event: next });
        state = result.state;
        perform(result.effects);
      }
    } finally {
      running = false;
    }
    forgetCards();
    publish();
    keepEntries();
    schedule();
  }

  function keepEntries(): void {
    for (let keep = entries.shift(); keep; keep = entries.shift()) {
      try {
        keep();
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        journalFailed(error);
      }
    }
  }

  function publish(): void {
    const next = viewOf(rules, state, view.revision + 1);
    const text = JSON.stringify({ ...next, revision: 0, at: 0 });
    if (text === shown) return;
    shown = text;
    view = next;
    if (view.amounts && state.ride && told?.rideId !== state.ride.rideId) {
      told = { rideId: state.ride.rideId, revision: view.revision, done: false };
    }
    options.onView(view);
  }

  function schedule(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const at = nextWakeMs(state);
    if (at === null || stopped) return;
    const delay = Math.min(MAX_TIMER_MS, Math.max(0, at - clock()));
    timer = setTimeout(() => feed({ kind: "time" }), delay);
  }

  /** Whatever of a card is still in memory goes as soon as its ride is over. */
  function forgetCards(): void {
    for (const touchId of keys.keys()) {
      const current = state.ride?.touches.some((touch) => touch.touchId === touchId) ?? false;
      if (!current) keys.delete(touchId);
    }
  }

  function journalFailed(error: unknown): void {
    const code = error instanceof JournalError ? error.code : "IO";
    log("error", "the journal failed", { code, error: String(error) });
    queue.push({ kind: "journal-failed", code });
    mending ??= setInterval(tryJournal, MEND_EVERY_MS);
    if (!running) feed({ kind: "time" });
  }

  function tryJournal(): void {
    try {
      journal.set("mended", String(clock()));
    } catch {
      return;
    }
    if (mending) clearInterval(mending);
    mending = null;
    feed({ kind: "journal-mended" });
  }

  /** In order; when the journal fails, nothing after it is done. */
  function perform(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      try {
        performOne(effect);
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        journalFailed(error);
        return;
      }
    }
  }

  function performOne(effect: SessionEffect): void {
    switch (effect.kind) {
      case "read-card":
        void readLaid(effect.cardNumber);
        return;
      case "save":
        journal.save(effect.ride, clock());
        return;
      case "drop":
        journal.drop(effect.rideId);
        return;
      case "open":
        void open(effect);
        return;
      case "record":
        void record(effect.ride);
        return;
      case "confirm":
        journal.confirm(effect.ride, clock(), answers.get(effect.ride.rideId) ?? null);
        answers.clear();
        queue.push({ kind: "journalled", rideId: effect.ride.rideId });
        uploader.wake();
        return;
      case "close":
        journal.paid(effect.ride.rideId, clock());
        return;
      case "cancel":
        journal.cancel(effect.ride, effect.reason, clock());
        uploader.wake();
        return;
      case "reverse":
        journal.reverse(effect.ride, effect.reason, effect.atMs);
        uploader.wake();
        return;
      case "keep-entry":
        keepEntry(effect.touchId, effect.standing);
        return;
      case "forget-card":
        keys.delete(effect.touchId);
        return;
      case "note-by-hand":
        log("info", "a ride was written down by hand", { number: journal.noteByHand(effect.ride) });
        return;
      default:
        effect satisfies never;
    }
  }

  async function readLaid(cardNumber: number): Promise<void> {
    const channel = channels.get(cardNumber);
    const touchId = state.card?.touchId;
    if (!channel || !touchId) return;
    try {
      const reading = await readCard(channel, options.drivers);
      if (!reading.ok) {
        log("info", "a card was not read", { code: reading.error.code });
        feed({
          kind: "card-unreadable",
          cardNumber,
          why: reading.error.code === "UNKNOWN_CARD" ? "foreign" : "failed",
        });
        return;
      }
      const { body, kind, assurance } = reading.value;
      const sealed = sealEvidence({ kind, body, assurance, readAtMs: clock() }, sealing);
      const found = cardKeys(body, salt);
      keys.set(touchId, found);
      const known = journal.cards.knownOf(found, clock());
      feed({
        kind: "card-read",
        cardNumber,
        cardTag: found.tag,
        sealed: Buffer.from(sealed).toString("base64"),
        known,
      });
    } catch (error) {
      if (error instanceof JournalError) journalFailed(error);
      else if (!isReaderGone(error)) log("error", "reading a card failed", { error: String(error) });
      feed({ kind: "card-unreadable", cardNumber, why: "failed" });
    } finally {
      channels.delete(cardNumber);
    }
  }

  async function open(effect: Extract<SessionEffect, { kind: "open" }>): Promise<void> {
    const { rideId } = effect.ride;
    const { touchId } = effect.touch;
    try {
      const answer = await uplink.openRide(effect.ride, effect.touch, effect.companions);
      uploader.heard(true);
      feed({ kind: "opened", rideId, touchId, answer });
    } catch (error) {
      const failure = unheard(error);
      feed({ kind: "open-failed", rideId, touchId, failure });
    }
  }

  /** What was given out earlier is said first, so that the server counts in the order of the rides. */
  async function record(ride: SessionState["ride"] & object): Promise<void> {
    try {
      const isInOrder = journal.counts().outbox === 0 || (await uploader.drained(FLUSH_MS));
      // The ride it corrects still holds the use: before that is taken back the server would refuse this one.
      if (!isInOrder && ride.corrects !== null) throw new UplinkError("TIMEOUT", "what it corrects is not said yet");
      const { outcomes, receipt } = await uplink.recordRides([{ ride, presented: false }]);
      uploader.heard(true);
      const answer = outcomes.find((outcome) => outcome.rideId === ride.rideId);
      if (!answer) throw new UplinkError("BAD_ANSWER", "a ride has no outcome");
      if (receipt) journal.keepReceipt(receipt.digest, receipt.body);
      answers.set(ride.rideId, answer);
      feed({ kind: "recorded", answer });
    } catch (error) {
      if (error instanceof JournalError) journalFailed(error);
      feed({ kind: "record-failed", rideId: ride.rideId, failure: unheard(error) });
    }
  }

  function unheard(error: unknown) {
    if (!(error instanceof UplinkError)) {
      log("error", "the uplink failed unexpectedly", { error: String(error) });
      return "ambiguous" as const;
    }
    if (error.kind !== "permanent") uploader.heard(false);
    return error.kind;
  }

  function keepEntry(touchId: string, standing: Standing): void {
    const found = keys.get(touchId);
    if (!found) return;
    keys.delete(touchId);
    const nowMs = clock();
    const times = { nowMs, expiresAtMs: nowMs + ENTRY_LIFE_MS };
    entries.push(() => journal.cards.keep(found.tag, sealEntry(found, standing), times));
  }

  function readerEvent(event: ReaderEvent): void {
    if (event.kind === "ready") feed({ kind: "reader-ready", name: event.name });
    else if (event.kind === "absent") feed({ kind: "reader-absent", reason: event.reason });
    else if (event.kind === "card-lifted") feed({ kind: "card-lifted", cardNumber: event.cardNumber });
    else {
      channels.clear();
      channels.set(event.cardNumber, event.channel);
      feed({ kind: "card-laid", cardNumber: event.cardNumber });
    }
  }

  return {
    start() {
      const found = journal.found();
      const result = resume(rules, state, { ...found, fresh: fresh() });
      state = { ...result.state, signal: { online: false, waiting: journal.counts().waiting } };
      perform(result.effects);
      publish();
      schedule();
      options.reader.start(readerEvent);
      options.meter.start((event) => {
        if (event.kind === "connected") feed({ kind: "meter-connected" });
        else if (event.kind === "disconnected") feed({ kind: "meter-disconnected" });
        else feed({ kind: "meter", reading: event.reading });
      });
      uploader.start();
    },
    get view() {
      return view;
    },
    intent: (intent) => feed({ kind: "intent", intent }),
    painted(revision) {
      if (!told || told.done || revision < told.revision) return;
      try {
        told = { ...told, done: true };
        journal.told(told.rideId, clock());
      } catch (error) {
        journalFailed(error);
      }
    },
    place: (place, moving) => feed({ kind: "place", place, moving }),
    wake: () => uploader.wake(),
    renew(pack) {
      ({ rules, sealing } = pack);
      feed({ kind: "time" });
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      if (mending) clearInterval(mending);
      await Promise.all([options.reader.close(), options.meter.close(), uploader.stop()]);
    },
  };
}
