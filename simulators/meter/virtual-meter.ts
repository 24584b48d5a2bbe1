import { BINARY_METER, type MeterProfile } from "#protocol/meter/meter-profile.ts";
import { showsFare } from "#protocol/meter/meter-reading.ts";
import { type Every, everyRealTime } from "#terminal/devices/every.ts";
import type { MeterEvent, MeterPort } from "#terminal/devices/meter.ts";
import { type MeterLine, openMeterLine } from "#terminal/devices/meter-line.ts";
import { createMeterDevice, type MeterDevice } from "./meter-device.ts";

const COUNT_MS = 250;

/** What may go wrong with the next frame of the meter. */
export type MeterFault = "drop" | "repeat" | "garble";

/** A simulated meter behind the meter port. It speaks real frames over an in-process line. */
export interface VirtualMeter extends MeterPort, Omit<MeterDevice, "receive" | "stop"> {
  /** Goes to hired and lets the fare grow to `fareMinor` in `durationMs`; resolves when it stands there, or a key ends it. */
  runTo(fareMinor: number, durationMs: number, distanceM?: number): Promise<void>;
  /** The next frame is lost, comes twice or is damaged. */
  disturb(fault: MeterFault): void;
  /** Pulls and puts back the cable. */
  unplug(): void;
  plug(): void;
}

/** A vacant meter, plugged in. `clock` is in milliseconds; `every` is real time unless a test turns it. */
export function createVirtualMeter(options: {
  readonly clock: () => number;
  readonly every?: Every;
  readonly profile?: MeterProfile;
  readonly name?: string;
}): VirtualMeter {
  const { clock, every = everyRealTime, profile = BINARY_METER } = options;
  let plugged = true;
  let fault: MeterFault | null = null;
  let line: MeterLine | null = null;
  let endRun: (() => void) | null = null;

  // A wire takes time: what is sent arrives after the sender is done.
  const carry = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void) => {
    if (plugged) queueMicrotask(() => deliver(bytes));
  };
  const device = createMeterDevice({
    profile,
    every,
    send(bytes) {
      const happening = fault;
      fault = null;
      if (happening === "drop") return;
      const sent = happening === "garble" ? bytes.map((byte, index) => (index === 4 ? byte ^ 0x55 : byte)) : bytes;
      carry(sent, (arrived) => line?.receive(arrived));
      if (happening === "repeat") carry(sent, (arrived) => line?.receive(arrived));
    },
  });
  const setState: MeterDevice["setState"] = (state) => {
    endRun?.();
    device.setState(state);
  };
  return {
    technology: "simulator",
    get state() {
      return device.state;
    },
    get fareMinor() {
      return device.fareMinor;
    },
    setState,
    setFare: device.setFare,
    setComponent: device.setComponent,
    setDistance: device.setDistance,
    runTo(fareMinor, durationMs, distanceM = 0) {
      if (!showsFare(device.state) || device.state === "paying") setState("hired");
      endRun?.();
      const startedAtMs = clock();
      const from = device.fareMinor;
      return new Promise((resolve) => {
        const stop = every(COUNT_MS, count);
        endRun = () => {
          stop();
          endRun = null;
          resolve();
        };
        function count(): void {
          const share = durationMs > 0 ? Math.min(1, (clock() - startedAtMs) / durationMs) : 1;
          device.setDistance(Math.round(distanceM * share));
          const step = profile.amountStepMinor;
          device.setFare(share === 1 ? fareMinor : Math.floor((from + (fareMinor - from) * share) / step) * step);
          if (share === 1) endRun?.();
        }
        if (durationMs <= 0) count();
      });
    },
    disturb(next) {
      fault = next;
    },
    unplug() {
      plugged = false;
    },
    plug() {
      plugged = true;
    },
    start(listener) {
      line = openMeterLine({
        profile,
        clock,
        every,
        send: (bytes) => carry(bytes, device.receive),
        listener: (event) => listener(toMeterEvent(event, options.name ?? `virtual meter (${profile.id})`)),
      });
    },
    async close() {
      endRun?.();
      line?.stop();
      line = null;
      device.stop();
    },
  };
}

function toMeterEvent(event: Parameters<Parameters<typeof openMeterLine>[0]["listener"]>[0], name: string): MeterEvent {
  switch (event.kind) {
    case "found":
      return { kind: "connected", name };
    case "lost":
      return { kind: "disconnected", reason: "the meter does not answer" };
    default:
      return event;
  }
}
