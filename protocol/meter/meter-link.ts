import { concatBytes } from "../bytes.ts";
import { encodeMeterFrame, type MeterFrame, scanMeterFrames } from "./meter-frame.ts";
import type { MeterProfile } from "./meter-profile.ts";
import type { MeterReading } from "./meter-reading.ts";

/** Silence after which the terminal asks the meter for its reading. */
export const POLL_AFTER_MS = 1000;
/** Silence after which the meter counts as gone. */
export const LOST_AFTER_MS = 3000;

/** The terminal's end of the link, as a value. */
export interface MeterLink {
  readonly rest: Uint8Array;
  readonly lastSequence: number | null;
  readonly lastReading: MeterReading | null;
  readonly heardAtMs: number;
  readonly polledAtMs: number;
  /** Null until the meter was heard or silence has lasted long enough to call it absent. */
  readonly present: boolean | null;
  /** Counts for diagnosis: readings that never arrived, readings that came again (answers to polls too), damaged frames. */
  readonly dropped: number;
  readonly repeated: number;
  readonly garbled: number;
}

/** What reaches the link: bytes of the meter, or the passing of time. */
export type MeterLinkInput =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly atMs: number }
  | { readonly kind: "tick"; readonly atMs: number };

/** What the link tells: the meter is there, is gone, or shows something new. */
export type MeterLinkEvent =
  | { readonly kind: "found" }
  | { readonly kind: "lost" }
  | { readonly kind: "reading"; readonly reading: MeterReading };

type ReadingFrame = Extract<MeterFrame, { kind: "reading" }>;

/** What follows from an input: the new state, bytes to send, events to tell. */
export interface MeterLinkStep {
  readonly link: MeterLink;
  readonly send: readonly Uint8Array[];
  readonly events: readonly MeterLinkEvent[];
}

/** A link that has heard nothing yet. The first tick polls. */
export function openMeterLink(atMs: number): MeterLink {
  return {
    rest: new Uint8Array(0),
    lastSequence: null,
    lastReading: null,
    heardAtMs: atMs,
    polledAtMs: atMs - POLL_AFTER_MS,
    present: null,
    dropped: 0,
    repeated: 0,
    garbled: 0,
  };
}

/**
 * The next state of the link. A reading is whole in itself, so a dropped one is only counted; a repeated one (same
 * sequence, because our acknowledgement was lost) is acknowledged again and not told twice; after a damaged frame the
 * meter is polled at once.
 */
export function stepMeterLink(profile: MeterProfile, link: MeterLink, input: MeterLinkInput): MeterLinkStep {
  return input.kind === "bytes" ? receive(profile, link, input) : tick(profile, link, input.atMs);
}

function receive(profile: MeterProfile, link: MeterLink, input: { bytes: Uint8Array; atMs: number }): MeterLinkStep {
  const { frames, rest, garbled } = scanMeterFrames(profile, concatBytes(link.rest, input.bytes));
  const send: Uint8Array[] = [];
  const events: MeterLinkEvent[] = [];
  let next: MeterLink = { ...link, rest, garbled: link.garbled + garbled };
  for (const frame of frames) {
    if (frame.kind !== "reading") continue;
    send.push(encodeMeterFrame(profile, { kind: "acknowledge", sequence: frame.sequence }));
    if (!next.present) events.push({ kind: "found" });
    if (isRepeated(next, frame)) next = { ...next, repeated: next.repeated + 1 };
    else events.push({ kind: "reading", reading: frame.reading });
    next = { ...next, ...heard(profile, next, frame), heardAtMs: input.atMs, present: true };
  }
  if (garbled > 0) {
    send.push(poll(profile, next));
    next = { ...next, polledAtMs: input.atMs };
  }
  return { link: next, send, events };
}

/** A meter that was switched off and on may reuse the number: the content decides too. */
function isRepeated(link: MeterLink, frame: ReadingFrame): boolean {
  if (!link.present || frame.sequence !== link.lastSequence) return false;
  return JSON.stringify(frame.reading) === JSON.stringify(link.lastReading);
}

function heard(profile: MeterProfile, link: MeterLink, frame: ReadingFrame) {
  const step =
    link.lastSequence === null ? 1 : (frame.sequence - link.lastSequence + profile.sequences) % profile.sequences;
  // More than half the circle is a meter that began anew, not a gap.
  const dropped = step > 1 && step <= profile.sequences / 2 ? step - 1 : 0;
  return { lastSequence: frame.sequence, lastReading: frame.reading, dropped: link.dropped + dropped };
}

function tick(profile: MeterProfile, link: MeterLink, atMs: number): MeterLinkStep {
  const silentMs = atMs - link.heardAtMs;
  const lost = link.present !== false && silentMs >= LOST_AFTER_MS;
  const lastSignMs = link.present ? Math.max(link.polledAtMs, link.heardAtMs) : link.polledAtMs;
  const ask = atMs - lastSignMs >= POLL_AFTER_MS;
  // What is left of a broken frame must not swallow the answer to the poll.
  const next: MeterLink = {
    ...link,
    present: lost ? false : link.present,
    polledAtMs: ask ? atMs : link.polledAtMs,
    rest: ask ? new Uint8Array(0) : link.rest,
    garbled: link.garbled + (ask && link.rest.length > 0 ? 1 : 0),
  };
  return { link: next, send: ask ? [poll(profile, link)] : [], events: lost ? [{ kind: "lost" }] : [] };
}

function poll(profile: MeterProfile, link: MeterLink): Uint8Array {
  return encodeMeterFrame(profile, { kind: "poll", sequence: link.lastSequence ?? 0 });
}
