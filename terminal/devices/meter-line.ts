import { type MeterLinkEvent, openMeterLink, stepMeterLink } from "#protocol/meter/meter-link.ts";
import type { MeterProfile } from "#protocol/meter/meter-profile.ts";
import type { Every } from "./every.ts";

const TICK_MS = 250;

/** The terminal's end of a line to a meter: bytes in, events out. */
export interface MeterLine {
  /** Bytes that came from the meter. */
  receive(bytes: Uint8Array): void;
  stop(): void;
}

/** Runs the pure link of `protocol/meter/meter-link.ts` on a line of bytes. */
export function openMeterLine(options: {
  readonly profile: MeterProfile;
  readonly clock: () => number;
  readonly every: Every;
  readonly send: (bytes: Uint8Array) => void;
  readonly listener: (event: MeterLinkEvent) => void;
}): MeterLine {
  let link = openMeterLink(options.clock());
  const step = (input: Parameters<typeof stepMeterLink>[2]) => {
    const result = stepMeterLink(options.profile, link, input);
    link = result.link;
    for (const event of result.events) options.listener(event);
    for (const bytes of result.send) options.send(bytes);
  };
  const tick = () => step({ kind: "tick", atMs: options.clock() });
  const stop = options.every(TICK_MS, tick);
  tick();
  return { receive: (bytes) => step({ kind: "bytes", bytes, atMs: options.clock() }), stop };
}
