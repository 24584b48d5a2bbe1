import { assert } from "#domain/assert.ts";
import { minor } from "#domain/money/money.ts";
import type { FareComponent } from "#domain/ride/fare.ts";
import { COMPONENT_KINDS } from "#domain/scheme/scheme.ts";
import { checksumOf, decodeNumber, encodeNumber } from "./meter-number.ts";
import type { MeterField, MeterProfile } from "./meter-profile.ts";
import { type MeterReading, type MeterState, showsFare } from "./meter-reading.ts";

/** One frame between meter and terminal. The meter sends readings; the terminal acknowledges them and may poll. */
export type MeterFrame =
  | { readonly kind: "reading"; readonly sequence: number; readonly reading: MeterReading }
  | { readonly kind: "poll"; readonly sequence: number }
  | { readonly kind: "acknowledge"; readonly sequence: number };

/** What a stream of bytes held: whole frames, the bytes to keep for later, and how many frames were damaged. */
export interface ScannedFrames {
  readonly frames: readonly MeterFrame[];
  readonly rest: Uint8Array;
  readonly garbled: number;
}

const checksumBytes = (profile: MeterProfile): number => (profile.checksum === "xor" ? 1 : 2);
const bodyBytes = (profile: MeterProfile): number => profile.layout.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Bytes of a frame: start, length (type to end of body), type, sequence, body, checksum over length to end of body.
 * A reading that the profile cannot carry (state `off`, an amount between two steps) breaks an invariant of the caller.
 */
export function encodeMeterFrame(profile: MeterProfile, frame: MeterFrame): Uint8Array {
  const body = frame.kind === "reading" ? encodeReading(profile, frame.reading) : [];
  const sequence = encodeNumber(frame.sequence, 1, profile.numbers);
  const covered = Uint8Array.of(2 + body.length, profile.types[frame.kind], ...sequence, ...body);
  return Uint8Array.of(profile.startByte, ...covered, ...checksumOf(covered, profile.checksum));
}

/**
 * Finds frames in the bytes received so far. Zero bytes between frames are padding; after damage the search goes on at
 * the byte after the false start, so that a good frame behind it is found.
 */
export function scanMeterFrames(profile: MeterProfile, received: Uint8Array): ScannedFrames {
  const frames: MeterFrame[] = [];
  let garbled = 0;
  let at = received.indexOf(profile.startByte);
  while (at >= 0) {
    const length = received[at + 1];
    if (length === undefined) break;
    const possible = length === 2 || length === 2 + bodyBytes(profile);
    const end = at + 2 + length + checksumBytes(profile);
    if (possible && end > received.length) break;
    const frame = possible ? decodeFrame(profile, received.subarray(at + 1, end)) : undefined;
    if (frame) frames.push(frame);
    else garbled += 1;
    at = received.indexOf(profile.startByte, frame ? end : at + 1);
  }
  return { frames, rest: at < 0 ? new Uint8Array(0) : received.slice(at), garbled };
}

/** `covered` runs from the length byte to the end of the checksum. */
function decodeFrame(profile: MeterProfile, covered: Uint8Array): MeterFrame | undefined {
  const split = covered.length - checksumBytes(profile);
  const content = covered.subarray(0, split);
  const checksum = checksumOf(content, profile.checksum);
  if (!checksum.every((byte, index) => byte === covered[split + index])) return undefined;
  const sequence = decodeNumber(content.subarray(2, 3), profile.numbers);
  if (sequence === undefined) return undefined;
  const body = content.subarray(3);
  const { types } = profile;
  if (content[1] === types.poll && body.length === 0) return { kind: "poll", sequence };
  if (content[1] === types.acknowledge && body.length === 0) return { kind: "acknowledge", sequence };
  if (content[1] !== types.reading || body.length === 0) return undefined;
  const reading = decodeReading(profile, body);
  return reading && { kind: "reading", sequence, reading };
}

function encodeReading(profile: MeterProfile, reading: MeterReading): number[] {
  assert(reading.state !== "off", "a meter that is off sends nothing");
  const state = profile.states[reading.state];
  return profile.layout.flatMap(({ field, bytes }) => {
    if (field === "state") return [state];
    if (field === "distance") {
      if (reading.distanceM === null) return new Array<number>(bytes).fill(0xff);
      return [...encodeNumber(Math.floor(reading.distanceM / profile.distanceStepM), bytes, profile.numbers)];
    }
    const amount = amountOf(reading.components, field);
    assert(amount % profile.amountStepMinor === 0, `${profile.id} cannot carry ${amount}`);
    return [...encodeNumber(amount / profile.amountStepMinor, bytes, profile.numbers)];
  });
}

function amountOf(components: readonly FareComponent[], kind: MeterField): number {
  return components.reduce((sum, component) => (component.kind === kind ? sum + component.amountMinor : sum), 0);
}

function decodeReading(profile: MeterProfile, body: Uint8Array): MeterReading | undefined {
  const states = Object.keys(profile.states) as Exclude<MeterState, "off">[];
  const amounts = new Map<MeterField, number>();
  let state: Exclude<MeterState, "off"> | undefined;
  let distanceM: number | null = null;
  let at = 0;
  for (const { field, bytes } of profile.layout) {
    const raw = body.subarray(at, at + bytes);
    at += bytes;
    if (field === "state") {
      state = states.find((candidate) => profile.states[candidate] === raw[0]);
      continue;
    }
    if (field === "distance" && raw.every((byte) => byte === 0xff)) continue;
    const value = decodeNumber(raw, profile.numbers);
    if (value === undefined) return undefined;
    if (field === "distance") distanceM = value * profile.distanceStepM;
    else amounts.set(field, value * profile.amountStepMinor);
  }
  return state && { state, distanceM, components: componentsOf(state, amounts) };
}

/** Amounts in the order of COMPONENT_KINDS; zeros are left out, but for the meter's own fare where one stands. */
function componentsOf(state: MeterState, amounts: ReadonlyMap<MeterField, number>): FareComponent[] {
  return COMPONENT_KINDS.flatMap((kind) => {
    const amount = amounts.get(kind) ?? 0;
    return amount > 0 || (kind === "meter" && showsFare(state)) ? [{ kind, amountMinor: minor(amount) }] : [];
  });
}
