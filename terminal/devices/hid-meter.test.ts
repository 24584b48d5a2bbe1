import { describe, expect, it } from "vitest";
import { BCD_METER, BINARY_METER, type MeterProfile } from "#protocol/meter/meter-profile.ts";
import { createMeterDevice } from "#simulators/meter/meter-device.ts";
import { meterPortContract } from "#tests/contracts/meter-port.ts";
import { createHandClock } from "#tests/kit/hand-clock.ts";
import { HidError, type OpenHid, openNodeHid } from "./hid-door.ts";
import { createHidMeter, RECONNECT_MS } from "./hid-meter.ts";
import type { MeterEvent } from "./meter.ts";

/** A USB socket with a simulated meter: frames travel in whole, padded reports, as hidraw hands them over. */
function socket(profile: MeterProfile) {
  const clock = createHandClock();
  const size = profile.usb.reportBytes;
  let present = true;
  let stuck = false;
  let opened = 0;
  let handlers: Parameters<OpenHid>[1] | null = null;
  const device = createMeterDevice({
    profile,
    every: clock.every,
    send(frame) {
      const report = new Uint8Array(size);
      report.set(frame);
      queueMicrotask(() => handlers?.onReport(report));
    },
  });
  const open: OpenHid = async (usb, events) => {
    expect(usb).toEqual(profile.usb);
    if (!present) throw new HidError("DEVICE_MISSING", "no meter is connected");
    opened += 1;
    handlers = events;
    return {
      async write(report) {
        expect(report).toHaveLength(size);
        if (stuck) throw new HidError("BROKEN", "the meter takes no report");
        device.receive(report);
      },
      async close() {
        handlers = null;
      },
    };
  };
  return {
    clock,
    device,
    open,
    opened: () => opened,
    jam: () => {
      stuck = true;
    },
    pull() {
      present = false;
      const pulled = handlers;
      handlers = null;
      pulled?.onGone("could not read from HID device");
    },
    insert() {
      present = true;
      stuck = false;
    },
  };
}

for (const profile of [BCD_METER, BINARY_METER]) {
  meterPortContract(`HID, ${profile.id}`, () => {
    const usb = socket(profile);
    return {
      port: createHidMeter({ profile, clock: usb.clock.now, every: usb.clock.every, open: usb.open }),
      bring(state, fareMinor) {
        usb.device.setFare(fareMinor);
        usb.device.setState(state);
      },
      settle: () => usb.clock.pass(300),
      async unplug() {
        usb.pull();
        await usb.clock.pass(100);
      },
      async plug() {
        usb.insert();
        await usb.clock.pass(RECONNECT_MS + 200);
      },
    };
  });
}

describe("HID meter", () => {
  const running = (profile = BINARY_METER) => {
    const usb = socket(profile);
    const port = createHidMeter({ profile, clock: usb.clock.now, every: usb.clock.every, open: usb.open });
    const events: MeterEvent[] = [];
    return { ...usb, port, events, start: () => port.start((event) => events.push(event)) };
  };

  it("says once why there is none and finds it when it is plugged in", async () => {
    const { clock, events, insert, port, pull, start } = running();
    pull();
    start();
    await clock.pass(5 * RECONNECT_MS);
    expect(events).toEqual([{ kind: "disconnected", reason: "no meter is connected" }]);
    insert();
    await clock.pass(RECONNECT_MS + 200);
    expect(events.slice(1).map((event) => event.kind)).toEqual(["connected", "reading"]);
    await port.close();
  });

  it("comes back after a write that failed", async () => {
    const { clock, events, insert, jam, port, start, opened } = running();
    start();
    await clock.pass(200);
    jam();
    await clock.pass(1500);
    expect(events.at(-1)).toEqual({ kind: "disconnected", reason: "the meter takes no report" });
    insert();
    await clock.pass(RECONNECT_MS + 200);
    expect(events.at(-1)).toMatchObject({ kind: "reading" });
    expect(opened()).toBeGreaterThan(1);
    await port.close();
  });

  it("says that a meter which is connected does not answer", async () => {
    const { clock, device, events, port, start } = running();
    start();
    await clock.pass(200);
    device.setState("off");
    await clock.pass(4000);
    expect(events.at(-1)).toEqual({ kind: "disconnected", reason: "the meter does not answer" });
    await port.close();
  });

  it("closes a device that opens too late", async () => {
    let closed = 0;
    const clock = createHandClock();
    const open: OpenHid = async () => {
      await Promise.resolve();
      return { write: async () => undefined, close: async () => void closed++ };
    };
    const port = createHidMeter({ profile: BCD_METER, clock: clock.now, every: clock.every, open });
    port.start(() => undefined);
    await port.close();
    expect(closed).toBe(1);
  });
});

it("without the real device, node-hid says clearly what is missing", async () => {
  const usb = { vendorId: 0x1209, productId: 0x0001 };
  const opening = openNodeHid(usb, { onReport: () => undefined, onGone: () => undefined });
  await expect(opening).rejects.toThrow(/no meter 1209:0001 is connected|node-hid is not installed/);
  await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/^(DEVICE|MODULE)_MISSING$/) });
});
