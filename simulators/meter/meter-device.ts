import { type Minor, minor, ZERO } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import type { ComponentKind } from "#domain/scheme/scheme.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { encodeMeterFrame, scanMeterFrames } from "#protocol/meter/meter-frame.ts";
import type { MeterProfile } from "#protocol/meter/meter-profile.ts";
import { type MeterReading, type MeterState, showsFare } from "#protocol/meter/meter-reading.ts";
import type { Every } from "#terminal/devices/every.ts";

/** Keys of the meter: which state may follow which. Paying may go back to hired (復帰) when the key was pressed too early. */
const KEYS: Readonly<Record<MeterState, readonly MeterState[]>> = {
  off: ["vacant"],
  vacant: ["pickup", "hired", "premium", "off"],
  pickup: ["hired", "premium", "vacant"],
  hired: ["premium", "paying"],
  premium: ["hired", "paying"],
  paying: ["vacant", "hired", "premium"],
};

const RESEND_MS = 200;
const TRIES = 3;

/** A simulated meter at the level of bytes: its keys, its display, and the frames it sends. */
export interface MeterDevice {
  readonly state: MeterState;
  readonly fareMinor: Minor;
  /** Presses keys until the state is reached, by the shortest way the keys allow. */
  setState(state: MeterState): void;
  /** What the display shows (or will show once hired). Back to zero when the meter becomes vacant. */
  setFare(fareMinor: number): void;
  /** Another amount beside the fare: pick-up charge, toll, extra, the company's discount. */
  setComponent(kind: Exclude<ComponentKind, "meter">, amountMinor: number): void;
  setDistance(distanceM: number): void;
  /** Bytes from the terminal. */
  receive(bytes: Uint8Array): void;
  stop(): void;
}

/** A meter that is vacant and sends its frames to `send`. */
export function createMeterDevice(options: {
  readonly profile: MeterProfile;
  readonly every: Every;
  readonly send: (bytes: Uint8Array) => void;
}): MeterDevice {
  const { profile, send } = options;
  let state: MeterState = "vacant";
  let fareMinor: Minor = ZERO;
  let distanceM = 0;
  let sequence = 0;
  let triesLeft = 0;
  let rest: Uint8Array = new Uint8Array(0);
  const others = new Map<Exclude<ComponentKind, "meter">, Minor>();

  const reading = (): MeterReading => {
    const components: FareComponent[] = showsFare(state) ? [{ kind: "meter", amountMinor: fareMinor }] : [];
    for (const [kind, amountMinor] of others) components.push({ kind, amountMinor });
    return { state, components, distanceM: showsFare(state) ? distanceM : null };
  };
  const sendReading = () => {
    if (state !== "off") send(encodeMeterFrame(profile, { kind: "reading", sequence, reading: reading() }));
  };
  const changed = () => {
    sequence = (sequence + 1) % profile.sequences;
    triesLeft = TRIES - 1;
    sendReading();
  };
  const press = (next: MeterState) => {
    state = next;
    if (next === "vacant") {
      fareMinor = ZERO;
      distanceM = 0;
      others.clear();
    }
    changed();
  };
  const stop = options.every(RESEND_MS, () => {
    if (triesLeft === 0) return;
    triesLeft -= 1;
    sendReading();
  });

  return {
    get state() {
      return state;
    },
    get fareMinor() {
      return fareMinor;
    },
    setState(next) {
      for (const key of wayTo(state, next)) press(key);
    },
    setFare(amount) {
      fareMinor = minor(amount);
      if (showsFare(state)) changed();
    },
    setComponent(kind, amount) {
      others.set(kind, minor(amount));
      changed();
    },
    setDistance(metres) {
      distanceM = metres;
    },
    receive(bytes) {
      const scanned = scanMeterFrames(profile, concatBytes(rest, bytes));
      rest = scanned.rest;
      for (const frame of scanned.frames) {
        if (frame.kind === "poll") sendReading();
        if (frame.kind === "acknowledge" && frame.sequence === sequence) triesLeft = 0;
      }
    },
    stop,
  };
}

/** Keys to press from one state to another; empty when already there. */
function wayTo(from: MeterState, to: MeterState): readonly MeterState[] {
  const ways: { at: MeterState; keys: MeterState[] }[] = [{ at: from, keys: [] }];
  const seen = new Set([from]);
  for (const way of ways) {
    if (way.at === to) return way.keys;
    for (const key of KEYS[way.at]) {
      if (seen.has(key)) continue;
      seen.add(key);
      ways.push({ at: key, keys: [...way.keys, key] });
    }
  }
  throw new Error(`no keys lead from ${from} to ${to}`);
}
